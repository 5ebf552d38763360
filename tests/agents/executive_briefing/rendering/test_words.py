from datetime import date

import pytest

from agents.executive_briefing.document import Line
from agents.executive_briefing.rendering import words
from tests.agents.executive_briefing.briefings import figure, tallowby


def written(line: Line) -> list[str]:
    return [("*" if piece.figure else "#" if piece.cites else "") + piece.text for piece in words.pieces(line)]


def test_figures_are_told_apart_from_the_words_around_them() -> None:
    line = Line(
        "Won $4,000, not $4, in 4 deals.", (figure("a", 4, "4"), figure("b", 4, "$4"), figure("c", 4e3, "$4,000"))
    )
    assert written(line) == ["Won ", "*$4,000", ", not ", "*$4", ", in ", "*4", " deals."]


def test_a_number_inside_another_is_no_figure() -> None:
    assert written(Line("In 2024 it was 24.", (figure("a", 24, "24"),))) == ["In 2024 it was ", "*24", "."]


def test_citations_stand_where_the_sentence_has_them_or_else_at_its_end() -> None:
    assert written(Line("He said so [2] twice.", cites=(1, 2))) == ["He said so ", "#[2]", " twice.", " ", "#[1]"]


def test_days_are_told_as_people_write_them_but_not_in_quotations() -> None:
    figures = (figure("a", 3, "3"),)
    assert written(Line("There were 3 for 2026-03-09 to 2026-03-15.", figures)) == [
        "There were ",
        "*3",
        " for 9–15 March 2026.",
    ]
    said = Line('On 2026-03-05 Bev: "By 2026-03-15." and “2026-03-16” [1]', cites=(1,))
    assert written(said)[0] == 'On 5 March 2026 Bev: "By 2026-03-15." and “2026-03-16” '


def test_a_number_in_brackets_that_is_not_cited_is_words() -> None:
    assert written(Line("It is in [7].", cites=())) == ["It is in [7]."]


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (date(2026, 3, 9), date(2026, 3, 15), "9–15 March 2026"),
        (date(2026, 2, 23), date(2026, 3, 1), "23 February – 1 March 2026"),
        (date(2025, 12, 29), date(2026, 1, 4), "29 December 2025 – 4 January 2026"),
        (date(2026, 3, 9), date(2026, 3, 9), "9 March 2026"),
    ],
)
def test_days_are_told_as_people_write_them(first: date, last: date, told: str) -> None:
    assert words.days(first, last) == told
    assert words.told(f"{first} to {last}" if first != last else f"{first}") == told


def test_what_is_no_day_stays_as_it_is() -> None:
    assert words.told("2026-13-45 and March 2026") == "2026-13-45 and March 2026"


def test_an_audience_is_told_by_its_title_and_one_that_is_gone_by_its_name() -> None:
    assert [words.audience(name) for name in ("ceo", "sales", "the board")] == [
        "the CEO",
        "the head of sales",
        "the board",
    ]


def test_each_figure_has_one_number_however_often_it_is_told() -> None:
    numbers = words.figures(tallowby())
    assert list(numbers.values()) == list(range(1, len(numbers) + 1))
    assert all(figure in numbers for line in words.lines(tallowby()) for figure in line.figures)
