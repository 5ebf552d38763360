"""Turns a drafted sentence with `[n]` and `[Fn]` markers into one with citations: for each source the narrowest span."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from models.citations import MARKER
from models.claimed import Claim
from models.claims import claims, folded, quotations, stands_verbatim, unquoted, vocabulary, words
from models.evidence import Citation, Source, Utterance
from models.language import Brief, Sentence
from models.names import named, stem

_LISTED = re.compile(r"[\[【]\s*(F?\d+(?:\s*[,;]\s*F?\d+)*)\s*[\]】]")
_FIGURE_MARK = re.compile(r"\s?\[F(\d{1,3})\]")
_SEGMENT = re.compile(r"\S.*?(?:[.!?…]+(?=\s)|$)", re.DOTALL)
_WIDEST = 8
_Run = tuple[int, int]


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
    """The run of the source's sentences that holds all of `text` that the source has at all.

    Among such runs the one that shares most words with `text`; a further sentence must bring more than one.
    """
    plain = folded(MARKER.sub("", text))
    pieces = list(_pieces(source))
    wanted = {stem(word) for word in words(plain) if len(word) > 3}
    places = _places(plain, pieces, brief)
    runs = [(first, last) for first in range(len(pieces)) for last in range(first, min(first + _WIDEST, len(pieces)))]
    scores = {run: _score(wanted, pieces[run[0] : run[1] + 1]) for run in runs}
    for first, last in sorted(runs, key=scores.__getitem__, reverse=True):
        if all(any(first <= start and end <= last for start, end in where) for where in places):
            return _over(source, pieces[first : last + 1])
    return _over(source, pieces)


@dataclass(frozen=True)
class _Piece:
    """A sentence of an utterance, with its place in the document."""

    said: Utterance
    start: int
    end: int

    @cached_property
    def text(self) -> str:
        return folded(self.said.text[self.start : self.end])

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(stem(word) for word in words(self.text))

    @cached_property
    def words(self) -> frozenset[str]:
        return vocabulary(f"{self.text} ; {folded(self.said.attribution)}")

    @cached_property
    def claims(self) -> list[Claim]:
        return claims(f"{self.text} ; {folded(self.said.attribution)}")


def _pieces(source: Source) -> Iterator[_Piece]:
    for said in source.utterances:
        for match in _SEGMENT.finditer(said.text):
            yield _Piece(said, *match.span())


def _score(wanted: set[str], run: list[_Piece]) -> float:
    shared = wanted.intersection(stem for piece in run for stem in piece.stems)
    return len(shared) - 1.01 * len(run)


def _places(plain: str, pieces: list[_Piece], brief: Brief) -> list[list[_Run]]:
    """For each claim, name and quotation that the source has, the runs of pieces in which it stands."""
    bare = unquoted(plain)
    numbered = list(enumerate(pieces))
    found = [[(n, n) for n, piece in numbered if claim.stands_in(piece.claims)] for claim in claims(bare)]
    found += [[(n, n) for n, piece in numbered if name.casefold() in piece.words] for name in named(bare, brief)]
    found += [_quoted(quotation, pieces) for quotation, _ in quotations(plain)]
    return [where for where in found if where]


def _quoted(quotation: str, pieces: list[_Piece]) -> list[_Run]:
    """The shortest runs of one utterance's pieces that hold the quotation, by where they begin."""
    found: list[_Run] = []
    for first, piece in enumerate(pieces):
        for last in range(first, min(first + _WIDEST, len(pieces))):
            if pieces[last].said is not piece.said:
                break
            if stands_verbatim(quotation, folded(piece.said.text[piece.start : pieces[last].end])):
                found.append((first, last))
                break
    return found


def _over(source: Source, run: list[_Piece]) -> Citation:
    first, last = run[0], run[-1]
    span = (first.said.span[0] + first.start, last.said.span[0] + last.end)
    return Citation(source.document, source.content_hash, (first.said.turn, last.said.turn), span)
