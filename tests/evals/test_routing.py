import pytest

from evals.suites.routing import HALVES, Asked, measures_of, questions
from graphs.specialists import specialists

CALLS, CRM = frozenset({"call_analysis"}), frozenset({"crm_sync"})


def test_only_the_exact_set_of_specialists_counts() -> None:
    judged = [
        (Asked("one", CALLS), CALLS),
        (Asked("one", CALLS), CALLS | CRM),
        (Asked("several", CALLS | CRM), CALLS | CRM),
        (Asked("several", CALLS | CRM), CALLS),
        (Asked("none", frozenset()), frozenset()),
        (Asked("none", frozenset()), CRM),
        (Asked("none", frozenset()), CRM),
    ]
    assert measures_of(judged) == {
        "questions": 7,
        "accuracy": 3 / 7,
        "out_of_scope_recall": 1 / 3,
        "single_accuracy": 1 / 2,
        "several_accuracy": 1 / 2,
    }


@pytest.mark.parametrize("half", HALVES)
def test_the_questions_are_for_specialists_that_are_described(half: str) -> None:
    described = {specialist.option.name for specialist in specialists()}
    assert set().union(*(asked.specialists for asked in questions(half))) == described


def test_no_question_is_in_both_halves() -> None:
    heldout, dev = ({asked.question for asked in questions(half)} for half in HALVES)
    assert heldout & dev == set()
