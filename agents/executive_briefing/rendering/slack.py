"""A briefing as Block Kit blocks.

Everything that comes from data is in elements that Slack does not parse (`plain_text`, and the text elements of
`rich_text`): a name that reads `<!channel>` calls nobody, and a link in a quotation is no link.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from pydantic import JsonValue

from agents.executive_briefing.document import Briefing, Chart, Kpi, Line, Risk, Section, Shape
from agents.executive_briefing.rendering import words
from agents.executive_briefing.rendering.sparklines import sparkline

Block = dict[str, JsonValue]
MOST_BLOCKS, MOST_TEXT, MOST_HEADER = 50, 3000, 150
CUT = "The rest is in the whole briefing."


def slack(briefing: Briefing) -> list[Block]:
    """At most 50 blocks, within Slack's lengths; where more would be needed, the last one says that there is more."""
    blocks = list(_blocks(briefing))
    if len(blocks) <= MOST_BLOCKS:
        return blocks
    return [*blocks[: MOST_BLOCKS - 1], _context(f"{CUT} Its id is {briefing.id}.")]


def notification(briefing: Briefing) -> str:
    """What Slack shows where it shows no blocks, in mrkdwn: the title and the first sentence."""
    first = f": {_told(briefing.headline[0])}" if briefing.headline else ""
    text = _cut(words.title(briefing) + first, MOST_TEXT // 5)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _blocks(briefing: Briefing) -> Iterator[Block]:
    yield _header(words.title(briefing))
    yield _context(" · ".join(words.setting(briefing)))
    if briefing.headline:
        yield from _lists([_sentence(line) for line in briefing.headline], "ordered")
    if briefing.kpis:
        yield _header("Figures")
        yield from _lists([_kpi(kpi, briefing) for kpi in briefing.kpis])
    for section in briefing.sections:
        yield from _section(section)
    yield from _coverage(briefing)
    if briefing.sources:
        yield from _contexts([f"[{one.n}] {words.place(one)}" for one in briefing.sources])


def _section(section: Section) -> Iterator[Block]:
    yield _header(section.heading)
    yield from _lists([_sentence(line) for line in section.lines])
    for chart in section.charts:
        yield from _chart(chart)
    for risk in section.risks:
        yield from _risk(risk)
    if section.note:
        yield _context(words.told(section.note))


def _coverage(briefing: Briefing) -> Iterator[Block]:
    withheld = words.withheld(briefing)
    gaps = [words.told(gap) for gap in (*briefing.coverage.gaps, *([withheld] if withheld else []))]
    yield {"type": "divider"}
    yield from _contexts([_told(line) for line in briefing.coverage.lines] + gaps)


def _kpi(kpi: Kpi, briefing: Briefing) -> list[JsonValue]:
    title = _words(f"{words.opening(kpi.title)}: ")
    if kpi.figure is None:
        return [title, _words(words.told(kpi.gap or "not measured"))]
    before = f"last briefing {words.plain(kpi.since_last)}" if kpi.since_last else ""
    known = (
        words.change(kpi),
        words.against(kpi, briefing),
        before,
        words.plain(kpi.stale or ""),
        sparkline(kpi.trend),
    )
    told = "".join(f" · {part}" for part in known if part)
    return [title, _words(words.plain(kpi.figure.text), bold=True), *([_words(told)] if told else [])]


def _risk(risk: Risk) -> Iterator[Block]:
    owner = f" ({words.plain(risk.owner)})" if risk.owner else ""
    stake = [_words(": "), _words(words.plain(risk.stake.text), bold=True)] if risk.stake else []
    yield _rich([_paragraph([_words(words.plain(risk.name), bold=True), *stake, _words(owner)])])
    yield from _lists([_sentence(line) for line in risk.reasons])


def _chart(chart: Chart) -> Iterator[Block]:
    course = f"  {sparkline(chart.points)}" if chart.shape is Shape.LINE else ""
    told = [_words(words.plain(chart.title), bold=True), _words(f"{course}  {words.told(chart.about)}")]
    yield _rich([_paragraph(told)])


def _sentence(line: Line) -> list[JsonValue]:
    return [_words(piece.text, bold=piece.figure is not None) for piece in words.pieces(line)]


def _told(line: Line) -> str:
    return "".join(piece.text for piece in words.pieces(line))


def _words(text: str, *, bold: bool = False) -> JsonValue:
    return {"type": "text", "text": _cut(text, MOST_TEXT) or " ", **({"style": {"bold": True}} if bold else {})}


def _paragraph(elements: Sequence[JsonValue]) -> JsonValue:
    return {"type": "rich_text_section", "elements": list(elements)}


def _rich(elements: Sequence[JsonValue]) -> Block:
    return {"type": "rich_text", "elements": list(elements)}


def _lists(items: Sequence[list[JsonValue]], style: str = "bullet") -> Iterator[Block]:
    """The items in as few blocks as hold them, the numbers of an ordered list going on from one to the next."""
    starts = [0]
    long = 0
    for n, item in enumerate(items):
        length = len(_said(item))
        if long and long + length > MOST_TEXT:
            starts.append(n)
            long = 0
        long += length
    for start, end in pairwise([*starts, len(items)]):
        entry: Block = {
            "type": "rich_text_list",
            "style": style,
            "elements": [_paragraph(one) for one in items[start:end]],
        }
        if start < end:
            yield _rich([{**entry, **({"offset": start} if start and style == "ordered" else {})}])


def _said(item: Sequence[JsonValue]) -> str:
    return "".join(str(element["text"]) for element in item if isinstance(element, dict))


def _header(text: str) -> Block:
    return {"type": "header", "text": _plain(words.plain(text), MOST_HEADER)}


def _contexts(texts: Sequence[str]) -> Iterator[Block]:
    """A context block holds ten elements."""
    for start in range(0, len(texts), 10):
        shown: list[JsonValue] = [_plain(text, MOST_TEXT) for text in texts[start : start + 10]]
        yield {"type": "context", "elements": shown}


def _context(text: str) -> Block:
    return {"type": "context", "elements": [_plain(words.plain(text), MOST_TEXT)]}


def _plain(text: str, most: int) -> JsonValue:
    return {"type": "plain_text", "text": _cut(text, most) or " ", "emoji": False}


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
