"""Who may read a document, and its end, over HTTP."""

import httpx2
import pytest

from core.identity import Label
from tests.api.served import Served, problem_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

CALL = b"Title: Basalt check-in\n\nNadia Orlo: The basalt leaves on Monday.\nBo Hart: Good.\n"


async def upload(client: httpx2.AsyncClient, name: str, **access: str | list[str]) -> None:
    added = await client.post("/v1/documents", params={"name": f"{name}.txt", **access}, content=CALL)
    assert [item["outcome"] for item in added.json()] == ["added"]


async def listed(client: httpx2.AsyncClient, document: str) -> list[tuple[str, list[str]]]:
    """Label and readers of the document, if it is listed."""
    found = (await client.get("/v1/documents")).json()
    return [(entry["label"], entry["readers"]) for entry in found if entry["id"] == document]


async def test_an_admin_changes_who_may_read_a_document_and_what_is_left_out_stays(served: Served) -> None:
    async with (
        served.client() as owner,
        served.client(await served.key("pam")) as pam,
        served.client(await served.key("bea", groups=("board",), clearance=Label.CONFIDENTIAL)) as bea,
    ):
        await upload(owner, "basalt")
        assert await listed(pam, "basalt") == [("internal", ["everyone"])]
        changed = await owner.patch("/v1/documents/basalt", json={"readers": ["group:board"]})
        assert changed.json() == {"id": "basalt", "label": "internal", "readers": ["group:board", "user:owner"]}
        assert await listed(pam, "basalt") == []
        await owner.patch("/v1/documents/basalt", json={"label": "confidential"})
        assert await listed(bea, "basalt") == [("confidential", ["group:board", "user:owner"])]


async def test_the_owner_reads_whatever_was_ingested_for_others(served: Served) -> None:
    async with served.client() as owner:
        await upload(owner, "basalt-for-sales", readers=["group:sales", "user:anna"])
        assert await listed(owner, "basalt-for-sales") == [("internal", ["group:sales", "user:anna", "user:owner"])]


async def test_a_deleted_document_is_gone(served: Served) -> None:
    async with served.client() as owner:
        await upload(owner, "basalt-gone")
        assert (await owner.delete("/v1/documents/basalt-gone")).status_code == 204
        assert await listed(owner, "basalt-gone") == []
        asked = await owner.post("/v1/chat", json={"question": "When?", "calls": ["basalt-gone"]})
        assert await problem_of(asked, 404, "E_NOT_FOUND")
        assert await problem_of(await owner.delete("/v1/documents/basalt-gone"), 404, "E_NOT_FOUND")


@pytest.mark.parametrize("change", [{}, {"label": "cosmic"}, {"readers": ["anna"]}, {"readers": []}, {"owner": "x"}])
async def test_a_change_to_nothing_or_to_nobody_is_refused(served: Served, change: dict[str, object]) -> None:
    async with served.client() as owner:
        known = (await owner.get("/v1/documents")).json()[0]["id"]
        assert await problem_of(await owner.patch(f"/v1/documents/{known}", json=change), 422, "E_INVALID_INPUT")


async def test_only_an_admin_of_the_tenant_changes_and_deletes(served: Served) -> None:
    async with (
        served.client() as owner,
        served.client(await served.key("clerk-of-basalt", "ask", "ingest")) as clerk,
        served.client(await served.key("boss", "admin", tenant="elsewhere", clearance=Label.RESTRICTED)) as stranger,
    ):
        await upload(owner, "basalt-kept")
        for client, status, code in ((clerk, 403, "E_FORBIDDEN"), (stranger, 404, "E_NOT_FOUND")):
            changed = await client.patch("/v1/documents/basalt-kept", json={"label": "public"})
            assert await problem_of(changed, status, code)
            assert await problem_of(await client.delete("/v1/documents/basalt-kept"), status, code)
        assert await listed(owner, "basalt-kept") == [("internal", ["everyone"])]


async def test_names_that_may_be_one_persons_are_proposed_and_made_one_by_an_admin(served: Served) -> None:
    call = b"Nadia Orlo: The feldspar leaves on Monday.\nBo Hart: Good.\nN. Orlo: Or on Tuesday.\n"
    async with served.client() as owner, served.client(await served.key("pim")) as pim:
        await owner.post("/v1/documents", params={"name": "feldspar.txt"}, content=call)
        shown = (await pim.get("/v1/documents/feldspar/speakers")).json()
        assert [one["name"] for one in shown["speakers"]] == ["Nadia Orlo", "Bo Hart", "N. Orlo"]
        assert shown["may_be_one"] == [["Nadia Orlo", "N. Orlo"]]
        same = {"names": ["N. Orlo"], "name": "Nadia Orlo"}
        assert await problem_of(await pim.post("/v1/documents/feldspar/speakers", json=same), 403, "E_FORBIDDEN")
        joined = (await owner.post("/v1/documents/feldspar/speakers", json=same)).json()
        assert [(one["name"], one["turns"]) for one in joined["speakers"]] == [("Nadia Orlo", 2), ("Bo Hart", 1)]
        assert (joined["may_be_one"], (await pim.get("/v1/documents/feldspar/speakers")).json()) == ([], joined)
        await owner.delete("/v1/documents/feldspar")
