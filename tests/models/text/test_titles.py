import pytest

from models.extractive.expected import expected
from models.text.titles import title_factors
from models.text.words import asked_stems

TITLES = {"a": "Castellan: renewal call", "b": "Castellan QBR call", "c": "Marrowfield intro call"}


def test_a_document_whose_title_is_named_is_favoured() -> None:
    factors = title_factors(asked_stems("What did Marrowfield say?"), TITLES)
    assert factors["a"] == factors["b"] == 1.0
    assert factors["c"] > 2.0


def test_a_rarer_word_favours_more_and_one_of_all_titles_nothing() -> None:
    factors = title_factors(asked_stems("castellan renewals"), TITLES)
    assert factors["a"] > factors["b"] > factors["c"] == 1.0
    assert set(title_factors(frozenset({"call"}), TITLES).values()) == {1.0}
    assert title_factors(asked_stems("castellan"), {"a": TITLES["a"]}) == {"a": 1.0}


@pytest.mark.parametrize(
    ("question", "answer", "other"),
    [
        ("When does the contract end?", "It ends in April.", "It ends badly."),
        ("How many trucks do they run?", "About forty trucks.", "Many trucks."),
        ("how long is the pilot?", "It takes 30 days.", "It takes long."),
    ],
)
def test_a_question_tells_what_its_answer_holds(question: str, answer: str, other: str) -> None:
    pattern = expected(question)
    assert pattern is not None
    assert pattern.search(answer)
    assert not pattern.search(other)


def test_most_questions_do_not_tell() -> None:
    assert expected("What did they think of the price?") is None
