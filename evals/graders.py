"""Checks an answer's citations from the outside: by the ids it shows, against what `GET /v1/sources/{id}` returns.

It shares no code with the check that guards the answers. It is stricter on quotations (every quoted word must stand in
the cited characters, in order, and be of the speaker named before it) and as strict on numbers, names and unseen
characters.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

QUOTED = re.compile(r'"([^"]+)"')
SPEAKER = re.compile(r"^([^\"():]+?)(?: \([^()]*\))?: $")
MARK = re.compile(r"\[(\d+)\]")
NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
NAME = re.compile(r"(?<![.!?:\"]\s)(?<!^)\b[A-Z][a-z]+(?:[-'][A-Z]?[a-z]+)*\b")
SENTENCE_WORDS = frozenset({"The", "This", "Over", "As", "Which", "What", "Gong", "Talk", "Calls"})


@dataclass(frozen=True, slots=True)
class Opened:
    """What a source's id opened: the quoted characters, who spoke them, and all that is around them."""

    quote: str
    around: str
    speakers: frozenset[str] = frozenset()


def opened(source: Mapping[str, Any]) -> Opened:
    """What the API returned for a source, reduced to what the check reads: words, cited speakers, title, date."""
    cited = [turn for turn in source["context"] if turn["cited"]]
    attributions = " ".join(f"{turn['speaker']} {turn['role'] or ''} {turn['at'] or ''}" for turn in cited)
    around = f"{source['title']} {source['held'] or ''} {attributions} {source['quote']}"
    return Opened(source["quote"], around, frozenset(turn["speaker"] for turn in cited))


def faults(
    sentences: Sequence[Mapping[str, Any]], found: Mapping[str, Opened | None], *, question: str = ""
) -> Iterator[str]:
    """What is wrong with the sentences of an answer, as `sentence` events carry them; nothing when all is valid.

    A sentence may repeat numbers of the `question`. `found` has, for each source id, what the API returned for it, or None where it did not open.
    """
    for sentence in sentences:
        for fault in _faults_of(sentence, found, question):
            yield f"{sentence['text']!r}: {fault}"


def _faults_of(sentence: Mapping[str, Any], found: Mapping[str, Opened | None], question: str) -> Iterator[str]:
    text, sources, figures = sentence["text"], sentence["sources"], sentence["figures"]
    shown = {int(number) for number in MARK.findall(QUOTED.sub("", text))}
    if shown != {source["n"] for source in sources}:
        yield f"shows the numbers {sorted(shown)}, carries {[source['n'] for source in sources]}"
    opened_here = [found.get(source["id"]) for source in sources]
    if None in opened_here:
        yield "cites a source that does not open"
        return
    cited = [source for source in opened_here if source is not None]
    if not cited and not figures:
        yield from _claims(text, question)
        return
    yield from _unseen(text, cited)
    yield from _unquoted(text, cited)
    yield from _unsupported(text, cited, figures)


def _claims(text: str, question: str) -> Iterator[str]:
    """A sentence that stands on nothing may not quote, and has no number but those of the question."""
    if QUOTED.search(text) or set(NUMBER.findall(text)) - set(NUMBER.findall(question)):
        yield "quotes or counts without a source"


def _unseen(text: str, cited: Sequence[Opened]) -> Iterator[str]:
    """Controls, changes of direction and the like are shown only where the cited characters have them."""
    for one in sorted({one for one in text if unicodedata.category(one) in ("Cc", "Cf", "Zl", "Zp")}):
        if not any(one in source.quote for source in cited):
            yield f"the character U+{ord(one):04X} stands in no source"


def _unquoted(text: str, cited: Sequence[Opened]) -> Iterator[str]:
    for match in QUOTED.finditer(text):
        quotation, speaker = match.group(1), SPEAKER.search(text, 0, match.start())
        pieces = [_plain(piece) for piece in quotation.split("…")]
        holding = [source for source in cited if _in_order(pieces, _plain(source.quote))]
        if not holding:
            yield f"the words {quotation!r} do not stand in the cited characters"
        elif speaker and not any(speaker.group(1) in source.speakers for source in holding):
            yield f"the words {quotation!r} are not of {speaker.group(1)!r}"


def _unsupported(text: str, cited: Sequence[Opened], figures: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    own = MARK.sub("", QUOTED.sub("", text))
    ground = " ".join([*(source.around for source in cited), *(_figure_ground(figure) for figure in figures)])
    numbers, words = set(NUMBER.findall(ground)), set(re.findall(r"[\w'-]+", ground)) | set(re.findall(r"\w+", ground))
    for number in NUMBER.findall(own):
        if number not in numbers:
            yield f"the number {number} stands in no source"
    for name in NAME.findall(own):
        if name not in words and name not in SENTENCE_WORDS:
            yield f"the name {name!r} stands in no source"


def _figure_ground(figure: Mapping[str, Any]) -> str:
    """What a sentence may say of a figure: its words, its period and, where it changed, what it was, in any rounding."""
    told = [str(figure.get(part) or "") for part in ("metric", "title", "text", "unit", "subject", "period", "as_of")]
    change = figure.get("change")
    if change:
        amounts = (change["before"], change["delta"], 100 * (change["relative"] or 0))
        told += [change["text"], change["against"], *(form for amount in amounts for form in _roundings(amount))]
    return " ".join(told).replace("_", " ")


def _roundings(value: float) -> Iterator[str]:
    """The digits in which a value may be written: whole, in thousands, millions or billions, to two decimals at most."""
    for scale in (1, 1e3, 1e6, 1e9):
        for decimals in range(3):
            written = f"{abs(value) / scale:,.{decimals}f}"
            yield written
            yield written.rstrip("0").rstrip(".") if "." in written else written


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w$%]+", " ", text.casefold()).split())


def _in_order(pieces: Sequence[str], text: str) -> bool:
    place = 0
    for piece in pieces:
        found = text.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    return True
