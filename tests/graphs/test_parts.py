import pytest

from graphs.parts import self_contained
from models.entities import Entity
from models.language import Choice

ENTITIES = (Entity("account", "Kestrel Foods"), Entity("account", "Larkspur"), Entity("person", "Anna Berg"))


@pytest.mark.parametrize(
    ("asked", "read"),
    [
        (
            ["what stage is the Larkspur deal in", "what did they object to", "how big is their seat count"],
            ["what stage is the Larkspur deal in", "what did Larkspur object to", "how big is Larkspur's seat count"],
        ),
        (
            ["compare Larkspur with Kestrel", "what did they say"],
            ["compare Larkspur with Kestrel", "what did they say"],
        ),
        (["who is Anna Berg", "what did they say"], ["who is Anna Berg", "what did they say"]),
        (["what did they say", "Larkspur's stage"], ["what did they say", "Larkspur's stage"]),
        (["Larkspur's stage", "what did Kestrel tell them"], ["Larkspur's stage", "what did Kestrel tell them"]),
    ],
)
def test_a_part_names_whom_the_part_before_named(asked: list[str], read: list[str]) -> None:
    choices = [Choice("calls", question, 0.9) for question in asked]
    assert [choice.question for choice in self_contained(choices, ENTITIES)] == read
