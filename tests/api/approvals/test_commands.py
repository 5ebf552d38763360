"""`sophia approvals`, `sophia rules` and `sophia audit`, as people run them beside a server."""

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from api.approvals.approval import Approval, Terms
from api.bootstrap import open_sophia
from api.security.keys import APPROVE, local_owner
from api.settings import Settings
from core.plans import Plan, Step
from core.remotes import Order
from evals.outside.pool import Pool
from tests.api.children import Done, Place, serving_child
from tests.api.served import in_a_thread

OWNER = local_owner("default")
POOL = "gpu-pool"
TERMS = Terms(APPROVE)
SCALE = Step("platforms", "scale", POOL, {"instances": 3})
UNKNOWN = "apr_0"
DOCUMENTED = Path(__file__).parents[3] / "docs" / "approvals.md"
Asked = dict[str, Approval]


def scaling(instances: int, purpose: str = "Scale the GPU pool") -> Plan:
    return Plan(
        "default", purpose, (replace(SCALE, arguments={"instances": instances}),), because=("Use is \x1b[31mhigh",)
    )


def lost(_order: Order) -> Exception:
    return TimeoutError("nobody heard the answer")


async def seeded(settings: Settings) -> Asked:
    """Approvals in every state in which a command may find one; `parked`'s write left no answer."""
    pool = Pool({POOL: 2})
    pool.after = lost
    asked: Asked = {}
    then = datetime.now(UTC) - timedelta(days=8)
    async with open_sophia(settings, clock=lambda: then, remotes={"platforms": pool}) as sophia:
        asked["late"] = await sophia.outside.ask(scaling(3), TERMS, principal=OWNER)
    async with open_sophia(settings, remotes={"platforms": pool}) as sophia:
        for name in ("waits", "refused", "edited", "documented", "approved", "shown"):
            asked[name] = await sophia.outside.ask(scaling(3, f"Scale: {name}"), TERMS, principal=OWNER)
        for name in ("parked", "parked too", "left"):
            parked = await sophia.outside.ask(scaling(3), TERMS, principal=OWNER)
            approved = await sophia.outside.approvals.approve(parked.id, parked.plan_hash, principal=OWNER)
            asked[name] = await sophia.outside.carrying.carry(approved)
    return asked


@pytest.fixture(scope="module")
def settings(light_directory: Path, light_weights: Path | None, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    directory = tmp_path_factory.mktemp("commands") / "data"
    shutil.copytree(light_directory, directory)
    return Settings(data_dir=directory, embedder_weights=light_weights)


@pytest.fixture(scope="module")
def asked(settings: Settings) -> Asked:
    found: Asked = in_a_thread(lambda: seeded(settings))
    return found


@pytest.fixture(scope="module")
def place(settings: Settings, asked: Asked) -> Iterator[Place]:
    """The directory with a server on it, so that a command opens nothing."""
    place = Place(settings.data_dir, settings.embedder_weights)
    with serving_child(place):
        yield place


def read(done: Done) -> Any:
    assert (done.status, done.err) == (0, ""), done
    return json.loads(done.out)


def steps_file(place: Place, text: str) -> str:
    file = place.directory.parent / "steps.json"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_the_list_names_each_approval_with_its_state(place: Place, asked: Asked) -> None:
    lines = place.run_here("approvals", "list").out.splitlines()
    states = {line.split()[0]: line.split()[1] for line in lines}
    assert [states[asked[name].id] for name in ("late", "waits", "left")] == ["expired", "waiting", "parked"]
    listed = read(place.run_here("approvals", "list", "--json"))
    assert {one["id"]: one["state"] for one in listed} == states


def test_what_is_shown_is_the_whole_plan_and_steers_no_terminal(place: Place, asked: Asked) -> None:
    waits = asked["waits"]
    shown = place.run_here("approvals", "show", waits.id).out
    assert f"Plan {waits.plan_hash}" in shown
    assert '"instances": 3' in shown
    assert "\x1b" not in shown
    whole = read(place.run_here("approvals", "show", waits.id, "--json"))
    assert (whole["plan_hash"], whole["plan"]["because"]) == (waits.plan_hash, ["Use is \x1b[31mhigh"])


@pytest.mark.parametrize("what", ["show", "approve", "reject", "settle"])
def test_an_unknown_id_is_named(what: str, place: Place) -> None:
    complaint = place.run_here("approvals", what, UNKNOWN).complaint()
    assert UNKNOWN in complaint
    assert complaint.endswith("[E_NOT_FOUND]")


@pytest.mark.parametrize("what", ["show", "approve", "reject", "settle"])
def test_an_empty_id_is_not_taken_for_all(what: str, place: Place) -> None:
    assert "An empty id names nothing" in place.run_here("approvals", what, "").complaint()


def test_only_the_plan_that_was_seen_is_approved_and_only_once(place: Place, asked: Asked) -> None:
    approved = asked["approved"]
    other = place.run_here("approvals", "approve", approved.id, "--plan", "0" * 64)
    assert "another plan" in other.complaint()
    assert "64 characters" in place.run_here("approvals", "approve", approved.id, "--plan", "abc").complaint()
    assert "64 characters" in place.run_here("approvals", "approve", approved.id, "--plan", "0" * 12).complaint()
    ended = place.run_here("approvals", "approve", approved.id, "--plan", approved.plan_hash[:12])
    assert ended.out == f"{approved.id} is done\n"
    again = place.run_here("approvals", "approve", approved.id, "--plan", approved.plan_hash)
    assert "is done since default/owner decided it" in again.complaint()


def test_without_a_hash_the_plan_is_shown_and_an_answer_is_waited_for(place: Place, asked: Asked) -> None:
    shown = asked["shown"]
    no = place.run("approvals", "approve", shown.id, stdin=b"n\n")
    assert (no.status, f"Plan {shown.plan_hash}" in no.out, "Run this?" in no.err) == (130, True, True)
    assert read(place.run_here("approvals", "show", shown.id, "--json"))["state"] == "waiting"
    assert place.run("approvals", "approve", shown.id, stdin=b"y\n").out.endswith(f"{shown.id} is done\n")


def test_what_has_expired_is_not_approved_and_nobody_is_asked(place: Place, asked: Asked) -> None:
    late = place.run("approvals", "approve", asked["late"].id)
    assert late.status == 1
    assert "is expired" in late.err
    assert "Run this?" not in late.err


def test_a_rejected_plan_says_why_and_never_runs(place: Place, asked: Asked) -> None:
    refused = asked["refused"]
    said = place.run_here("approvals", "reject", refused.id, "--plan", refused.plan_hash, "--note", "too dear")
    assert said.out == f"{refused.id} is rejected: too dear\n"
    approved = place.run_here("approvals", "approve", refused.id, "--plan", refused.plan_hash)
    assert "is rejected" in approved.complaint()


@pytest.mark.parametrize(
    ("text", "complains"),
    [
        ("{", "is not JSON"),
        ("\ufeff[]", "is not JSON"),
        ('[{"target": NaN}]', "is not JSON"),
        ("[]", "steps"),
        ("{}", "steps"),
        ('[{"system": "platforms"}]', "action"),
        ('[{"system": "platforms", "action": "scale", "target": "gpu-pool", "sudo": true}]', "sudo"),
        ('[{"system": " ", "action": "scale", "target": "gpu-pool"}]', "names no system"),
    ],
)
def test_a_broken_edit_changes_nothing(text: str, complains: str, place: Place, asked: Asked) -> None:
    waits = asked["waits"]
    steps = steps_file(place, text)
    assert complains in place.run_here("approvals", "edit", waits.id, steps, "--plan", waits.plan_hash).complaint()
    assert read(place.run_here("approvals", "show", waits.id, "--json"))["state"] == "waiting"


def test_an_edit_waits_for_its_own_decision(place: Place, asked: Asked) -> None:
    edited = asked["edited"]
    steps = read(place.run_here("approvals", "show", edited.id, "--json"))["plan"]["steps"]
    steps[0]["arguments"]["instances"] = 4
    done = place.run_here(
        "approvals", "edit", edited.id, steps_file(place, json.dumps(steps)), "--plan", edited.plan_hash
    )
    new = done.out.split(":")[0]
    assert '"instances": 4' in done.out
    by_the_old_hash = place.run_here("approvals", "approve", new, "--plan", edited.plan_hash)
    assert "another plan" in by_the_old_hash.complaint()
    assert read(place.run_here("approvals", "show", edited.id, "--json"))["replaced_by"] == new


def test_the_steps_of_the_documentation_are_an_edit(place: Place, asked: Asked) -> None:
    waits = asked["documented"]
    [steps] = re.findall(r"```json\n(.*?)```", DOCUMENTED.read_text(encoding="utf-8"), re.DOTALL)
    done = place.run_here("approvals", "edit", waits.id, steps_file(place, steps), "--plan", waits.plan_hash)
    edited = read(place.run_here("approvals", "show", done.out.split(":")[0], "--json"))
    assert edited["plan"]["steps"] == json.loads(steps)


@pytest.mark.parametrize(
    ("name", "found", "ends"), [("parked", "--happened", "done"), ("parked too", "--did-not", "failed")]
)
def test_a_parked_plan_ends_by_what_a_person_found(
    name: str, found: str, ends: str, place: Place, asked: Asked
) -> None:
    parked = asked[name]
    assert place.run_here("approvals", "settle", parked.id, found).out.startswith(f"{parked.id} is {ends}")
    assert "only a parked one" in place.run_here("approvals", "settle", parked.id).complaint()


def rule(place: Place, *fields: str) -> Any:
    named = [part for field in fields for part in ("--field", field)]
    added = place.run_here("rules", "add", "crm", "update", "--target", "deal-1", *named, "--most", "4")
    assert (added.status, added.err) == (0, ""), added
    [made] = [one for one in read(place.run_here("rules", "list", "--json")) if one["id"] == added.out.split()[0]]
    return made


def test_a_rules_numbers_are_numbers_and_its_words_are_words(place: Place) -> None:
    made = rule(place, "instances=1..3", "stage=won|lost", "size=1|2.5", 'code="007"|8b', "on=true")
    assert made["fields"] == {
        "instances": {"one_of": [], "low": "1", "high": "3"},
        "stage": {"one_of": ["won", "lost"], "low": None, "high": None},
        "size": {"one_of": [1, 2.5], "low": None, "high": None},
        "code": {"one_of": ["007", "8b"], "low": None, "high": None},
        "on": {"one_of": [True], "low": None, "high": None},
    }
    [line] = [line for line in place.run_here("rules", "list").out.splitlines() if made["id"] in line]
    assert "code=007|8b instances=1..3 on=true size=1|2.5 stage=won|lost" in line


@pytest.mark.parametrize("field", ["size", "size=", "=3", "size=1..", "size=a..b", "size=3..1", "size=1|", "size= "])
def test_bounds_that_bound_nothing_are_refused(field: str, place: Place) -> None:
    added = place.run_here("rules", "add", "crm", "update", "--target", "deal-1", "--field", field, "--most", "4")
    assert added.complaint().endswith("[E_INVALID_INPUT]")


def test_a_rule_is_revoked_once(place: Place) -> None:
    made = rule(place, "instances=1..3")
    assert place.run_here("rules", "revoke", made["id"]).out == f"{made['id']} is revoked\n"
    assert place.run_here("rules", "revoke", made["id"]).complaint().endswith("[E_NOT_FOUND]")
    assert f"{made['id']}  crm update deal-1" in place.run_here("rules", "list").out


def test_the_audit_log_is_shown_and_is_whole(place: Place, asked: Asked) -> None:
    lines = place.run_here("audit", "show", "--most", "1000").out.splitlines()
    entries = read(place.run_here("audit", "show", "--most", "1000", "--json"))
    assert [one["n"] for one in entries] == list(range(1, len(lines) + 1))
    assert (entries[0]["action"], entries[0]["subject"]) == ("approval.asked", asked["late"].id)
    assert read(place.run_here("audit", "show", "--after", "1", "--most", "1", "--json")) == [entries[1]]
    assert place.run_here("audit", "verify").out == f"{len(entries)} entries, all as they were written\n"


def test_where_nothing_was_asked_the_commands_say_so_and_a_changed_log_is_named(
    light_directory: Path, light_weights: Path | None, tmp_path: Path
) -> None:
    place = Place(shutil.copytree(light_directory, tmp_path / "data"), light_weights)
    for command, says in (("approvals", "Nothing was ever asked"), ("rules", "no standing rules")):
        nothing = place.run_here(command, "list")
        assert (nothing.status, nothing.out) == (0, "")
        assert says in nothing.err
        assert read(place.run_here(command, "list", "--json")) == []
    assert place.run_here("audit", "verify").out == "0 entries, all as they were written\n"
    place.run_here("rules", "add", "crm", "update", "--target", "deal-1", "--most", "4")
    with closing(sqlite3.connect(place.directory / "sophia.db")) as connection, connection:
        connection.execute("UPDATE audit SET actor = 'default/nobody'")
    assert "changed at entry 1" in place.run_here("audit", "verify").complaint()
