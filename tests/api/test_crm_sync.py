"""The CRM in chat: changes that calls give reason for, quoted; a plan that is made once somebody has approved it."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path

import httpx2

from api.sample import install_company, sample_calls, sample_crm
from api.security.keys import local_owner
from api.settings import Settings
from core.identity import Access, Label
from memory.crm.records import Deal
from tests.api.served import Line, Served, ask, serving
from tools.crm.importing import Terms, import_crm

OWNER = local_owner("default")
APPROVAL = re.compile(r"\bapr_[0-9a-f]+")
MARROWFIELD, CASTELLAN = "52294090665", "73121258839"
TODAY = date(2026, 3, 20)


@asynccontextmanager
async def with_sample(folder: Path, weights: Path | None) -> AsyncIterator[Served]:
    """Sophia with the sample's calls and CRM."""
    settings = Settings(data_dir=folder / "data", embedder_weights=weights)
    install_company(settings)
    async with serving(settings) as served:
        await served.sophia.ingestion.ingest(sample_calls(), Access("default"), principal=OWNER)
        files, mapping = sample_crm()
        await import_crm(files, mapping, Terms(OWNER, Label.INTERNAL, TODAY), served.sophia.crm, dry_run=False)
        yield served


def text(lines: list[Line]) -> str:
    return "\n".join(str(line.data["text"]) for line in lines if line.type == "sentence")


async def told(client: httpx2.AsyncClient, question: str) -> str:
    return text(await ask(client, question))


async def deal(served: Served, id_: str = MARROWFIELD) -> Deal:
    (found,) = await served.sophia.crm.find(Deal, OWNER, [id_])
    return found


async def decided(served: Served, client: httpx2.AsyncClient, approval: str) -> str:
    """How the approved plan ended."""
    shown = (await client.get(f"/v1/approvals/{approval}")).json()
    done = await client.post(f"/v1/approvals/{approval}/approve", json={"plan_hash": shown["plan_hash"]})
    assert done.status_code == 200, done.text
    await served.sophia.outside.carrying.idle()
    return str((await client.get(f"/v1/approvals/{approval}")).json()["state"])


async def test_a_change_is_quoted_waits_and_is_made_once_it_is_approved(
    tmp_path: Path, light_weights: Path | None
) -> None:
    async with with_sample(tmp_path, light_weights) as served:
        asker, approver = await served.key("anna"), await served.key("ben", "ask", "approve")
        async with served.client(asker) as anna, served.client(approver) as ben:
            proposed = await told(anna, "Which CRM fields of the Marrowfield deal should change after the calls?")
            assert "we're aiming for signatures by the 31st" in proposed
            assert "amount 66600 -> 59940" in proposed
            assert "close date 2026-04-30 -> 2026-03-31" in proposed
            assert APPROVAL.search(proposed) is None
            submitted = await told(anna, "Update the CRM deal of Marrowfield from the calls")
            found = APPROVAL.search(submitted)
            assert found is not None, submitted
            assert (await deal(served)).amount == Decimal(66600)
            assert await decided(served, ben, found[0]) == "done"
            assert (await deal(served)).amount == Decimal(59940)
            assert (await deal(served)).expected == date(2026, 3, 31)
            assert "$59,940" in await told(anna, "What is the amount of the Marrowfield deal in the CRM?")
