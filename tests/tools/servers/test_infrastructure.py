"""The infrastructure tools tell bound numbers and plan changes; none of them changes a platform."""

from pathlib import Path

import pytest
from pydantic import JsonValue

from core.errors import NotFoundError, UnsupportedError
from core.plans import plan_hash
from tests.tools.platforms.estates import ANNA, OUTSIDER, order
from tests.tools.servers.platform_office import office
from tools.servers.platform_results import History, PlannedChange, PlatformList, Statuses


async def test_no_tool_applies_anything_and_reading_ones_say_that_they_read(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        reads = {tool.name: tool.annotations and tool.annotations.read_only_hint for tool in one.gateway.tools}
    assert reads == {
        "list_platforms": True, "platform_status": True, "platform_history": True, "plan_change": False,
    }  # fmt: skip


async def test_a_status_has_figures_bound_to_its_call_and_says_what_is_simulated(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        found = Statuses.model_validate((await one.gateway.call(ANNA, "platform_status", {})).structured)
    sophia, gpu = found.platforms
    assert (sophia.simulated, gpu.simulated, found.label) == (False, True, "internal")
    figures = {figure.metric: figure.figure for figure in gpu.figures}
    assert (figures["instances"].value, figures["utilisation"].text) == (2, "100 %")
    assert figures["cost_per_hour"].subject == "GPU pool (simulated)"
    assert figures["instances"].query == "platform_status(platform='gpu-pool')"
    assert figures["instances"].as_of == "2026-03-18"
    assert ("at", "2026-03-18T12:00:00+00:00") in figures["instances"].parameters


async def test_a_plan_is_shown_whole_waits_only_when_submitted_and_changes_nothing(tmp_path: Path) -> None:
    wanted: dict[str, JsonValue] = {"platform": "gpu-pool", "action": "scale", "arguments": {"instances": 3}}
    async with office(tmp_path) as one:
        shown = PlannedChange.model_validate((await one.gateway.call(ANNA, "plan_change", wanted)).structured)
        assert (shown.approval, one.desk.waiting) == (None, [])
        asked = await one.gateway.call(ANNA, "plan_change", {**wanted, "submit": True})
        planned = PlannedChange.model_validate(asked.structured)
        [(plan, role, who)] = one.desk.waiting
        assert (await one.estate.estate.statuses(ANNA, ["gpu-pool"]))[0].actual == {"instances": 2}
    assert (planned.approval, role, who, plan_hash(plan)) == ("apr_1", "approve", "acme/anna", planned.plan_hash)
    assert (planned.allowed, planned.rule, planned.simulated) == (True, "pools_may_be_scaled", True)
    numbers = {figure.metric: figure.value for figure in planned.figures}
    assert numbers == {
        "instances_now": 2, "instances_planned": 3, "cost_per_hour_now": 5, "cost_per_hour_planned": 7.5,
    }  # fmt: skip


async def test_what_policy_refuses_is_put_before_nobody(tmp_path: Path) -> None:
    wanted: dict[str, JsonValue] = {
        "platform": "gpu-pool",
        "action": "scale",
        "arguments": {"instances": 9},
        "submit": True,
    }
    async with office(tmp_path) as one:
        found = PlannedChange.model_validate((await one.gateway.call(ANNA, "plan_change", wanted)).structured)
        assert (found.allowed, found.rule, found.approval, one.desk.waiting) == (False, "pool_size", None, [])


async def test_history_tells_what_was_done_and_by_whom(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        await one.estate.remote.call(order(3))
        answer = await one.gateway.call(ANNA, "platform_history", {"platform": "gpu-pool"})
    (line,) = History.model_validate(answer.structured).lines
    assert (line.kind, line.by, line.plan, line.before, line.after) == (
        "applied", "acme/anna", "p1", {"instances": 2}, {"instances": 3},
    )  # fmt: skip


async def test_strangers_see_no_platforms_and_refusals_keep_their_codes(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        listed = PlatformList.model_validate((await one.gateway.call(OUTSIDER, "list_platforms", {})).structured)
        assert listed.platforms == ()
        with pytest.raises(NotFoundError, match="none that you may see"):
            await one.gateway.call(OUTSIDER, "platform_status", {"platform": "gpu-pool"})
        with pytest.raises(UnsupportedError, match="only watched"):
            await one.gateway.call(ANNA, "plan_change", {"platform": "sophia", "action": "restart"})
