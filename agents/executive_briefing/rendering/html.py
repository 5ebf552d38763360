"""A briefing as one HTML file that needs nothing else: no script, no outside address, readable on paper and by ear."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from agents.executive_briefing.document import Briefing, Chart, Kpi, Line, Reference, Risk, Section, Shape
from agents.executive_briefing.rendering import words
from agents.executive_briefing.rendering.markup import Markup, element, joined
from agents.executive_briefing.rendering.sparklines import drawn
from models.evidence import Change, Figure
from tools.charts.spec import written

STYLE = (Path(__file__).parent / "briefing.css").read_text(encoding="utf-8")
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart as two SVG elements that Sophia's own charts drew: for a page and for a telephone."""

    wide: str
    narrow: str


def html(briefing: Briefing, drawings: Mapping[str, Drawing] | None = None) -> str:
    """The whole file. Charts without a drawing, by their id, are told as the numbers they would show."""
    page = _Page(briefing, words.figures(briefing), drawings or {})
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", http_equiv="Content-Security-Policy", content=POLICY),
        element("title", words.title(briefing)),
        element("style", Markup(STYLE)),
    )
    body = element("body", element("main", *page.parts()))
    return f"<!doctype html>\n{element('html', head, body, lang='en')}\n"


@dataclass(frozen=True, slots=True)
class _Page:
    briefing: Briefing
    figures: Mapping[Figure, int]
    drawings: Mapping[str, Drawing]

    def parts(self) -> Iterator[Markup]:
        yield self.head()
        if self.briefing.headline:
            first = (element("li", self.sentence(line)) for line in self.briefing.headline)
            yield element("section", element("ol", *first, class_="headline"), aria_label="In short")
        if self.briefing.kpis:
            yield element("section", element("h2", "Figures"), self.table())
        for section in self.briefing.sections:
            yield self.section(section)
        yield self.coverage()
        if self.briefing.sources:
            yield self.sources()
        if self.figures:
            yield self.notes()

    def head(self) -> Markup:
        briefing = self.briefing
        over = f"{words.plain(briefing.company)} · Briefing for {words.audience(briefing.audience)}"
        return element(
            "header",
            element("p", over, class_="over"),
            element("h1", words.told(briefing.period)),
            element("p", " · ".join(words.setting(briefing)), class_="setting"),
        )

    def sentence(self, line: Line) -> Markup:
        return joined(*(self.piece(piece) for piece in words.pieces(line)))

    def piece(self, piece: words.Piece) -> str:
        if piece.figure:
            return self.figure(piece.figure)
        if piece.cites:
            return element("a", piece.text, class_="cites", href=f"#source-{piece.cites}")
        return piece.text

    def figure(self, figure: Figure) -> Markup:
        return element("a", words.plain(figure.text), class_="figure", href=f"#figure-{self.figures[figure]}")

    def table(self) -> Markup:
        told_before = any(kpi.since_last for kpi in self.briefing.kpis)
        columns = {"Metric": "", "Now": "now", f"Against {words.told(self.briefing.compared)}": "change"}
        columns |= {"Last briefing": "before"} if told_before else {}
        heads = (
            element("th", name, scope="col", role="columnheader", class_=class_)
            for name, class_ in {**columns, "Course": "course"}.items()
        )
        rows = (self.row(kpi, told_before) for kpi in self.briefing.kpis)
        return element(
            "table",
            element("thead", element("tr", *heads, role="row"), role="rowgroup"),
            element("tbody", *rows, role="rowgroup"),
            class_="figures",
            role="table",
            aria_label="Figures",
        )

    def row(self, kpi: Kpi, told_before: bool) -> Markup:
        stale = [element("small", words.plain(kpi.stale))] if kpi.stale else []
        cells = [element("th", words.opening(kpi.title), *stale, scope="row", role="rowheader")]
        if kpi.figure:
            cells.append(_cell("now", self.figure(kpi.figure)))
            cells.append(_cell("change", *self.change(kpi, kpi.figure.change)))
        else:
            cells.append(_cell("gap", words.told(kpi.gap or "not measured"), colspan="2"))
        if told_before:
            cells.append(_cell("before", words.plain(kpi.since_last or "")))
        return element("tr", *cells, _cell("course", Markup(drawn(kpi.trend))), role="row")

    def change(self, kpi: Kpi, change: Change | None) -> Iterator[Markup]:
        if change is None:
            return
        yield element("span", f"{words.ARROWS[change.direction]} {words.plain(change.text)}", class_=str(kpi.sense))
        if meaning := words.SENSES[kpi.sense]:
            yield element("small", meaning)
        if against := words.against(kpi, self.briefing):
            yield element("small", against, class_="against")

    def section(self, section: Section) -> Markup:
        return element(
            "section",
            element("h2", words.plain(section.heading)),
            *self.sentences(section.lines),
            *map(self.chart, section.charts),
            *map(self.risk, section.risks),
            *([element("p", words.told(section.note), class_="note")] if section.note else []),
        )

    def sentences(self, lines: tuple[Line, ...]) -> list[Markup]:
        if len(lines) == 1:
            return [element("p", self.sentence(lines[0]))]
        return [element("ul", *(element("li", self.sentence(line)) for line in lines))] if lines else []

    def risk(self, risk: Risk) -> Markup:
        owner = [element("span", words.plain(risk.owner), class_="owner")] if risk.owner else []
        stake = [element("span", self.figure(risk.stake), class_="stake")] if risk.stake else []
        name = element("h3", element("span", words.plain(risk.name)), *stake, *owner)
        return element("article", name, *self.sentences(risk.reasons), class_="risk")

    def chart(self, chart: Chart) -> Markup:
        drawing = self.drawings.get(chart.id)
        shown = _drawn(chart, drawing) if drawing else _plain_chart(chart)
        return element("figure", element("figcaption", words.plain(chart.title)), shown)

    def coverage(self) -> Markup:
        withheld = words.withheld(self.briefing)
        gaps = [words.told(gap) for gap in self.briefing.coverage.gaps] + ([withheld] if withheld else [])
        missing = [element("ul", *(element("li", gap) for gap in gaps), class_="gaps")] if gaps else []
        said = (element("p", self.sentence(line)) for line in self.briefing.coverage.lines)
        return element("section", element("h2", "What this rests on"), *said, *missing, class_="coverage")

    def sources(self) -> Markup:
        listed = (_source(reference) for reference in self.briefing.sources)
        return element("section", element("h2", "Sources"), element("ol", *listed), class_="sources")

    def notes(self) -> Markup:
        listed = (
            element(
                "li",
                element("b", words.plain(figure.text)),
                f" {words.measured(figure)} ",
                element("span", words.binding(figure)),
                id=f"figure-{n}",
            )
            for figure, n in self.figures.items()
        )
        made = f"Briefing {self.briefing.id}, made {self.briefing.made_at:%Y-%m-%d %H:%M} UTC"
        return element(
            "section",
            element("h2", "Where each figure comes from"),
            element("ol", *listed),
            element("p", words.plain(made)),
            class_="notes",
        )


def _cell(class_: str, *content: str, colspan: str | None = None) -> Markup:
    return element("td", *content, class_=class_, role="cell", colspan=colspan)


def _source(reference: Reference) -> Markup:
    id_ = element("span", words.plain(reference.source))
    return element("li", words.place(reference), " ", id_, id=f"source-{reference.n}", value=str(reference.n))


def _drawn(chart: Chart, drawing: Drawing) -> Markup:
    sizes = (("wide", drawing.wide), ("narrow", drawing.narrow))
    pictures = (element("div", Markup(svg), class_=size, aria_hidden="true") for size, svg in sizes)
    return element("div", *pictures, class_="drawing", role="img", aria_label=words.told(chart.about))


def _plain_chart(chart: Chart) -> Markup:
    """The bars as a table; a line as its course, and in words."""
    about = element("p", words.told(chart.about), class_="about")
    if chart.shape is Shape.LINE:
        return joined(Markup(drawn(chart.points, width=420, height=72)), about)
    rows = (
        element(
            "tr",
            element(
                "th", words.plain(bar.name), *([element("small", "stands out")] if bar.marked else []), scope="row"
            ),
            element("td", written(bar.value, chart.unit), class_="now"),
        )
        for bar in chart.bars
    )
    heads = (element("th", name, scope="col") for name in ("Name", words.plain(chart.unit)))
    return joined(
        element("table", element("thead", element("tr", *heads)), element("tbody", *rows), class_="bars"), about
    )
