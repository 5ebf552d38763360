"""A run of the evals beside the earlier ones, as one HTML file that needs nothing else and runs nothing."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from agents.executive_briefing.document import Point
from agents.executive_briefing.rendering.markup import Markup, element
from agents.executive_briefing.rendering.sparklines import drawn
from evals.history import Run
from evals.run import Bar, Result, plain

STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
MOST_RUNS = 40
COLUMNS = {
    "Measure": None,
    "Measured": "number",
    "Run before": "number",
    "Bar": "bar",
    "Result": "result",
    "Course": None,
}


def page(results: Sequence[Result], runs: Sequence[Run]) -> str:
    """The whole file: a table a suite, and the runs. `runs` are the oldest first; the last is the one of the results."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", http_equiv="Content-Security-Policy", content=POLICY),
        element("title", f"Evals of Sophia, {runs[-1].at:%Y-%m-%d}"),
        element("style", Markup(STYLE)),
    )
    suites = (
        _suite(suite, list(measured), runs) for suite, measured in groupby(results, key=lambda result: result.suite)
    )
    body = element("body", element("main", _head(results, runs[-1]), *suites, _runs(runs)))
    return f"<!doctype html>\n{element('html', head, body, lang='en')}\n"


def _head(results: Sequence[Result], run: Run) -> Markup:
    held = [result for result in results if result.bar]
    missed = [result for result in held if not result.passed]
    listed = (
        element("li", element("a", f"{result.suite}: {result.measure}", href=f"#{_anchor(result)}"))
        for result in missed
    )
    return element(
        "header",
        element("h1", "Evals of Sophia"),
        element("p", " · ".join(_setting(run)), class_="setting"),
        element("p", f"{len(results)} measures; of {len(held)} with a bar, {len(missed) or 'none'} missed it"),
        *([element("ul", *listed, class_="missed")] if missed else []),
    )


def _setting(run: Run) -> Iterator[str]:
    yield f"{run.at:%Y-%m-%d %H:%M %Z}"
    yield f"version {run.version}"
    if run.commit:
        yield f"commit {run.commit}"


def _suite(name: str, results: Sequence[Result], runs: Sequence[Run]) -> Markup:
    heads = (element("th", column, scope="col", class_=class_) for column, class_ in COLUMNS.items())
    rows = (_row(result, runs) for result in results)
    table = element(
        "table",
        element("caption", name),
        element("thead", element("tr", *heads)),
        element("tbody", *rows),
    )
    return element("section", table)


def _row(result: Result, runs: Sequence[Run]) -> Markup:
    points = [
        Point(run.at.date(), value) for run in runs if (value := run.value(result.suite, result.measure)) is not None
    ][-MOST_RUNS:]
    before = next(
        (value for run in runs[-2::-1] if (value := run.value(result.suite, result.measure)) is not None), None
    )
    verdict, class_ = _verdict(result)
    return element(
        "tr",
        element("th", result.measure, scope="row"),
        element("td", plain(result.value), class_="number"),
        element("td", "–" if before is None else plain(before), class_="number"),
        element("td", _bar(result.bar), class_="bar"),
        element("td", verdict, class_=f"result {class_}".rstrip()),
        element("td", *_course(points)),
        id=_anchor(result),
    )


def _verdict(result: Result) -> tuple[str, str]:
    """The result in words, and the class that gives it a colour."""
    if result.bar is None:
        return "–", ""
    return ("✓ passed", "passed") if result.passed else ("✗ missed", "failed")


def _course(points: Sequence[Point]) -> Iterator[Markup]:
    """The line over the runs that have the measure, and in words what it shows."""
    values = [point.value for point in points if point.value is not None]
    if len(values) < 2:
        yield element("small", "first run" if values else "–")
        return
    low, high = plain(min(values)), plain(max(values))
    yield Markup(drawn(points))
    yield element("small", f"{len(values)} runs, {low if low == high else f'{low} to {high}'}")


def _runs(runs: Sequence[Run]) -> Markup:
    heads = (element("th", name, scope="col") for name in ("Run", "Version", "Commit", "Suites"))
    rows = (
        element(
            "tr",
            element("th", f"{run.at:%Y-%m-%d %H:%M %Z}", scope="row"),
            element("td", run.version),
            element("td", run.commit or "–"),
            element("td", ", ".join(run.measures)),
        )
        for run in runs[: -MOST_RUNS - 1 : -1]
    )
    table = element(
        "table",
        element("caption", "Runs, the latest first"),
        element("thead", element("tr", *heads)),
        element("tbody", *rows),
        class_="runs",
    )
    return element("section", table)


def _anchor(result: Result) -> str:
    return f"{result.suite}-{result.measure}".replace(" ", "-")


def _bar(bar: Bar | None) -> str:
    if bar is None:
        return "–"
    if bar.low is not None and bar.high is not None:
        return f"{plain(bar.low)} to {plain(bar.high)}"
    return f"at least {plain(bar.low)}" if bar.low is not None else f"at most {plain(bar.high or 0)}"
