"""Where a question may be cut."""

import pytest

from models.text.clauses import clauses, is_subordinate, trimmed


def pieces(question: str) -> list[str]:
    return [trimmed(question[start:end]) for start, end in clauses(question)]


def test_a_question_is_cut_at_sentence_ends_commas_and_connecting_words() -> None:
    assert pieces("Who objected? Draft a reply, and cancel it") == ["Who objected", "Draft a reply", "cancel it"]


@pytest.mark.parametrize("marks", ["''", '""', "“”"])
def test_quoted_words_are_never_cut(marks: str) -> None:
    quoted = f"{marks[0]}Thanks, I'm in. We'll see{marks[1]}"
    assert pieces(f"tell her {quoted} and close the task") == [f"tell her {quoted}", "close the task"]


@pytest.mark.parametrize("clause", ["if I lose it", "in Spanish", "Is it overdue? If so", "Did we meet? if not"])
def test_a_condition_belongs_to_another_clause(clause: str) -> None:
    assert is_subordinate(clause)


@pytest.mark.parametrize("clause", ["close the task", "what if we wait", "say if not sooner"])
def test_what_asks_for_itself_is_no_condition(clause: str) -> None:
    assert not is_subordinate(clause)
