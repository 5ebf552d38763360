"""What a question asks, without whom it is about."""

import pytest

from models.text.unnamed import unnamed


@pytest.mark.parametrize(
    ("question", "name", "left"),
    [
        ("What did Castellan object to?", "Castellan", "What did they object to?"),
        ("What is Castellan's deadline?", "Castellan", "What is their deadline?"),
        ("How is revenue?", "Castellan", "How is revenue?"),
    ],
)
def test_a_name_becomes_a_pronoun(question: str, name: str, left: str) -> None:
    at = question.find(name)
    assert unnamed(question, [(at, at + len(name))] if at >= 0 else []) == left
