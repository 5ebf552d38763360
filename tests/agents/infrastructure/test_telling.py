"""Answers about platforms, over the real tools and the extractive language: bound numbers, and plans that wait."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from agents.base import Finding, Task, Turn
from agents.infrastructure.agent import build_infrastructure
from core.identity import Principal
from models.embeddings import LexicalHashing
from models.extractive.language import Extractive
from models.language import Brief
from tests.tools.platforms.estates import ANNA, OUTSIDER, order
from tests.tools.platforms.pools import NOON
from tests.tools.servers.platform_office import Office, office
from tools.platforms.base import Event


@dataclass(frozen=True)
class Desk:
    """Somebody at work, who asks."""

    turn: Turn
    office: Office

    async def ask(self, question: str, **previous: str) -> Finding:
        task = Task("infrastructure", question, previous=dict(previous))
        [found] = (await build_infrastructure().ainvoke({"task": task}, context=self.turn))["findings"]
        assert isinstance(found, Finding)
        return found

    async def told(self, question: str) -> str:
        """The answer as it is read, every sentence of it checked."""
        found = await self.ask(question)
        withheld: list[str] = []
        call = self.turn.call("answer", withheld=withheld.append)
        brief = Brief(found.form, question, found.sources, found.figures)
        lines = [one.text async for one in self.turn.language.write(brief, call=call)] if found.figures else []
        assert withheld == []
        return "\n".join([*lines, found.note or ""])


@asynccontextmanager
async def at_work(folder: Path, who: Principal = ANNA) -> AsyncIterator[Desk]:
    async with office(folder) as one:
        never = datetime.max.replace(tzinfo=UTC)
        yield Desk(Turn(who, NOON, never, Extractive(LexicalHashing()), one.gateway), one)


async def test_the_status_of_the_pool_has_its_numbers_and_says_that_it_is_simulated(tmp_path: Path) -> None:
    async with at_work(tmp_path) as desk:
        told = await desk.told("Status of the GPU pool")
        found = await desk.ask("Status of the GPU pool")
    assert "Instances, GPU pool (simulated): 2 (as of 2026-03-18)." in told
    assert "Utilisation, GPU pool (simulated): 100 %" in told
    assert "It is simulated: no machine is behind it." in told
    assert all(figure.query_hash and figure.parameters for figure in found.figures)
    assert found.arguments == {"platform": "gpu-pool"}


async def test_a_number_is_told_of_whoever_tells_it_and_nothing_else(tmp_path: Path) -> None:
    async with at_work(tmp_path) as desk:
        queue = await desk.ask("How long is the message queue?")
        used = await desk.ask("and the utilisation?", platform="gpu-pool")
        nobody = await desk.ask("Latency of the GPU pool")
    assert [(one.metric, one.subject, one.value) for one in queue.figures] == [("runs_waiting", "Sophia", 4)]
    assert [one.metric for one in used.figures] == ["utilisation"]
    assert nobody.figures == ()
    assert nobody.note is not None
    assert nobody.note.startswith("That number is not told by GPU pool.")


async def test_what_is_not_watched_is_said_to_be_unknown_and_not_answered_from_others(tmp_path: Path) -> None:
    async with at_work(tmp_path) as desk:
        for question in ("Is the HubSpot integration healthy?", "How much does the Postgres cluster cost?", "Restart the transcriber"):  # fmt: skip
            found = await desk.ask(question)
            assert found.figures == ()
            assert found.note is not None
            assert "No platform is known by these words. There are: Sophia, GPU pool." in found.note


async def test_costs_are_an_hour_and_say_who_tells_none(tmp_path: Path) -> None:
    async with at_work(tmp_path) as desk:
        found = await desk.ask("What do we pay for all our platforms?")
    assert [(one.metric, one.text, one.subject) for one in found.figures] == [
        ("cost_per_hour", "€5", "GPU pool (simulated)"),
    ]  # fmt: skip
    assert found.note == "No cost is known of Sophia. GPU pool is simulated: nobody is billed."


async def test_incidents_are_what_is_not_well_and_what_happened_with_drift(tmp_path: Path) -> None:
    async with at_work(tmp_path) as desk:
        await desk.office.estate.remote.call(order(3))
        await desk.office.estate.estate.heard("gpu-pool", Event("instance_lost", NOON), ANNA)
        told = await desk.told("Any incidents?")
    assert "It should have instances 3 and has 2." in told
    assert "2026-03-18 12:00 UTC, GPU pool: applied, instances 2 -> instances 3, by acme/anna." in told
    assert told.index("observed") < told.index("applied")


async def test_scaling_gives_a_plan_that_waits_and_says_how_to_approve_it(tmp_path: Path) -> None:
    async with at_work(tmp_path) as desk:
        told = await desk.told("Scale the GPU pool to 3")
        [(plan, role, _)] = desk.office.desk.waiting
        assert (plan.steps[0].after, role) == ({"instances": 3}, "approve")
        assert (await desk.office.estate.estate.statuses(ANNA, ["gpu-pool"]))[0].actual == {"instances": 2}
    assert "scale gpu-pool, instances 2 -> instances 3; undone by scale, instances 2" in told
    assert "Cost per hour planned, GPU pool (simulated): €7.50" in told
    assert "rule 'pools_may_be_scaled'" in told
    assert "'sophia approvals approve apr_1'" in told


async def test_one_more_counts_from_now_and_what_if_is_only_shown(tmp_path: Path) -> None:
    async with at_work(tmp_path) as desk:
        shown = await desk.told("What would it cost to scale the GPU pool to 4?")
        assert desk.office.desk.waiting == []
        await desk.ask("Add another node to the GPU pool")
        [(plan, _, _)] = desk.office.desk.waiting
    assert "Nothing was submitted or changed" in shown
    assert "Cost per hour planned, GPU pool (simulated): €10" in shown
    assert plan.steps[0].after == {"instances": 3}


async def test_what_cannot_or_may_not_be_done_is_said_with_its_reason(tmp_path: Path) -> None:
    async with at_work(tmp_path) as desk:
        refused = await desk.told("Scale the GPU pool to 9")
        restart = await desk.told("Restart Sophia")
        already = await desk.told("Scale the GPU pool to 2")
        unsaid = await desk.told("Scale up the GPU pool")
        below = [await desk.told(f"Scale the GPU pool to {size}") for size in ("-2", "minus two")]
        assert desk.office.desk.waiting == []
    assert "Policy refuses it: rule 'pool_size', at most 5 instances are allowed, and this would make 9" in refused
    assert "'restart' must be done where it is operated" in restart
    assert "as wanted already" in already
    assert "To how many instances?" in unsaid
    for said in below:
        assert "Refused: The GPU pool cannot have -2 instances" in said
        assert "rule 'pool_size' allows 1 to 5 instances. Nothing was planned or changed." in said


async def test_another_tenant_sees_no_platform(tmp_path: Path) -> None:
    async with at_work(tmp_path, OUTSIDER) as desk:
        for question in ("Status of the GPU pool", "Scale the GPU pool to 3", "Any incidents?"):
            found = await desk.ask(question)
            assert "GPU" not in (found.note or "")
            assert found.figures == ()
