import re
from dataclasses import replace

import pytest

from agents.executive_briefing.document import Line
from agents.executive_briefing.rendering.markdown import WIDTH, markdown
from tests.agents.executive_briefing.briefings import poisoned, quiet, tallowby

ATTACKS = {
    "[click](http://evil.example)": r"\[click\](http\://evil.example)",
    "![x](http://evil.example/p.png)": r"!\[x\](http\://evil.example/p.png)",
    "<img src=x>": r"\<img src=x\>",
    "www.evil.example": r"www\.evil.example",
    "a | b": r"a \| b",
    "**bold** _so_ `code`": r"\*\*bold\*\* \_so\_ \`code\`",
    "~~gone~~": r"\~\~gone\~\~",
    "&lt;b&gt;": r"\&lt;b\&gt;",
}


def saying(*texts: str) -> str:
    """A briefing whose headline has these sentences."""
    return markdown(replace(quiet(), headline=tuple(map(Line, texts))))


def test_the_page_says_what_the_briefing_says() -> None:
    page = markdown(tallowby())
    assert page.startswith("# Tallowby, 9–15 March 2026: briefing for the CEO\n")
    assert "2. **4** renewals worth **$481,824** fall due by 30 April; none of them has signed." in page
    assert "- **41** of **43** calls are analysed." in page
    assert "### Ossery Home, new business: **$36,408** (Dale Pruitt)" in page


def test_the_table_is_one_before_it_is_rendered() -> None:
    rows = [line for line in markdown(tallowby()).splitlines() if line.startswith("|")]
    assert len(rows) == len(tallowby().kpis) + 2
    assert len({len(row) for row in rows}) == 1
    assert rows[3].split("|")[1:3] == [" Open pipeline                ", " $1,408,326 "]
    assert re.search(r"\| -+: \|", rows[1])


def test_no_line_of_prose_is_wider_than_a_terminal() -> None:
    prose = [line for line in markdown(tallowby()).splitlines() if not line.startswith("|") and "`" not in line]
    assert max(map(len, prose)) <= WIDTH


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_comes_from_data_is_read_as_the_words_it_is(attack: str) -> None:
    page = re.sub(r"^    .*$|`[^`\n]*`$", "", markdown(poisoned(attack)), flags=re.MULTILINE)
    assert attack not in page
    assert saying(attack).count(ATTACKS[attack]) == 1


@pytest.mark.parametrize("start", ["- item", "+ item", "1. item", "12) item", "# head", "> quote", "=== "])
def test_no_sentence_opens_a_list_a_heading_or_a_quotation(start: str) -> None:
    first = saying(start).splitlines()[4].removeprefix("1. ")
    assert re.match(r"\\[-+#>=]|\d+\\[.)]", first)


@pytest.mark.parametrize("start", ["-", "#", ">", "1.", "==="])
def test_no_line_that_is_broken_opens_one_either(start: str) -> None:
    for words in range(8, 24):
        text = "four " * words + f"{start} and so on " * 5
        assert not re.search(r"^ +(?:[-#>=]|1\.) ?", saying(text).replace("\n   \\", "\n   ok"), re.MULTILINE)


def test_a_citation_is_no_link_whatever_stands_behind_it() -> None:
    page = markdown(replace(quiet(), headline=(Line("He said it [1](http://evil.example)", cites=(1,)),)))
    assert r"[1]\(http\://evil.example)" in page


def test_names_with_underscores_stay_readable() -> None:
    assert "pipeline_value, from=2026-03-09" in markdown(tallowby())


def test_a_metric_without_a_figure_says_why() -> None:
    assert "|          – | no survey since January 2026 |" in markdown(tallowby())
