"""Whether words bear what is reported of them: reported speech is held to what its speaker said, clause by clause.

What cannot be decided does not stand: half of the telling words must be the speaker's own, and a clause that denies
needs one that denies. Figures and names are looked up by the citation check itself.
"""

import re

from models.claims import words
from models.names import stem

_DENIALS = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|unable|hardly|refus\w+|den(?:y|ies|ied)|declin\w+"
    r"|reject\w*|\w+n't)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"[,.;:!?]+(?=\s|$)|\s-\s|\b(?:but|because|although|while|whereas|and|so|if|unless)\b", re.IGNORECASE
)
_SMALL = frozenset(
    ["that", "this", "these", "those", "they", "them", "their", "there", "then", "than", "have", "having", "been", "being", "were", "will", "would", "could", "should", "about", "also", "into", "with", "from", "what", "which", "when", "where", "while", "more", "most", "very", "just", "only", "even", "still", "some", "such", "each", "your", "ours", "does", "said", "says", "going", "really", "because"]
)  # fmt: skip
_BORNE = 0.5


def bears(cited: str, said: str) -> bool:
    """Whether the cited words of a speaker bear the reported ones, in their telling words and in what they deny."""
    wanted = _telling(said)
    if not wanted:
        return not denies(said) or denies(cited)
    if len(wanted & _telling(cited)) < _BORNE * len(wanted):
        return False
    clauses = [clause for clause in _CLAUSE.split(cited) if words(clause)]
    return all(_agrees(clause, clauses) for clause in _CLAUSE.split(said) if _telling(clause))


def _agrees(clause: str, cited: list[str]) -> bool:
    """Whether one of the clauses nearest to this one denies as it does."""
    shared = [(len(_telling(clause) & _telling(one)), one) for one in cited]
    most = max((count for count, _ in shared), default=0)
    return any(denies(one) == denies(clause) for count, one in shared if count == most)


def denies(text: str) -> bool:
    """Whether the text denies something: not, never, nobody, refuses."""
    return _DENIALS.search(text) is not None


def _telling(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words(text) if len(word) > 2 and word not in _SMALL and not denies(word))
