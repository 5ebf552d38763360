"""`sophia decide` and `sophia decisions` where no server runs."""

import re
import shutil
from pathlib import Path

import pytest

from tests.api.children import Place

CALL = "1118535671324076270"
BARGAINED = "1074118373301179719"
SAID = "Anything where the carrier pays, a fee, a subscription, whatever, we're not doing it."
PILOT = (
    "--question", "How are pilots run?",
    "--choice", "Paid, and thirty days at most",
    "--because", "Free pilots ended without a contract.",
    "--owner", "Renata Voss",
    "--on", "2026-02-17",
    "--alternative", "a free pilot: nobody has to decide anything",
    "--review", "2026-03-01",
    "--wire", "open_deals < 1,000 for a free pilot",
)  # fmt: skip


@pytest.fixture
def place(light_directory: Path, light_weights: Path | None, tmp_path: Path) -> Place:
    shutil.copytree(light_directory, tmp_path / "data")
    return Place(tmp_path / "data", light_weights)


@pytest.fixture(scope="module")
def untold(light_weights: Path | None, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A directory that no decision gets into."""
    return Place(tmp_path_factory.mktemp("untold") / "data", light_weights)


def decided(place: Place, *arguments: str) -> str:
    """The id of what was recorded."""
    done = place.run_here("decide", *arguments)
    assert (done.status, done.err) == (0, "")
    return done.out.partition(":")[0]


def test_what_was_decided_is_shown_and_found_again(place: Place) -> None:
    shown = place.run_here("decide", *PILOT)
    [id_] = re.findall(r"^dec_\w+", shown.out)
    assert "not a free pilot: nobody has to decide anything" in shown.out
    assert "no longer holds once open_deals is below 1,000 (for a free pilot)" in shown.out
    assert place.run_here("decisions", "show", id_).out == shown.out
    assert place.run_here("decisions", "why", "How are pilots run?").out == shown.out
    rejected = place.run_here("decisions", "rejected", "a free pilot").out
    assert f"rejected on 2026-02-17 by Renata Voss ({id_})" in rejected
    assert "its review was due on 2026-03-01" in place.run_here("decisions", "due").out


def test_what_takes_its_place_ends_it_and_what_came_of_it_is_kept(place: Place) -> None:
    first = decided(place, *PILOT, "--confidence", "0.9")
    second = decided(place, *PILOT, "--choice", "Free again", "--on", "2026-03-10", "--review", "2026-06-01", "--supersedes", first)  # fmt: skip
    assert first in place.run_here("decisions", "as-of", "2026-03-09").out
    assert second in place.run_here("decisions", "as-of", "2026-03-10").out
    assert "(until 2026-03-10)" in place.run_here("decisions", "list").out.splitlines()[0]
    done = place.run_here("decisions", "outcome", first, "Two of seven signed", "--failed", "--on", "2026-03-09")
    assert "it did not work out (2026-03-09): Two of seven signed" in done.out
    assert "Renata Voss  1 decision  sure 0.90, right 0.00" in place.run_here("decisions", "calibration").out
    assert place.run_here("decisions", "supersede", second, second).complaint().endswith("[E_INVALID_INPUT]")


def test_an_option_replaces_whose_place_the_file_says_it_takes(place: Place) -> None:
    first, other = decided(place, *PILOT), decided(place, *PILOT)
    file = place.directory.parent / "again.yaml"
    file.write_text(
        f"question: How?\nchoice: Free\nowner: Ada\ndecided_on: 2026-03-10\nsupersedes: {other}\n", encoding="utf-8"
    )
    decided(place, "--file", str(file), "--supersedes", first)
    listed = place.run_here("decisions", "as-of", "2026-03-10").out
    assert other in listed
    assert first not in listed


def test_a_file_may_quote_a_call_in_its_own_words_only(place: Place) -> None:
    file = place.directory.parent / "fee.yaml"
    text = f"""
question: May carriers be charged?
choice: No
owner: Teo Brandvold
decided_on: 2026-01-13
evidence: [{{document: "{CALL}", turns: [62, 73], quote: "{SAID}"}}]
""".replace("choice: No", "choice: 'No'")
    file.write_text(text, encoding="utf-8")
    assert f'"{SAID}" ({CALL}, turn 62)' in place.run_here("decide", "--file", str(file)).out
    file.write_text(text.replace("we're not doing it", "we'll pay"), encoding="utf-8")
    assert "quote the call's own words" in place.run_here("decide", "--file", str(file)).complaint()
    assert len(place.run_here("decisions", "list").out.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--alternative", "a free pilot"), "has no reason"),
        (("--wire", "open_deals around 5"), "Unknown trip-wire"),
        (("--wire", "happiness < 5"), "happiness"),
        (("--wire", "open_deals < 5 for a longer pilot"), "which is no alternative"),
        (("--wire", "open_deals(planet=Mars) < 5"), "has no parameter 'planet'"),
        (("--supersedes", "dec_unknown"), "No decision 'dec_unknown'"),
        (("--review", "2026-01-01"), "comes before the decision"),
    ],
)
def test_what_cannot_hold_is_refused_and_nothing_is_recorded(
    untold: Place, arguments: tuple[str, ...], said: str
) -> None:
    assert said in untold.run_here("decide", *PILOT, *arguments).complaint()
    assert untold.run_here("decisions", "list").out == ""


def test_what_is_missing_is_named(untold: Place) -> None:
    done = untold.run_here("decide", "--choice", "Paid")
    assert (done.status, done.out) == (2, "")
    assert "needs --question, --owner" in done.err


def test_what_was_heard_is_confirmed_or_dismissed(place: Place) -> None:
    assert "wait: see" in place.run_here("decisions", "hear", BARGAINED).out
    heard = re.findall(r"^prop_\w+", place.run_here("decisions", "proposals").out, re.MULTILINE)
    confirmed = place.run_here("decisions", "confirm", heard[0], "--yes")
    assert re.search("^dec_", confirmed.out, re.MULTILINE)
    assert place.run_here("decisions", "dismiss", heard[0]).complaint().endswith("[E_CONFLICT]")
    assert place.run_here("decisions", "dismiss", heard[1]).out == f"{heard[1]} is dismissed\n"
    assert heard[0] not in place.run_here("decisions", "proposals").out


def test_what_would_be_recorded_is_shown_with_what_it_replaces_and_nothing_is_recorded_unasked(place: Place) -> None:
    first = decided(place, *PILOT)
    place.run_here("decisions", "hear", BARGAINED)
    [proposal] = re.findall(r"^(prop_\w+).*six branches", place.run_here("decisions", "proposals").out, re.MULTILINE)
    listed = place.run_here("decisions", "list").out
    unasked = place.run_here("decisions", "confirm", proposal, "--supersedes", first)
    assert unasked.status == 1
    assert "Not moving six branches in April" in unasked.out
    assert f"takes the place of {first}" in unasked.out
    assert f"{proposal!r} still waits: say --yes" in unasked.err
    assert place.run_here("decisions", "list").out == listed
    told = place.run_here("decisions", "confirm", proposal, "--supersedes", first, "--yes").out
    [id_] = re.findall(r"^(dec_\w+):", told, re.MULTILINE)
    assert f"superseded by {id_}" in place.run_here("decisions", "show", first).out
    assert place.run_here("decisions", "confirm", proposal).out == place.run_here("decisions", "show", id_).out


def test_the_two_times_are_told_apart_with_an_example_of_each(untold: Place) -> None:
    help_ = " ".join(untold.run_here("decisions", "as-of", "--help").out.split())
    assert "'as-of 2026-02-20' lists what was in force" in help_
    assert "'as-of 2026-02-20 --known 2026-02-20' leaves out" in help_
