import pytest

from memory.indexes.base import Hit
from memory.retrieval.fusion import Place, fused, peaks, with_neighbours


def _hit(document: str, number: int) -> Hit:
    return Hit(document, "v", number, 20, 1.0)


def _at(document: str, number: int) -> Place:
    return Place(document, "v", number, 20)


def test_what_both_legs_rank_high_comes_first() -> None:
    scores = fused([[_hit("a", 1), _hit("a", 2)], [_hit("a", 2), _hit("a", 3)]], constant=20)
    assert scores == {_at("a", 1): 1 / 20, _at("a", 2): 1 / 21 + 1 / 20, _at("a", 3): 1 / 21}


def test_a_chunk_gains_by_good_neighbours_of_its_own_document_only() -> None:
    scores = {_at("a", 5): 1.0, _at("a", 6): 1.0, _at("b", 6): 1.0, _at("a", 8): 1.0}
    gained = with_neighbours(scores, (0.5, 0.25))
    assert gained[_at("a", 6)] == pytest.approx(1.0 + 0.5 + 0.25)
    assert gained[_at("b", 6)] == 1.0


def test_the_ends_of_a_document_are_not_at_a_disadvantage() -> None:
    short = Place("short", "v", 0, 1)
    even = {_at("long", number): 1.0 for number in range(20)}
    gained = with_neighbours({short: 1.0, **even}, (0.5, 0.25))
    assert set(gained.values()) == {2.5}


def test_chosen_places_are_apart() -> None:
    scores = {_at("a", number): 1.0 + number / 100 for number in range(10)}
    assert [at.number for at, _ in peaks(scores, limit=5, spread=3, repeat=1.0)] == [9, 5, 1]


def test_a_second_passage_of_a_document_must_be_that_much_better() -> None:
    scores = {_at("a", 0): 1.0, _at("a", 9): 0.9, _at("b", 0): 0.5, _at("c", 0): 0.4}
    order = [at.document for at, _ in peaks(scores, limit=4, spread=2, repeat=0.5)]
    assert order == ["a", "b", "a", "c"]


def test_equal_scores_are_ordered_the_same_however_they_came() -> None:
    places = [_at("b", 0), _at("a", 7), _at("a", 0)]
    forwards = peaks(dict.fromkeys(places, 1.0), limit=3, spread=1, repeat=0.5)
    backwards = peaks(dict.fromkeys(reversed(places), 1.0), limit=3, spread=1, repeat=0.5)
    assert forwards == backwards
