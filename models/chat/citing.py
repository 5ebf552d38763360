"""Turns a drafted sentence with `[n]` and `[Fn]` markers into one with citations: for each source the narrowest span."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from models.citations import MARKER, Evidence
from models.claims import claims, folded, quotations, stands_verbatim, unquoted, words
from models.evidence import Citation, Source
from models.language import Brief, Sentence
from models.names import named, stem

_LISTED = re.compile(r"[\[【]\s*(F?\d+(?:\s*[,;]\s*F?\d+)*)\s*[\]】]")
_FIGURE_MARK = re.compile(r"\s?\[F(\d{1,3})\]")
_SEGMENT = re.compile(r"\S.*?(?:[.!?…]+(?=\s)|$)", re.DOTALL)
_WIDEST = 8


def cited(draft: str, brief: Brief) -> Sentence:
    """The sentence with its citations and figures; a marker that names nothing stays, for the check to find."""
    text = _LISTED.sub(lambda match: "".join(f"[{one.strip()}]" for one in re.split("[,;]", match[1])), draft)
    figures = {int(number) for number in _FIGURE_MARK.findall(text)}
    shown = {int(number) for number in MARKER.findall(text)}
    known = [brief.sources[number - 1] for number in sorted(shown) if 1 <= number <= len(brief.sources)]
    text = _FIGURE_MARK.sub(lambda match: "" if 1 <= int(match[1]) <= len(brief.figures) else match[0], text)
    return Sentence(
        text=text.strip(),
        sources=tuple(narrowest(text, source, brief) for source in known),
        figures=tuple(brief.figures[number - 1] for number in sorted(figures) if 1 <= number <= len(brief.figures)),
    )


def narrowest(text: str, source: Source, brief: Brief) -> Citation:
    """The shortest run of the source's sentences with everything of `text` that the source has at all.

    Among those, the run that shares most words with `text`; a further sentence must bring at least one.
    """
    plain = folded(MARKER.sub("", text))
    pieces = list(_pieces(source))
    needed = _needed(plain, brief, Evidence(Sentence(text, (_over(source, pieces),)), brief))
    wanted = {stem(word) for word in words(plain) if len(word) > 3}
    best, best_score = pieces, float("-inf")
    for first in range(len(pieces)):
        for last in range(first, min(first + _WIDEST, len(pieces))):
            run = pieces[first : last + 1]
            shared = wanted & frozenset().union(*(piece.stems for piece in run))
            score = len(shared) - 1.01 * len(run)
            if score > best_score and needed <= _needed(
                plain, brief, Evidence(Sentence(text, (_over(source, run),)), brief)
            ):
                best, best_score = run, score
    return _over(source, best)


@dataclass(frozen=True)
class _Piece:
    """A sentence of an utterance, with its place in the document."""

    turn: int
    span: tuple[int, int]
    text: str

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(stem(word) for word in words(folded(self.text)))


def _pieces(source: Source) -> Iterator[_Piece]:
    for said in source.utterances:
        for match in _SEGMENT.finditer(said.text):
            start = said.span[0]
            yield _Piece(said.turn, (start + match.start(), start + match.end()), match.group())


def _over(source: Source, run: list[_Piece]) -> Citation:
    return Citation(
        source.document, source.content_hash, (run[0].turn, run[-1].turn), (run[0].span[0], run[-1].span[1])
    )


def _needed(plain: str, brief: Brief, evidence: Evidence) -> set[str]:
    """What of the sentence stands in the evidence: its claims, names and quotations."""
    bare = unquoted(plain)
    found = {claim.text for claim in claims(bare) if claim.stands_in(evidence.claims)}
    found |= {name for name in named(bare, brief) if name.casefold() in evidence.words}
    for quotation, _ in quotations(plain):
        if any(stands_verbatim(quotation, cut) for _, cut in evidence.quoted):
            found.add(quotation)
    return found
