import asyncio
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from agents.executive_briefing.document import Briefing
from agents.executive_briefing.rendering.drawings import draw_charts
from agents.executive_briefing.rendering.html import STYLE, Drawing, html
from tests.agents.executive_briefing.briefings import poisoned, quiet, tallowby
from tools.charts import palette

ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' style='background:url(http://evil.example)",
    "</style></svg><a href='javascript:alert(1)'>",
    "]]><!--",
)


class Read(HTMLParser):
    """What a browser would make of the file: its elements with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in {"meta", "br", "path", "circle"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in {"path", "circle"}:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data

    def values(self, attribute: str) -> list[str]:
        return [str(found[attribute]) for _, found in self.elements if attribute in found]


def shape(briefing: Briefing) -> Counter[str]:
    return Counter(tag for tag, _ in Read(html(briefing)).elements)


def test_the_page_says_what_the_briefing_says() -> None:
    text = Read(html(tallowby())).text
    for said in (
        "9–15 March 2026",
        "Briefing for the CEO",
        "$1,408,326",
        "no survey since January 2026",
        "41 of 43 calls",
    ):
        assert said in text


def test_every_element_is_closed_in_its_order_also_where_there_is_nothing_to_say() -> None:
    for briefing in (tallowby(), quiet()):
        assert Read(html(briefing)).open == []


def test_the_file_needs_nothing_from_outside_and_runs_nothing() -> None:
    drawings = asyncio.run(draw_charts(tallowby()))
    for page in (html(tallowby()), html(tallowby(), drawings)):
        read = Read(page)
        assert not {"script", "link", "img", "iframe", "object", "form", "base"} & {tag for tag, _ in read.elements}
        assert [href for href in read.values("href") if not href.startswith("#")] == []
        assert read.values("src") == []
        assert [name for _, found in read.elements for name in found if name.startswith("on")] == []
        assert "url(" not in page
        assert any("default-src 'none'" in content for content in read.values("content"))


def test_every_figure_and_citation_leads_to_its_note() -> None:
    read = Read(html(tallowby()))
    ids = read.values("id")
    assert len(ids) == len(set(ids))
    assert {href.removeprefix("#") for href in read.values("href")} <= set(ids)
    assert len([href for href in read.values("href") if href.startswith("#source-")]) == 5


def test_each_note_names_metric_parameters_as_of_and_query() -> None:
    figure = tallowby().kpis[1].figure
    assert figure
    bound = f"pipeline_value, from=2026-03-09, to=2026-03-15; as of 16 March 2026; query {figure.query_hash}"
    assert bound in Read(html(tallowby())).text


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_comes_from_data_makes_no_element(attack: str) -> None:
    assert shape(poisoned(attack)) == shape(tallowby())
    assert attack in " ".join(Read(html(poisoned(attack))).text.split())


def test_unseen_characters_do_not_turn_the_words_around() -> None:
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\x00-\x08]", html(poisoned("evil\u202e\u2066\x00\u200b")))


def test_good_and_bad_are_told_in_words_and_by_an_arrow() -> None:
    text = Read(html(tallowby())).text
    assert "▲ up 4 %better" in text
    assert "▼ down 13 pointsworse" in text


def test_a_metric_without_a_figure_says_why_instead_of_a_number() -> None:
    row = re.search(r"<tr[^>]*><th[^>]*>Net promoter score.*?</tr>", html(tallowby()))
    assert row
    assert 'colspan="2"' in row[0]
    assert "no survey since January 2026" in row[0]


def test_tables_have_headers_for_their_columns_and_rows() -> None:
    scopes = Counter(Read(html(tallowby())).values("scope"))
    assert scopes["row"] == len(tallowby().kpis) + 3
    assert scopes["col"] == 5 + 2


def test_every_picture_is_told_in_words() -> None:
    drawn = Drawing("<svg></svg>", "<svg></svg>")
    page = Read(html(tallowby(), {"mrr": drawn, "tickets": drawn, "competitors": drawn}))
    pictures = [found for _, found in page.elements if found.get("role") == "img"]
    abouts = {chart.about for section in tallowby().sections for chart in section.charts}
    assert abouts <= {found["aria-label"] for found in pictures}
    assert all(found["aria-label"] for found in pictures)


def test_the_column_of_the_last_briefing_is_there_only_if_there_was_one() -> None:
    first = replace(tallowby(), kpis=tuple(replace(kpi, since_last=None) for kpi in tallowby().kpis))
    assert "Last briefing" in Read(html(tallowby())).text
    assert "Last briefing" not in Read(html(first)).text


def test_the_dark_page_has_its_own_of_each_colour_that_charts_are_drawn_in() -> None:
    colours = {value for name, value in vars(palette).items() if name.isupper()}
    assert [colour for colour in colours if f'"{colour}"]' not in STYLE] == []
