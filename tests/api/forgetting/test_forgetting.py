"""A call that is forgotten: nothing of its words is left in the data directory, and what quoted it stays withheld."""

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import httpx2
import pytest

from api.approvals.approval import Terms
from api.security.keys import APPROVE, local_owner
from api.settings import Settings
from core.plans import Plan, Step
from memory.decisions.model import Decision, Evidence
from tests.api.forgetting.dying import Dying, at_work, dying
from tests.api.served import Served, ask, problem_of, serving

SECRET = b"zanzibar"
CALL = """Title: Quarry review
Date: 2026-03-11T10:00:00Z

Odile Kranz: The quarry wants eleven million zanzibar dollars for the feldspar contract.
Bram Tessel: Eleven million zanzibar dollars for feldspar is a lot of money for the quarry.
"""
OTHER = """Title: Harbour review

Ines Falk: The harbour wants two million dollars for the granite contract.
Bram Tessel: Two million for granite is fair.
"""
POINTS = ("asked", "withdrawn", "settled", "deleted", "erased", "purged", "written anew", "cut", "ended")
SAID = "The quarry wants eleven million zanzibar dollars for the feldspar contract."


@asynccontextmanager
async def two_calls(directory: Path, weights: Path | None) -> AsyncIterator[Served]:
    """Sophia with two calls, one of which holds a word that stands nowhere else."""
    async with serving(Settings(data_dir=directory, embedder_weights=weights)) as opened:
        async with opened.client() as owner:
            for name, text in (("quarry", CALL), ("harbour", OTHER)):
                await owner.post("/v1/documents", params={"name": f"{name}.txt"}, content=text.encode())
        yield opened


def holding(directory: Path, word: bytes = SECRET) -> list[str]:
    """The files that hold the word, free pages, logs and earlier versions among them."""
    files = (path for path in directory.rglob("*") if path.is_file())
    return sorted(str(path.relative_to(directory)) for path in files if word in path.read_bytes().lower())


async def asked(client: httpx2.AsyncClient) -> str:
    """The run of an answer that quotes the call."""
    lines = await ask(client, "How much does the quarry want for feldspar?", calls=["quarry"])
    assert any(SECRET.decode() in str(line.data) for line in lines if line.type == "sentence")
    return str(lines[0].data["run"])


async def proposed(served: Served, question: str) -> str:
    """A decision that was heard on the call and waits."""
    owner = local_owner(served.sophia.settings.tenant)
    call = await served.sophia.documents.transcript("quarry", owner)
    said = Evidence("quarry", call.content_hash, (0, 0), SAID)
    draft = Decision(question=question, choice="Yes", owner="Ruth", decided_on=date(2026, 3, 11), evidence=(said,))
    return await served.sophia.decisions.proposals.propose(draft, owner)


async def planned(served: Served) -> str:
    """A plan that quotes the call and waits for its approval."""
    owner = local_owner(served.sophia.settings.tenant)
    plan = Plan(owner.tenant, "Note the price", (Step("crm", "update", "deal"),), (f'"{SAID}" (call quarry, turn 0)',))
    return (await served.sophia.outside.approvals.ask(plan, Terms(APPROVE), principal=owner)).id


@pytest.fixture(scope="module")
def processes() -> Iterator[Dying]:
    with dying() as opened:
        yield opened


async def test_nothing_of_a_forgotten_call_is_left_in_any_file_and_what_quoted_it_stays_withheld(
    tmp_path: Path, light_weights: Path | None
) -> None:
    async with two_calls(tmp_path, light_weights) as served, served.client() as client:
        owner = local_owner(served.sophia.settings.tenant)
        await proposed(served, "Shall we pay?")
        await served.sophia.decisions.proposals.confirm(await proposed(served, "Shall we sign?"), owner)
        approval, run = await planned(served), await asked(client)
        assert {Path(name).parts[0] for name in holding(tmp_path)} >= {"sophia.db-wal", "index"}

        (goes,) = (await client.get("/v1/forgetting", params={"document": "quarry"})).json()
        assert (goes["title"], goes["turns"], goes["versions"]) == ("Quarry review", 2, 1)
        counted = {"answers": 1, "conversations": 1, "proposals": 2, "plans": 1, "decisions": 1}
        assert {name: count for name, count in goes["traces"].items() if count} == counted
        assert (await client.post("/v1/forgetting", json={"document": "quarry"})).json() == goes
        assert holding(tmp_path) == []

        view = (await client.get(f"/v1/runs/{run}")).json()
        assert (view["answer"], "no longer read" in view["withheld"]) == (None, True)
        assert await problem_of(await client.get(f"/v1/runs/{run}/events"), 403, "E_WITHHELD")
        assert (await client.get("/v1/decisions")).json()["decisions"] == []
        assert await served.sophia.decisions.proposals.waiting(owner) == []
        assert await problem_of(await client.get(f"/v1/approvals/{approval}"), 404, "E_NOT_FOUND")
        again = await client.post("/v1/forgetting", json={"document": "quarry"})
        assert await problem_of(again, 404, "E_NOT_FOUND")
        assert (await client.get("/v1/audit/verify")).status_code == 200
    assert holding(tmp_path) == []


async def test_the_other_calls_are_found_as_before(tmp_path: Path, light_weights: Path | None) -> None:
    async with two_calls(tmp_path, light_weights) as served, served.client() as client:
        await client.post("/v1/forgetting", json={"document": "quarry"})
        lines = await ask(client, "How much does the harbour want for granite?")
        assert any("two million dollars" in str(line.data) for line in lines if line.type == "sentence")
        await client.post("/v1/documents", params={"name": "quarry.txt"}, content=CALL.encode())
        assert await asked(client)


async def test_the_calls_of_a_person_are_told_by_name_in_any_case(tmp_path: Path, light_weights: Path | None) -> None:
    async with two_calls(tmp_path, light_weights) as served, served.client() as client:
        for name, calls in (("odile kranz", {"quarry"}), ("Bram Tessel", {"quarry", "harbour"})):
            found = (await client.get("/v1/forgetting", params={"person": name})).json()
            assert {one["document"] for one in found} == calls
        nobody = await client.get("/v1/forgetting", params={"person": "Odile"})
        assert await problem_of(nobody, 404, "E_NOT_FOUND")
        assert await problem_of(await client.get("/v1/forgetting"), 422, "E_INVALID_INPUT")
        async with served.client(await served.key("ann")) as ann:
            for refused in (
                await ann.get("/v1/forgetting", params={"person": "Bram Tessel"}),
                await ann.post("/v1/forgetting", json={"document": "quarry"}),
            ):
                assert await problem_of(refused, 403, "E_FORBIDDEN")


async def test_what_a_kill_cuts_short_is_finished_by_the_next_owner(
    tmp_path: Path, light_weights: Path | None, processes: Dying
) -> None:
    kept = tmp_path / "kept"
    async with two_calls(kept, light_weights) as served, served.client() as client:
        await proposed(served, "Shall we pay?")
        await planned(served)
        await asked(client)
    points = 0
    while processes.forget(shutil.copytree(kept, tmp_path / str(points)), light_weights, "quarry", points + 1):
        async with at_work(Settings(data_dir=tmp_path / str(points), embedder_weights=light_weights)) as forgetting:
            await forgetting.recover()
        assert holding(tmp_path / str(points)) == []
        points += 1
    assert points == len(POINTS)


async def test_sophia_starts_without_the_words_whose_forgetting_was_cut_short(
    tmp_path: Path, light_weights: Path | None, processes: Dying
) -> None:
    async with two_calls(tmp_path, light_weights) as served, served.client() as client:
        run = await asked(client)
    assert processes.forget(tmp_path, light_weights, "quarry", POINTS.index("purged") + 1)
    assert holding(tmp_path)
    async with (
        serving(Settings(data_dir=tmp_path, embedder_weights=light_weights)) as served,
        served.client() as client,
    ):
        assert holding(tmp_path) == []
        found = await ask(client, "How much does the harbour want for granite?")
        assert any("two million dollars" in str(line.data) for line in found if line.type == "sentence")
        noted = [entry["action"] for entry in (await client.get("/v1/audit")).json()]
        assert noted.count("document.forgotten") == 1
        assert (await client.get("/v1/audit/verify")).status_code == 200
        assert await problem_of(await client.get(f"/v1/runs/{run}/events"), 403, "E_WITHHELD")
        left = await client.get("/v1/forgetting", params={"document": "quarry"})
        assert await problem_of(left, 404, "E_NOT_FOUND")
