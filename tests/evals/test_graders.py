"""The outside check of citations finds what it says it finds, and nothing in a true sentence."""

from typing import Any

import pytest

from evals.graders import faults, opened

VIEW = {
    "quote": "We pay $48,000 today. It was a long year.",
    "title": "Castellan renewal",
    "held": "2026-03-05",
    "context": [
        {"cited": True, "speaker": "Anna Meyer", "role": "buyer", "at": "12:04"},
        {"cited": False, "speaker": "Ben Ortiz", "role": "seller", "at": "12:10"},
    ],
}


def found_in(text: str, view: dict[str, Any] | None = VIEW) -> list[str]:
    sentence = {"text": text, "sources": [{"n": 1, "id": "s1"}], "figures": []}
    return list(faults([sentence], {"s1": opened(view) if view else None}))


@pytest.mark.parametrize(
    "text",
    [
        'Anna Meyer (buyer, 12:04): "We pay $48,000 today." [1]',
        'Anna Meyer: "We pay $48,000 today. … a long year." [1]',
        "In the renewal of Castellan they pay $48,000 [1].",
    ],
)
def test_a_true_sentence_has_no_fault(text: str) -> None:
    assert found_in(text) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('Anna Meyer (buyer, 12:04): "We pay $49,000 today." [1]', "do not stand"),
        ('Anna Meyer (buyer, 12:04): "a long year … We pay" [1]', "do not stand"),
        ('Ben Ortiz (seller, 12:10): "We pay $48,000 today." [1]', "are not of 'Ben Ortiz'"),
        ("They pay $49,000 [1].", "number 49,000"),
        ("Today Marrowfield pays $48,000 [1].", "name 'Marrowfield'"),
        ("They pay \u202e$48,000 [1].", "U+202E"),
        ("They pay $48,000 [2].", "shows the numbers"),
    ],
)
def test_a_false_sentence_has_its_fault(text: str, fault: str) -> None:
    (told, *_) = found_in(text)

    assert fault in told


def test_a_source_that_does_not_open_is_a_fault() -> None:
    assert "does not open" in found_in("They pay $48,000 [1].", None)[0]
