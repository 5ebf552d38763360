"""A change is allowed only where a rule permits it and none refuses; the verdict names the rule."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from core.plans import Inverse, Step
from tests.tools.platforms.pools import NOON
from tools.platforms.base import SYSTEM, Cost, Planned
from tools.platforms.policies import Ceiling, Day, Forbidden, Permission, Policies, Proposal, Radius, Window

POLICIES = Policies(
    permissions=(
        Permission(name="scaled", roles=("ask",), platforms=("gpu-*",), actions=("scale", "purge"), approver="approve"),
    ),
    forbidden=(Forbidden(name="never_purged", actions=("purge",), because="nothing is purged"),),
    ceilings=(
        Ceiling(name="size", instances=5, least_instances=1),
        Ceiling(name="cost", platforms=("gpu-dear",), cost_per_hour=Decimal(10), currency="EUR"),
    ),
    windows=(
        Window(name="by_night", platforms=("gpu-night",), days=(Day.TUESDAY,), begins=time(22), ends=time(4)),
    ),
    blast_radius=(Radius(name="small", instances=3, dependents=1),),
)  # fmt: skip


def proposal(
    before: int = 2,
    after: int = 3,
    *,
    platform: str = "gpu-pool",
    action: str = "scale",
    roles: tuple[str, ...] = ("ask",),
    dependents: tuple[str, ...] = (),
    currency: str = "EUR",
    at: datetime = NOON,
) -> Proposal:
    step = Step(
        SYSTEM,
        action,
        platform,
        {"instances": after},
        before={"instances": before},
        after={"instances": after},
        inverse=Inverse(action, {"instances": before}),
    )
    planned = Planned(step, Cost(Decimal(4 * before), currency), Cost(Decimal(4 * after), currency))
    return Proposal(frozenset(roles), planned, dependents, at)


#: Each is refused by the named rule alone: without it the change would be allowed.
ATTACKS = [
    ("never_purged", proposal(action="purge")),
    ("size", proposal(before=4, after=6)),
    ("size", proposal(before=1, after=0)),
    ("cost", proposal(platform="gpu-dear")),
    ("cost", proposal(platform="gpu-dear", currency="USD")),
    ("by_night", proposal(platform="gpu-night")),
    ("small", proposal(before=1, after=5)),
    ("small", proposal(dependents=("api", "chat"))),
]


def without(name: str) -> Policies:
    groups = ("permissions", "forbidden", "ceilings", "windows", "blast_radius")
    kept: dict[str, Any] = {group: [one for one in getattr(POLICIES, group) if one.name != name] for group in groups}
    return Policies(**kept)


def test_what_is_permitted_may_be_done_once_the_role_has_approved_it() -> None:
    found = POLICIES.verdict(proposal())
    assert (found.allowed, found.rule, found.approver) == (True, "scaled", "approve")


@pytest.mark.parametrize(("name", "attack"), ATTACKS)
def test_each_rule_refuses_and_without_it_the_change_would_be_let_through(name: str, attack: Proposal) -> None:
    found = POLICIES.verdict(attack)
    assert (found.allowed, found.rule, found.approver) == (False, name, None)
    assert POLICIES.verdict(attack).because
    assert without(name).verdict(attack).allowed


@pytest.mark.parametrize(
    "asked", [proposal(roles=("ingest",)), proposal(roles=()), proposal(platform="api"), proposal(action="restart")]
)
def test_what_no_rule_permits_is_refused(asked: Proposal) -> None:
    found = POLICIES.verdict(asked)
    assert (found.allowed, found.rule) == (False, "no_permission")
    assert not Policies().verdict(asked).allowed


def test_a_change_towards_what_is_allowed_is_let_through() -> None:
    assert POLICIES.verdict(proposal(before=9, after=7)).allowed
    assert POLICIES.verdict(proposal(before=0, after=1)).allowed
    assert POLICIES.verdict(proposal(before=5, after=4, platform="gpu-dear")).allowed


@pytest.mark.parametrize(
    ("hours", "open_"), [(-14.5, False), (-14, True), (-8.01, True), (-8, False), (9, False), (10, False)]
)
def test_a_window_over_midnight_belongs_to_its_first_day(hours: float, open_: bool) -> None:
    at = NOON + timedelta(hours=hours)
    assert POLICIES.verdict(proposal(platform="gpu-night", at=at)).allowed is open_


def test_a_rule_without_its_currency_and_two_of_one_name_are_refused() -> None:
    with pytest.raises(ValidationError, match="belong together"):
        Ceiling(name="cost", cost_per_hour=Decimal(1))
    with pytest.raises(ValidationError, match="two rules are named 'size'"):
        Policies(ceilings=(Ceiling(name="size"), Ceiling(name="size")))
