"""What every platform keeps to. A suite for one subclasses `PlatformContract` and gives the fixture `platform`; one that can
be changed gives `change` too.
"""

import pytest

from core.errors import ConflictError, RejectedError, UnsupportedError
from core.plans import Step
from tools.platforms.base import SYSTEM, Change, Event, Health, Platform

ANY = Step(SYSTEM, "scale", "platform", {"instances": 3}, {"instances": 2}, {"instances": 3})


class PlatformContract:
    """The promises of the port."""

    async def test_a_status_names_the_platform_its_moment_and_how_it_does(self, platform: Platform) -> None:
        status = await platform.status()
        assert (status.platform, status.title) == (platform.name, platform.title)
        assert status.health is not Health.UNKNOWN
        assert status.at.tzinfo is not None
        assert status.says
        assert len({one.metric for one in status.readings}) == len(status.readings)

    async def test_what_it_cannot_do_is_refused(self, platform: Platform) -> None:
        with pytest.raises(RejectedError):
            await platform.plan(Change("turn to gold", {}))

    async def test_an_event_that_it_does_not_know_is_refused(self, platform: Platform) -> None:
        with pytest.raises(UnsupportedError, match="knows no event 'sneezed'"):
            await platform.handle_event(Event("sneezed", (await platform.status()).at))


class WatchedContract(PlatformContract):
    """Of what is only watched: nothing about it can be changed from here."""

    async def test_every_change_is_refused_with_the_remedy(self, platform: Platform) -> None:
        for refused in (
            platform.plan(Change("scale", {"instances": 3})),
            platform.apply(ANY, key="k"),
            platform.rollback(ANY, key="k"),
        ):
            with pytest.raises(UnsupportedError, match="must be done where it is operated"):
                await refused


class ChangedContract(PlatformContract):
    """Of what can be changed."""

    async def test_a_plan_says_before_after_and_what_leads_back_and_does_nothing(
        self, platform: Platform, change: Change
    ) -> None:
        before = (await platform.status()).actual
        step = (await platform.plan(change)).step
        assert (step.system, step.target, step.before) == (SYSTEM, platform.name, before)
        assert step.after != step.before
        assert step.inverse is not None
        assert (await platform.status()).actual == before

    async def test_what_is_applied_is_as_planned_and_done_once_a_key(self, platform: Platform, change: Change) -> None:
        step = (await platform.plan(change)).step
        assert (await platform.apply(step, key="k1")).actual == step.after
        assert (await platform.apply(step, key="k1")).actual == step.after
        assert (await platform.status()).actual == step.after

    async def test_a_step_that_is_no_longer_true_is_refused_and_does_nothing(
        self, platform: Platform, change: Change
    ) -> None:
        step = (await platform.plan(change)).step
        await platform.apply(step, key="k1")
        with pytest.raises(ConflictError, match="make a new plan"):
            await platform.apply(step, key="k2")
        assert (await platform.status()).actual == step.after

    async def test_what_is_taken_back_is_as_before_and_stays_so(self, platform: Platform, change: Change) -> None:
        step = (await platform.plan(change)).step
        await platform.apply(step, key="k1")
        assert (await platform.rollback(step, key="k2")).actual == step.before
        assert (await platform.rollback(step, key="k3")).actual == step.before
        assert (await platform.apply(step, key="k1")).actual == step.before
