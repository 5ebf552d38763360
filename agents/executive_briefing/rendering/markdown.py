"""A briefing as Markdown that reads well where it is shown as it is written, in a terminal, and where it is rendered."""

import re
from collections.abc import Iterator, Sequence
from textwrap import wrap

from agents.executive_briefing.document import Briefing, Chart, Kpi, Line, Risk, Section, Shape
from agents.executive_briefing.rendering import words
from agents.executive_briefing.rendering.sparklines import sparkline
from tools.charts.spec import written

WIDTH = 96
BAR = 24
#: What begins or ends something in Markdown wherever it stands; `_` does so only beside a word.
_ACTIVE = re.compile(r"[\\`*\[\]<>|~]|(?<!\w)_|_(?!\w)|&(?=#?\w+;)|:(?=//)|(?i:(?<=www)\.)")
#: What does so at the beginning of a line; of numbers, only a 1 breaks into a paragraph.
_OPENS = re.compile(r"[-+#=>]|(?P<number>\d{1,9})[.)](?=\s|$)")
_BREAKS_IN = re.compile(r"[-+#=>]|(?P<number>1)[.)](?=\s)")
_ALIGNED = {"left": str.ljust, "right": str.rjust}


def markdown(briefing: Briefing) -> str:
    """The whole briefing. What comes from data is escaped, so that it is read as the words it is."""
    parts = [f"# {_text(words.title(briefing))}", _paragraph(_text(" · ".join(words.setting(briefing))))]
    parts += [_numbered(n, _sentence(line)) for n, line in enumerate(briefing.headline, 1)]
    if briefing.kpis:
        parts += ["## Figures", _table(briefing), *_remarks(briefing)]
    for section in briefing.sections:
        parts += _section(section)
    parts += _coverage(briefing)
    if briefing.sources:
        listed = (_numbered(one.n, f"{_text(words.place(one))}: `{_code(one.source)}`") for one in briefing.sources)
        parts += ["## Sources", "\n".join(listed)]
    if figures := words.figures(briefing):
        notes = (f"**{_text(one.text)}** {_text(words.measured(one))}: {_text(words.binding(one))}" for one in figures)
        parts += ["## Where each figure comes from", "\n".join(map(_bullet, notes))]
    parts.append(_paragraph(_text(f"Briefing {briefing.id}, made {briefing.made_at:%Y-%m-%d %H:%M} UTC")))
    return "\n\n".join(parts) + "\n"


def _section(section: Section) -> Iterator[str]:
    yield f"## {_text(section.heading)}"
    if section.lines:
        yield _sentences(section.lines)
    yield from map(_chart, section.charts)
    yield from map(_risk, section.risks)
    if section.note:
        yield _wrapped(_text(words.told(section.note)), "> ", "> ")


def _risk(risk: Risk) -> str:
    stake = f": **{_text(risk.stake.text)}**" if risk.stake else ""
    owner = f" ({_text(risk.owner)})" if risk.owner else ""
    return "\n\n".join([f"### {_text(risk.name)}{stake}{owner}", *([_sentences(risk.reasons)] if risk.reasons else [])])


def _chart(chart: Chart) -> str:
    """A line as a sparkline and in words, bars as bars."""
    title = f"**{_text(chart.title)}**"
    if chart.shape is Shape.LINE:
        return f"{title} {sparkline(chart.points)}\n\n{_paragraph(_text(words.told(chart.about)))}"
    names = [words.plain(bar.name) for bar in chart.bars]
    wide, most = max(map(len, names), default=0), max((abs(bar.value) for bar in chart.bars), default=0) or 1
    rows = (
        f"    {name:<{wide}}  {'█' * max(1, round(BAR * abs(bar.value) / most))} {written(bar.value, chart.unit)}"
        for name, bar in zip(names, chart.bars, strict=True)
    )
    return "\n\n".join([title, "\n".join(rows)])


def _coverage(briefing: Briefing) -> Iterator[str]:
    yield "## What this rests on"
    withheld = words.withheld(briefing)
    missing = [_text(words.told(gap)) for gap in (*briefing.coverage.gaps, *([withheld] if withheld else []))]
    listed = [*map(_sentence, briefing.coverage.lines), *missing]
    if listed:
        yield "\n".join(map(_bullet, listed))


def _table(briefing: Briefing) -> str:
    """The table of figures, its columns padded so that it is one before it is rendered, too."""
    heads = ["Metric", "Now", f"Against {_text(words.told(briefing.compared))}", "Last briefing", "Course"]
    sides = ["left", "right", "left", "right", "left"]
    rows = [heads, *map(_row, briefing.kpis)]
    if not any(kpi.since_last for kpi in briefing.kpis):
        rows, sides = [[*row[:3], row[4]] for row in rows], [*sides[:3], sides[4]]
    wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rule = [f"{'-' * (width - 1)}{':' if side == 'right' else '-'}" for width, side in zip(wide, sides, strict=True)]
    lines = [
        [_ALIGNED[side](cell, width) for cell, width, side in zip(row, wide, sides, strict=True)]
        for row in rows
    ]  # fmt: skip
    return "\n".join(f"| {' | '.join(line)} |" for line in (lines[0], rule, *lines[1:]))


def _row(kpi: Kpi) -> list[str]:
    now = kpi.figure.text if kpi.figure else "–"
    told = words.change(kpi) if kpi.figure else kpi.gap or "not measured"
    return [*map(_text, (words.opening(kpi.title), now, told, kpi.since_last or "")), sparkline(kpi.trend)]


def _remarks(briefing: Briefing) -> Iterator[str]:
    """What would make the table too wide."""
    remarks = ((kpi.title, words.against(kpi, briefing), kpi.stale) for kpi in briefing.kpis)
    told = (
        _bullet(_text(f"{words.opening(title)}: {'; '.join(filter(None, rest))}"))
        for title, *rest in remarks
        if any(rest)
    )
    if listed := "\n".join(told):
        yield listed


def _sentences(lines: Sequence[Line]) -> str:
    return _paragraph(_sentence(lines[0])) if len(lines) == 1 else "\n".join(_bullet(_sentence(line)) for line in lines)


def _sentence(line: Line) -> str:
    """The sentence with its figures in bold. A number of a source is no link, whatever stands behind it."""
    told, cited = "", False
    for piece in words.pieces(line):
        guard = "\\" if cited and piece.text[0] in "(:" else ""
        told += (
            f"**{_escaped(piece.text)}**"
            if piece.figure
            else piece.text
            if piece.cites
            else guard + _escaped(piece.text)
        )
        cited = piece.cites is not None
    return told


def _paragraph(text: str) -> str:
    return _wrapped(text, "", "")


def _bullet(text: str) -> str:
    return _wrapped(text, "- ", "  ")


def _numbered(n: int, text: str) -> str:
    return _wrapped(text, f"{n}. ", " " * len(f"{n}. "))


def _wrapped(text: str, first: str, later: str) -> str:
    """The text in lines of `WIDTH`, none of which begins with what would open a list, a heading or a rule."""
    lines = wrap(text, WIDTH - len(later), break_long_words=False, break_on_hyphens=False) or [""]
    return "\n".join([first + _inert(lines[0], _OPENS), *(later + _inert(line, _BREAKS_IN) for line in lines[1:])])


def _inert(line: str, opens: re.Pattern[str]) -> str:
    found = opens.match(line)
    at = len(found["number"] or "") if found else 0
    return f"{line[:at]}\\{line[at:]}" if found else line


def _text(text: str) -> str:
    return _escaped(words.plain(text))


def _escaped(text: str) -> str:
    return _ACTIVE.sub(lambda found: f"\\{found[0]}", text)


def _code(text: str) -> str:
    return words.plain(text).replace("`", "'")
