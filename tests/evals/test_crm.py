"""The grader of the suite `crm`: what is right, wrong and missed, and that its calls can be judged."""

from importlib.resources import files

import pytest
import yaml

from evals.suites.crm import Judged, judged_short, measures, short

FIELDS = {"amount", "expected", "stage", "next_step", "competitor", "contact"}
WRITTEN = yaml.safe_load(files("evals").joinpath("datasets/crm_changes/calls.yaml").read_text(encoding="utf-8"))


def test_a_wanted_change_with_another_value_is_wrong_and_missed() -> None:
    entry = {"name": "one", "changes": {"amount": "10"}}
    assert judged_short(entry, {"amount": "10"}) == Judged("one", 1, (), ())
    assert judged_short(entry, {"amount": "11"}) == Judged("one", 0, ("amount",), ("amount",))
    assert judged_short(entry, {"stage": "Won"}) == Judged("one", 0, ("stage",), ("amount",))
    assert judged_short({**entry, "may": ["stage"]}, {"amount": "10", "stage": "Won"}) == Judged("one", 1, (), ())


def test_precision_is_over_what_is_proposed_and_recall_over_what_is_wanted() -> None:
    told = measures([Judged("a", 3, ("stage",), ()), Judged("b", 0, (), ("amount", "expected"))])
    assert (told["precision"], told["recall"], told["wanted"]) == (0.75, 0.6, 5)
    assert measures([Judged("a", 0, (), ())])["precision"] == 1.0


@pytest.mark.parametrize("which", ["calls", "heldout"])
def test_every_short_call_names_what_is_wanted_of_known_fields_and_is_judged(which: str) -> None:
    entries = WRITTEN[which]
    for entry in entries:
        assert set(entry["changes"]) | set(entry.get("may", ())) <= FIELDS, entry["name"]
        assert {line.split(" ", 1)[0] for line in entry["said"]} <= set(WRITTEN["people"]), entry["name"]
    assert [one.name for one in short(which)] == [entry["name"] for entry in entries]
