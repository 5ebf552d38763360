import pytest

from models.text.words import asked_stems, asked_words, capitalised_stems, content_stems, named_speakers

CAST = (
    "Project Manager",
    "Industrial Designer",
    "Grad A",
    "Grad B",
    "Hon. Bill Morneau (Minister of Finance)",
    "Ana Ruiz",
)


def test_what_frames_a_question_is_not_what_it_asks_about() -> None:
    assert asked_words("Summarize the discussion about the renewal price.") == ["renewal", "price"]


def test_a_question_of_nothing_but_frame_is_still_asked() -> None:
    assert asked_words("Summarize the discussion") == ["summarize", "discussion"]
    assert asked_words("?!") == []


def test_inflections_have_one_stem() -> None:
    assert asked_stems("pricing routes") == asked_stems("price route")
    assert content_stems("Um, you know, the drivers’ routes") == ["driver", "rout"]


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("What did the project manager say about cost?", {"Project Manager"}),
        ("What did B think about a tape?", {"Grad B"}),
        ("Was there a plan?", set()),
        ("What did Morneau say?", {"Hon. Bill Morneau (Minister of Finance)"}),
        ("What does the finance minister want?", set()),
        ("Where did Ana Ruiz and the industrial designer disagree?", {"Ana Ruiz", "Industrial Designer"}),
    ],
)
def test_a_question_names_speakers(question: str, named: set[str]) -> None:
    assert named_speakers(question, CAST) == named


def test_a_capital_within_a_question_marks_a_name() -> None:
    assert capitalised_stems("What did Castellan say about the Q3 price?") == {"castellan", "q3"}
    assert capitalised_stems("Castellan wants what?") == set()
