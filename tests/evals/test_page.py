"""The page shows every measure with its bar, result and course, and nothing on it gets out of its place."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

from evals.history import Run, run_of
from evals.page import STYLE, page
from evals.run import Bar, Result

AT = datetime(2026, 3, 20, 12, tzinfo=UTC)
RESULTS = [
    Result("routing", "accuracy", 0.95, Bar(low=0.9)),
    Result("routing", "out_of_scope_recall", 0.8, Bar(low=0.85)),
    Result("routing", "told_decisions", 0, Bar(high=0.02)),
    Result("routing", "questions", 11553, None),
    Result("churn", "shuffled_auc", 0.49, Bar(0.47, 0.53)),
    Result("churn", "auc", math.nan, Bar(low=0.84)),
]
ATTACK = "\"><img src=x onerror=alert(1)></style><script>alert('1')</script>"


class Read(HTMLParser):
    """The elements of a page with their attributes, its text, and the cells of each table by row."""

    def __init__(self, told: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.tables: list[list[list[str]]] = []
        self.text = ""
        self.feed(told)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in {"meta", "path", "circle"}:
            self.open.append(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in {"th", "td"}:
            self.tables[-1][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag not in {"path", "circle"}:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if {"th", "td"} & set(self.open):
            self.tables[-1][-1][-1] += data

    def count(self, tag: str) -> int:
        return sum(found == tag for found, _ in self.elements)


def run(results: Sequence[Result], days: int = 0, commit: str | None = "abc") -> Run:
    return run_of(results, at=AT + timedelta(days=days), commit=commit, version="0.1.0")


def test_a_table_a_suite_shows_each_measure_with_its_bar_and_result_in_words() -> None:
    routing, churn, _ = Read(page(RESULTS, [run(RESULTS)])).tables
    assert [row[:5] for row in routing] == [
        ["Measure", "Measured", "Run before", "Bar", "Result"],
        ["accuracy", "0.95", "–", "at least 0.9", "✓ passed"],
        ["out_of_scope_recall", "0.8", "–", "at least 0.85", "✗ missed"],
        ["told_decisions", "0", "–", "at most 0.02", "✓ passed"],
        ["questions", "11,553", "–", "–", "–"],
    ]
    assert [row[:5] for row in churn[1:]] == [
        ["shuffled_auc", "0.49", "–", "0.47 to 0.53", "✓ passed"],
        ["auc", "not measured", "–", "at least 0.84", "✗ missed"],
    ]


def test_the_missed_bars_are_named_first_and_lead_to_their_rows() -> None:
    read = Read(page(RESULTS, [run(RESULTS)]))
    assert "6 measures; of 5 with a bar, 2 missed it" in read.text
    links = [str(attributes["href"]) for tag, attributes in read.elements if tag == "a"]
    assert links == ["#routing-out_of_scope_recall", "#churn-auc"]
    assert {link[1:] for link in links} <= {attributes.get("id") for _, attributes in read.elements}


def test_the_course_is_of_the_runs_that_have_the_measure() -> None:
    def accuracy(value: float) -> list[Result]:
        return [Result("routing", "accuracy", value, Bar(low=0.9))]

    other = [Result("churn", "auc", 0.85, None)]
    last = [*accuracy(0.95), *other, Result("routing", "questions", 3, None)]
    runs = [run(accuracy(0.91)), run(accuracy(0.97), 1), run(other, 2), run(last, 3)]
    read = Read(page(last, runs))
    shown = {row[0]: row[2:] for table in read.tables[:-1] for row in table[1:]}
    assert shown["accuracy"] == ["0.97", "at least 0.9", "✓ passed", "3 runs, 0.91 to 0.97"]
    assert shown["auc"] == ["0.85", "–", "–", "2 runs, 0.85"]
    assert shown["questions"] == ["–", "–", "–", "first run"]
    [line] = [str(attributes["d"]) for tag, attributes in read.elements if tag == "path"][:1]
    assert line == "M4.0 24.0L52.0 4.0L100.0 10.7"
    assert read.count("svg") == 2


def test_the_runs_are_listed_with_the_latest_first() -> None:
    runs = [run(RESULTS, commit="one"), run(RESULTS, 1, commit=None), run(RESULTS, 2, commit="three")]
    listed = Read(page(RESULTS, runs)).tables[-1]
    assert [row[2] for row in listed] == ["Commit", "three", "–", "one"]
    assert listed[1] == ["2026-03-22 12:00 UTC", "0.1.0", "three", "routing, churn"]


def test_every_column_and_row_has_its_header_and_every_drawing_words() -> None:
    read = Read(page(RESULTS, [run(RESULTS), run(RESULTS, 1)]))
    heads = [attributes.get("scope") for tag, attributes in read.elements if tag == "th"]
    assert heads.count("row") == 6 + 2
    assert None not in heads
    assert read.count("caption") == read.count("table") == 3
    drawings = [attributes for tag, attributes in read.elements if tag == "svg"]
    assert len(drawings) == 5
    assert all(drawing["role"] == "img" and "2 values" in str(drawing["aria-label"]) for drawing in drawings)


def test_names_and_commits_are_text_whatever_they_hold() -> None:
    def shape(name: str) -> list[str]:
        results = [Result(name, name, 0.5, Bar(low=0.9))]
        runs = [run(results, commit=name), run(results, 1, commit=name)]
        read = Read(page(results, runs))
        assert name in read.text
        assert read.open == []
        return [f"{tag} {sorted(attributes)}" for tag, attributes in read.elements]

    assert shape(ATTACK) == shape("plain")


def test_the_file_needs_nothing_from_outside_and_runs_nothing() -> None:
    read = Read(page(RESULTS, [run(RESULTS), run(RESULTS, 1)]))
    assert not {tag for tag, _ in read.elements} & {"script", "link", "img", "iframe"}
    assert not [one for _, attributes in read.elements for one in attributes if one in {"src", "style"}]
    assert "url(" not in STYLE
    assert "@import" not in STYLE
    assert "prefers-color-scheme: dark" in STYLE
