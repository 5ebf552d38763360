import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.crm.nearness import Near, Nearness, distance

PRODUCTS = ["GTX Basic", "GTX Pro", "GTX Plus Pro", "GTX Plus Basic", "MG Special"]


def near(value: str, known: list[str]) -> Near | None:
    return Nearness(known).near(value)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [("ab", "ab", 0), ("ab", "ba", 1), ("abc", "ac", 1), ("ac", "abc", 1), ("abc", "axc", 1), ("abcd", "badc", 2)],
)
def test_slips_are_counted(a: str, b: str, expected: int) -> None:
    assert distance(a, b, 2) == expected


def test_more_slips_than_asked_for_are_not_counted() -> None:
    assert distance("kitten", "sitting", 2) == 3
    assert distance("a", "abcdef", 2) == 3


@pytest.mark.parametrize(
    ("value", "name"),
    [("GTXPro", "GTX Pro"), ("gtx pro", "GTX Pro"), ("GTX Bsaic", "GTX Basic"), ("MG-Special", "MG Special")],
)
def test_a_misspelt_name_is_near_the_one_that_was_meant(value: str, name: str) -> None:
    found = near(value, PRODUCTS)
    assert found
    assert found.name == name


@pytest.mark.parametrize("value", ["GTX Pro", "GTX", "Crane", "MG Special 2", "GTX Po Pro X"])
def test_another_name_is_near_none(value: str) -> None:
    assert near(value, PRODUCTS) is None


def test_a_value_that_is_near_two_names_is_near_none() -> None:
    assert near("Marker", ["Market", "Marked"]) is None
    assert near("GTXPRO", ["GTX Pro", "GTX-Pro"]) is None


def test_names_that_differ_in_a_number_are_different_names() -> None:
    assert near("Phase 12", ["Phase 11"]) is None
    assert near("Phase 1 Nroth", ["Phase 1 North", "Phase 2 North"]) is not None


def test_only_what_is_allowed_is_near() -> None:
    known = Nearness(["Market", "Marked"])
    found = known.near("Marker", lambda name: name == "Marked")
    assert found
    assert found.name == "Marked"


@given(st.text("abcdeé 12", min_size=5, max_size=12), st.text("abcdeé 12", min_size=5, max_size=12))
def test_no_near_name_is_passed_over(value: str, name: str) -> None:
    slips = 2 if len(value) >= 9 else 1
    expected = distance(value, name, slips) <= slips and re.findall(r"\d+", value) == re.findall(r"\d+", name)
    assert (Nearness([name]).near(value) is not None) >= (expected and value != name)
