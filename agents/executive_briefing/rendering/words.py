"""What every form of a briefing says in the same words: days, who it is for, whether a change is good, which figure is which."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from agents.executive_briefing.document import Briefing, Kpi, Line, Reference, Sense
from agents.executive_briefing.wanted import audiences
from models.evidence import Direction, Figure

ARROWS = {Direction.UP: "▲", Direction.DOWN: "▼", Direction.FLAT: "–"}
SENSES = {Sense.GOOD: "better", Sense.BAD: "worse", Sense.NEUTRAL: ""}

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_JOINERS = "\u200c\u200d"
_DAYS = re.compile(r"(\d{4}-\d\d-\d\d)(?: to (\d{4}-\d\d-\d\d))?")
_QUOTED = re.compile(r"(\"[^\"]*\"|“[^”]*”)")
_CITED = re.compile(r"\[(\d+)\]")


def plain(text: str) -> str:
    """The text on one line, without what cannot be seen. The joiners that emoji and some scripts need stay."""
    spaced = " ".join(text.split())
    return "".join(one for one in spaced if one in _JOINERS or unicodedata.category(one) not in _UNSEEN)


def told(text: str) -> str:
    """The text with its days as people write them: `2026-03-09 to 2026-03-15` becomes `9–15 March 2026`."""
    return _DAYS.sub(_told, plain(text))


def told_around_quotations(text: str) -> str:
    """As `told`, but what stands in quotation marks stays as it is."""
    parts = _QUOTED.split(plain(text))
    return "".join(part if n % 2 else _DAYS.sub(_told, part) for n, part in enumerate(parts))


def opening(text: str) -> str:
    """The text with a capital at its beginning."""
    text = plain(text)
    return text[:1].upper() + text[1:]


def days(first: date, last: date) -> str:
    """`9–15 March 2026`, `23 February – 1 March 2026`, with the year twice where there are two."""
    end = f"{last.day} {last:%B %Y}"
    if first == last:
        return end
    if first.year != last.year:
        return f"{first.day} {first:%B %Y} – {end}"
    return f"{first.day} {first:%B} – {end}" if first.month != last.month else f"{first.day}–{end}"


def _told(found: re.Match[str]) -> str:
    try:
        return days(date.fromisoformat(found[1]), date.fromisoformat(found[2] or found[1]))
    except ValueError:
        return found[0]


def audience(name: str) -> str:
    """`the CEO`: the audience's title; the name of one that there is none of any more."""
    known = audiences().get(name)
    return known.title if known else plain(name)


def title(briefing: Briefing) -> str:
    """`Tallowby, 9–15 March 2026: briefing for the CEO`."""
    return f"{plain(briefing.company)}, {told(briefing.period)}: briefing for {audience(briefing.audience)}"


def setting(briefing: Briefing) -> list[str]:
    """What it is compared with, as of when, the briefing before it, and how secret it is."""
    since = [f"last briefing {days(briefing.since, briefing.since)}"] if briefing.since else []
    return [
        f"Compared with {told(briefing.compared)}",
        f"as of {days(briefing.as_of, briefing.as_of)}",
        *since,
        str(briefing.label),
    ]


def change(kpi: Kpi) -> str:
    """`▲ up 4 % (better)`; nothing where nothing is known to compare with."""
    if kpi.figure is None or kpi.figure.change is None:
        return ""
    meaning = f" ({SENSES[kpi.sense]})" if SENSES[kpi.sense] else ""
    return f"{ARROWS[kpi.figure.change.direction]} {plain(kpi.figure.change.text)}{meaning}"


def against(kpi: Kpi, briefing: Briefing) -> str:
    """`against January 2026`, where that is another period than the one the briefing compares with."""
    if kpi.figure is None or kpi.figure.change is None or kpi.figure.change.against == briefing.compared:
        return ""
    return f"against {told(kpi.figure.change.against)}"


def withheld(briefing: Briefing) -> str | None:
    """How many drafted sentences are missing, where any are."""
    if not briefing.withheld:
        return None
    if briefing.withheld == 1:
        return "1 drafted sentence was withheld: it was not borne out."
    return f"{briefing.withheld} drafted sentences were withheld: they were not borne out."


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence: words, the writing of a figure, or the number of a source."""

    text: str
    figure: Figure | None = None
    cites: int | None = None


def pieces(line: Line) -> Iterator[Piece]:
    """The sentence in stretches, each figure and each citation apart; citations that it does not place stand at its end.

    Its days are told as people write them, except in quotations.
    """
    figures = {plain(figure.text): figure for figure in line.figures}
    written = "|".join(rf"(?<!\w){re.escape(text)}(?!\w)" for text in sorted(figures, key=len, reverse=True) if text)
    splits = re.compile(rf"({written}|{_CITED.pattern})" if written else f"({_CITED.pattern})")
    sentence, end, placed = told_around_quotations(line.text), 0, set()
    for found in splits.finditer(sentence):
        cited = _CITED.fullmatch(found[0])
        if cited and int(cited[1]) not in line.cites:
            continue
        if found.start() > end:
            yield Piece(sentence[end : found.start()])
        yield Piece(found[0], cites=int(cited[1])) if cited else Piece(found[0], figures[found[0]])
        end = found.end()
        placed |= {int(cited[1])} if cited else set()
    if sentence[end:]:
        yield Piece(sentence[end:])
    for n in line.cites:
        if n not in placed:
            yield Piece(" ")
            yield Piece(f"[{n}]", cites=n)


def lines(briefing: Briefing) -> Iterator[Line]:
    """Every sentence, in reading order."""
    yield from briefing.headline
    for section in briefing.sections:
        yield from section.lines
        for risk in section.risks:
            yield from risk.reasons
    yield from briefing.coverage.lines


def figures(briefing: Briefing) -> dict[Figure, int]:
    """Every figure with its number, from 1, in the order in which they are first met."""
    met = [kpi.figure for kpi in briefing.kpis if kpi.figure]
    met += [risk.stake for section in briefing.sections for risk in section.risks if risk.stake]
    met += [figure for line in lines(briefing) for figure in line.figures]
    return {figure: n for n, figure in enumerate(dict.fromkeys(met), 1)}


def binding(figure: Figure) -> str:
    """What the figure is bound to: metric with its parameters, as-of, query hash."""
    asked = "".join(f", {plain(name)}={plain(value)}" for name, value in figure.parameters)
    return f"{plain(figure.metric)}{asked}; as of {told(figure.as_of)}; query {figure.query_hash}"


def measured(figure: Figure) -> str:
    """`pipeline value of Castellan, 9–15 March 2026`."""
    subject = f" of {plain(figure.subject)}" if figure.subject else ""
    return f"{plain(figure.name)}{subject}" + (f", {told(figure.period)}" if figure.period else "")


def place(reference: Reference) -> str:
    """`Castellan renewal, Bev Tarkowski, 4:12, turns 16–18`; of a text that nobody spoke `Decision of 2026-02-17, reason`."""
    first, last = reference.citation.turns
    turns = f"turn {first}" if first == last else f"turns {first}–{last}"
    said = (reference.part,) if reference.part else (reference.speaker, reference.at, turns)
    known = (reference.title, *said)
    return ", ".join(plain(part) for part in known if part)
