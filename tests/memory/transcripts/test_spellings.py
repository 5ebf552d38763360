from dataclasses import replace

import pytest

from core.errors import InvalidInputError, NotFoundError
from memory.transcripts.model import Speaker
from memory.transcripts.spellings import alike, as_one, confirmed_again, proposals
from tests.memory.transcripts.material import misplaced, read_text, said

CALL = "Anna Meyer: We pay.\nBen Ode: Why?\nA. Meyer: It is due.\nMeyer Anna: Indeed.\n"


def groups(*names: str, roles: tuple[str | None, ...] = ()) -> list[list[str]]:
    given = [*roles, *[None] * (len(names) - len(roles))]
    people = [Speaker(str(n), name, role) for n, (name, role) in enumerate(zip(names, given, strict=True))]
    return [[one.name for one in group] for group in alike(people)]


@pytest.mark.parametrize(
    "names",
    [
        ("Anna Meyer", "A. Meyer", "Meyer, Anna"),
        ("Anna Meyer", "anna.meyer@castellan.example"),
        ("Anna Meyer", "Anna"),
        ("Anna Meyer", "Anna M."),
        ("Anna Meyer", "Anná Meyer"),
        ("Anna Meyer", "Anna Meier"),
        ("Anna Meyer", "Anna Meyer Castellan"),
        ("Anna-Lena Meyer", "Annalena Meyer"),
    ],
)
def test_names_that_may_be_one_persons_are_proposed(names: tuple[str, ...]) -> None:
    assert groups(*names, "Ben Ode", "Unknown speaker 1") == [list(names)]


@pytest.mark.parametrize(
    "names",
    [
        ("Anna Meyer", "Ben Meyer"),
        ("Anna Meyer", "Anna Ode", "Anna"),
        ("Speaker 1", "Speaker 2"),
        ("Speaker 10", "Speaker 11"),
        ("Unknown speaker 1", "Unknown speaker 2"),
        ("Anna Meyer", "Anna Meyer 2"),
        ("A. Meyer", "B. Meyer"),
        ("Lee Wu", "Lea Wu"),
        ("+1 555-0142", "+1 555-0143"),
    ],
)
def test_names_of_people_who_differ_are_not(names: tuple[str, ...]) -> None:
    assert groups(*names) == []


def test_a_seller_and_a_buyer_are_two_people_however_they_are_spelt() -> None:
    assert groups("Anna Meyer", "A. Meyer", roles=("seller", "buyer")) == []


def test_what_is_proposed_stays_apart_until_a_person_says_so() -> None:
    call = read_text(CALL)
    assert proposals(call) == (("Anna Meyer", "A. Meyer", "Meyer Anna"),)
    assert len(call.speakers) == 4
    joined = as_one(call, ["A. Meyer", "Meyer Anna"], "Anna Meyer")
    assert [name for name, _ in said(joined)] == ["Anna Meyer", "Ben Ode", "Anna Meyer", "Anna Meyer"]
    assert [turn.text for turn in joined.turns] == [turn.text for turn in call.turns]
    assert (misplaced(joined), proposals(joined)) == ([], ())
    assert joined.content_hash != call.content_hash


def test_a_confirmation_holds_for_the_next_version_as_far_as_its_speakers_are_there() -> None:
    before = as_one(read_text(CALL), ["A. Meyer", "Meyer Anna"], "Anna Meyer")
    assert confirmed_again(read_text(CALL), before.properties) == before
    shorter = confirmed_again(read_text("Anna Meyer: We pay.\nA. Meyer: Now.\nBen Ode: Why?\n"), before.properties)
    assert [speaker.name for speaker in shorter.speakers] == ["Anna Meyer", "Ben Ode"]
    gone = read_text("Ben Ode: Why?\nMeyer Anna: So.\n")
    assert confirmed_again(gone, before.properties) == gone


def test_who_is_not_there_and_who_is_on_both_sides_cannot_be_made_one() -> None:
    call = read_text(CALL)
    with pytest.raises(NotFoundError, match="Nobody in 'call' is called 'Dale': its speakers are 'Anna Meyer'"):
        as_one(call, ["Dale"], "Anna Meyer")
    with pytest.raises(InvalidInputError, match="name another spelling"):
        as_one(call, ["Anna Meyer"], "Anna Meyer")
    anna, ben, *others = call.speakers
    sides = replace(call, speakers=(replace(anna, role="seller"), replace(ben, role="buyer"), *others))
    with pytest.raises(InvalidInputError, match="both sides"):
        as_one(sides, ["Ben Ode"], "Anna Meyer")


def test_a_confirmation_for_a_role_that_changed_since_does_not_join_a_seller_and_a_buyer() -> None:
    before = as_one(read_text(CALL), ["A. Meyer"], "Anna Meyer")
    sides = read_text("Anna Meyer (seller): We pay.\nA. Meyer (buyer): Why?\n")
    assert confirmed_again(sides, before.properties) == sides
