"""Who is said to have said what: the attributions of a sentence, read from its words.

A quotation is attributed before it (`Anna said: "…"`, `According to Anna, "…"`, `Anna Meyer (buyer, 12:04): "…"`) or
behind it (`"…", Anna replied`, `"…" (Anna)`); reported speech has no marks (`Anna said that …`, `Anna: …`, `…, says
Anna`). A first name or a role stands for its bearer.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from models.claims import folded, outer_quotations, unquoted, words
from models.evidence import Utterance
from models.names import ordinary_words

_VERBS = (
    r"sa(?:y|ys|id)|t(?:ells?|old)|asks?|asked|repl(?:y|ies|ied)|answer(?:s|ed)?|respond(?:s|ed)?|add(?:s|ed)?|stat(?:es|ed)"
    r"|not(?:es|ed)|mention(?:s|ed)?|explain(?:s|ed)?|claim(?:s|ed)?|argue[sd]?|insist(?:s|ed)?|stress(?:es|ed)?|warn(?:s|ed)?"
    r"|promise[sd]?|confirm(?:s|ed)?|den(?:y|ies|ied)|agree[sd]?|object(?:s|ed)|suggest(?:s|ed)?|propose[sd]?|report(?:s|ed)"
    r"|remark(?:s|ed)?|admit(?:s|ted)?|announce[sd]?|complain(?:s|ed)?|conclude[sd]?|emphasi[sz]e[sd]?|believe[sd]?|thinks?"
    r"|thought|expect(?:s|ed)?|estimate[sd]?|assure[sd]?|clarif(?:y|ies|ied)|declare[sd]?|indicate[sd]?|observe[sd]?"
    r"|wr(?:ites|ote)|put(?:s)?\s+it|point(?:s|ed)?\s+out"
)
_ACCORDING = r"according\s+to|in\s+the\s+words\s+of|as\s+told\s+by|quoting"
_CLAUSE_END = re.compile(r"[.;!?](?=\s|$)")
_BESIDE = re.compile(r"[\s,.]*(?:-+|\()\s*")


@dataclass(frozen=True, slots=True)
class Attribution:
    """The words that name who speaks, and the characters that say so.

    `behind`: the speech stands before them. `verbatim`: it follows a colon, and reads as the very words.
    """

    names: frozenset[str]
    span: tuple[int, int]
    behind: bool = False
    verbatim: bool = False


@dataclass(frozen=True)
class People:
    """Those who speak in a brief, and how a text names them or somebody else."""

    speakers: tuple[Utterance, ...]

    @cached_property
    def known(self) -> frozenset[str]:
        """Every word of their names and roles."""
        return frozenset().union(*(name_words(said) for said in self.speakers))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """An attribution: groups `subject`, `doer` behind its verb, `source` behind "according to"."""
        known = "|".join(re.escape(word) for word in sorted(self.known, key=len, reverse=True))
        word = rf"(?:\b(?i:{known})\b|\b[A-Z][\w-]*)" if known else r"\b[A-Z][\w-]*"
        who = rf"{word}(?:\s+{word})*"
        return re.compile(
            rf"(?P<subject>{who})(?:,?\s+(?!not\b)[a-z']+){{0,3}}?(?:\s+(?:did|does|do|has|have)(?:n't|\s+not)?)?\s+(?i:{_VERBS})\b"
            rf"|\b(?i:{_VERBS})\s+(?:the\s+)?(?P<doer>{who})|\b(?i:{_ACCORDING})\s+(?:the\s+)?(?P<source>{who})"
        )

    def named_in(self, text: str) -> frozenset[str]:
        """The words of the text that name one of them."""
        return self.known.intersection(_bare(word) for word in words(text))

    def fits(self, names: frozenset[str], said: Utterance) -> bool:
        """Whether the names mean who said this, and nobody else of these people."""
        own = name_words(said)
        return bool(names & own) and not (names - own) & self.known

    def attributions(self, text: str) -> list[Attribution]:
        """Those of a text without quotations, in order: with a verb, with "according to", or a name and a colon first."""
        plain = re.sub(r"\([^()]*\)", lambda aside: " " * len(aside.group()), text)
        label, colon, _ = plain.partition(":")
        found = [self._read(match) for match in self.pattern.finditer(plain)]
        if colon and (names := self._label(label)):
            found.insert(0, Attribution(names, (0, len(label) + 1), verbatim=True))
        return [one for one in found if one.names]

    def quoted(self, text: str) -> Iterator[tuple[str, frozenset[str] | None]]:
        """Each outermost quotation with the names of who is said to speak; None where the sentence names nobody.

        Where somebody is named but not as speaking, those names: whoever speaks must be among them.
        """
        start = 0
        marks = outer_quotations(text)
        ends = [opens for _, (opens, _) in marks[1:]]
        for (quotation, (opens, closes)), end in zip(marks, [*ends, len(text)], strict=False):
            lead, tail = text[start:opens], text[closes:end]
            start = closes
            names = self._before(lead)
            if names is None and (told := self._behind(tail)):
                names, start = told.names, closes + told.span[1]
            yield quotation, names or self.named_in(f"{lead} {tail}") or None

    def _before(self, lead: str) -> frozenset[str] | None:
        clause = _CLAUSE_END.split(lead)[-1]
        if told := [one for one in self.attributions(clause) if not one.behind]:
            return told[-1].names
        label = re.sub(r"\([^()]*\)", "", clause).rstrip()
        return self._label(label[:-1].rsplit(",", 1)[-1]) if label.endswith(":") else None

    def _behind(self, tail: str) -> Attribution | None:
        clause = _CLAUSE_END.split(tail)[0]
        if told := self.attributions(clause):
            return told[0]
        if beside := _BESIDE.match(clause):
            names = self.named_in(" ".join(clause[beside.end() :].split()[:2]))
            return Attribution(names, (0, beside.end())) if names else None
        return None

    def _label(self, label: str) -> frozenset[str] | None:
        """The names before a colon, if they are nothing but the names of one who is known."""
        found = [_bare(word) for word in words(label) if word != "the"]
        return frozenset(found) if found and self.known.issuperset(found) else None

    def _read(self, match: re.Match[str]) -> Attribution:
        who = match["subject"] or match["doer"] or match["source"]
        named = (_bare(word) for word in words(who))
        names = frozenset(word for word in named if word in self.known or word.split("'")[0] not in ordinary_words())
        return Attribution(names, match.span(), behind=match["doer"] is not None)


def name_words(said: Utterance) -> frozenset[str]:
    """The words of a speaker's name and role, in one case."""
    return frozenset(words(folded(f"{said.speaker} {said.role or ''}")))


def reported(text: str, people: People) -> Iterator[tuple[Attribution, tuple[int, int]]]:
    """Each attribution of a sentence with the characters it attributes: up to the next, or those before it."""
    told = people.attributions(unquoted(text))
    for place, one in enumerate(told):
        following = told[place + 1] if place + 1 < len(told) else None
        end = following.span[0] if following and not following.behind else len(text)
        begins = told[place - 1].span[1] if place else 0
        after = _CLAUSE_END.split(text[one.span[1] : end])[0]
        before = not re.search(r"\w", after) or one.behind
        yield one, (begins, one.span[0]) if before else (one.span[1], end)


def speakers(utterances: Iterable[Utterance]) -> People:
    """The people who speak in these utterances, each once."""
    return People(tuple({(said.speaker, said.role): said for said in utterances}.values()))


def _bare(word: str) -> str:
    return word.removesuffix("'s")
