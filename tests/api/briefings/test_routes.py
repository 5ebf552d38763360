"""Briefings over HTTP."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import httpx2
import pytest

from agents.executive_briefing.document import BRIEFING
from api.app import create_app
from api.briefings.forms import Form
from core.identity import Label
from tests.api.served import Served, problem_of
from tests.fakes.briefer import FakeBriefer

pytestmark = pytest.mark.asyncio(loop_scope="session")

NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)
WEEK = {"audience": "ceo", "period": "last-week"}


def briefed_by(served: Served, briefer: FakeBriefer, *, timeout_s: float = 60) -> Served:
    """The same Sophia, with briefings by this one."""
    making = replace(served.sophia.briefings, briefer=briefer, today=lambda: NOON, timeout_s=timeout_s)
    sophia = replace(served.sophia, briefings=making)
    return Served(sophia, create_app(sophia))


async def made(client: httpx2.AsyncClient, **headers: str) -> httpx2.Response:
    response = await client.post("/v1/briefings", json=WEEK, headers=headers)
    assert response.status_code == 201, response.text
    return response


async def test_a_briefing_is_made_kept_and_read_in_every_form(served: Served) -> None:
    briefer = FakeBriefer(rich=True)
    async with briefed_by(served, briefer).client() as client:
        response = await made(client)
        briefing = BRIEFING.validate_json(response.content)
        place = response.headers["location"]
        assert place == f"/v1/briefings/{briefing.id}"
        for form in Form:
            given = await client.get(place, headers={"Accept": form})
            assert given.status_code == 200
            assert given.headers["content-type"].partition(";")[0] == form
            assert given.headers["vary"] == "Accept"
            assert "Tallowby" in given.text
        assert BRIEFING.validate_json((await client.get(place)).content) == briefing
        message = json.loads((await client.get(place, headers={"Accept": Form.SLACK})).content)
        assert set(message) == {"text", "blocks"}
    [(request, principal, previous)] = briefer.asked
    assert (str(request.days.period.start), request.days.told) == ("2026-03-09", "2026-03-09 to 2026-03-15")
    assert (principal.user, previous) == ("owner", None)


async def test_a_page_has_the_charts_drawn_and_may_load_nothing(served: Served) -> None:
    async with briefed_by(served, FakeBriefer(rich=True)).client() as client:
        page = await made(client, Accept="text/html")
        assert page.text.count('class="marks"') == 6
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert page.headers["x-content-type-options"] == "nosniff"


async def test_a_chart_comes_alone(served: Served) -> None:
    async with briefed_by(served, FakeBriefer(rich=True)).client() as client:
        place = (await made(client)).headers["location"]
        svg = await client.get(f"{place}/charts/mrr")
        assert svg.headers["content-type"] == "image/svg+xml"
        assert svg.text.startswith("<svg")
        png = await client.get(f"{place}/charts/mrr", headers={"Accept": "image/png"})
        assert png.content.startswith(b"\x89PNG")
        spec = await client.get(f"{place}/charts/mrr", headers={"Accept": "application/vnd.vegalite.v6+json"})
        assert spec.json()["$schema"].endswith("/v6.json")
        assert "it has tickets, mrr, competitors" in await problem_of(
            await client.get(f"{place}/charts/none"), 404, "E_NOT_FOUND"
        )


async def test_the_same_key_makes_one_briefing_and_another_request_with_it_is_refused(served: Served) -> None:
    briefer = FakeBriefer()
    async with briefed_by(served, briefer).client() as client:
        key = {"Idempotency-Key": "the-week-of-march-9"}
        first = await made(client, **key)
        again = await client.post("/v1/briefings", json=WEEK, headers=key)
        assert again.status_code == 200
        assert again.content == first.content
        assert len(briefer.asked) == 1
        other = await client.post("/v1/briefings", json={**WEEK, "period": "last-month"}, headers=key)
        assert await problem_of(other, 409, "E_CONFLICT")


async def test_the_next_one_is_told_the_last_one(served: Served) -> None:
    briefer = FakeBriefer()
    async with briefed_by(served, briefer).client(await served.key("reader-of-the-last")) as client:
        earlier = await client.post("/v1/briefings", json={**WEEK, "period": "2026-03-02..2026-03-08"})
        await made(client)
    previous = briefer.asked[-1][2]
    assert previous
    assert previous.id == earlier.json()["id"]


async def test_briefings_are_listed_for_whoever_may_read_them(served: Served) -> None:
    low, high = await served.key("low"), await served.key("high", clearance=Label.CONFIDENTIAL)
    briefed = briefed_by(served, FakeBriefer(Label.CONFIDENTIAL))
    async with briefed.client(high) as client:
        place = (await made(client)).headers["location"]
        listed = {one["id"]: one for one in (await client.get("/v1/briefings")).json()}
        newest = listed[place.rpartition("/")[2]]
        assert (newest["kind"], newest["first"], newest["label"]) == ("week", "2026-03-09", "confidential")
    async with briefed.client(low) as client:
        assert newest["id"] not in {one["id"] for one in (await client.get("/v1/briefings")).json()}
        for path in (place, f"{place}/charts/mrr"):
            assert await problem_of(await client.get(path), 403, "E_WITHHELD")


async def test_a_briefing_is_withheld_once_a_document_of_it_is_for_others_or_gone(served: Served) -> None:
    call = b"Title: Schist\n\nNadia Orlo: The schist leaves on Monday.\nBo Hart: Good.\n"
    briefed = briefed_by(served, FakeBriefer(documents=("schist",)))
    async with briefed.client() as owner, briefed.client(await served.key("reader-of-schist")) as reader:
        await owner.post("/v1/documents", params={"name": "schist.txt"}, content=call)
        place = (await made(reader)).headers["location"]
        await owner.patch("/v1/documents/schist", json={"readers": ["group:board"]})
        assert await problem_of(await reader.get(place), 403, "E_WITHHELD")
        await owner.patch("/v1/documents/schist", json={"readers": ["everyone"]})
        assert (await reader.get(place)).status_code == 200
        await owner.delete("/v1/documents/schist")
        for client in (owner, reader):
            assert await problem_of(await client.get(place), 403, "E_WITHHELD")


async def test_another_tenant_finds_nothing(served: Served) -> None:
    briefed = briefed_by(served, FakeBriefer())
    stranger = await served.key("stranger", tenant="elsewhere", clearance=Label.RESTRICTED)
    async with briefed.client() as owner, briefed.client(stranger) as client:
        place = (await made(owner)).headers["location"]
        assert await problem_of(await client.get(place), 404, "E_NOT_FOUND")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"audience": "ceo", "period": "soon"}, 422, "E_INVALID_INPUT"),
        ({"audience": "ceo", "period": "2031-01"}, 422, "E_INVALID_INPUT"),
        ({"audience": "nobody", "period": "last-week"}, 404, "E_NOT_FOUND"),
        ({"audience": "ceo"}, 422, "E_INVALID_INPUT"),
        ({**WEEK, "tone": "cheerful"}, 422, "E_INVALID_INPUT"),
    ],
)
async def test_what_cannot_be_made_is_refused(served: Served, body: dict[str, str], status: int, code: str) -> None:
    async with briefed_by(served, FakeBriefer()).client() as client:
        assert await problem_of(await client.post("/v1/briefings", json=body), status, code)


async def test_a_form_that_there_is_none_of_is_refused_before_anything_is_made(served: Served) -> None:
    briefer = FakeBriefer()
    async with briefed_by(served, briefer).client() as client:
        refused = await client.post("/v1/briefings", json=WEEK, headers={"Accept": "application/pdf"})
        assert "text/html" in await problem_of(refused, 406, "E_REJECTED")
    assert briefer.asked == []


async def test_a_key_that_may_not_ask_makes_none(served: Served) -> None:
    async with briefed_by(served, FakeBriefer()).client(await served.key("uploader", "ingest")) as client:
        assert await problem_of(await client.post("/v1/briefings", json=WEEK), 403, "E_FORBIDDEN")


async def test_a_briefing_that_takes_too_long_is_given_up(served: Served) -> None:
    async with briefed_by(served, FakeBriefer(hangs=True), timeout_s=0.05).client() as client:
        assert await problem_of(await client.post("/v1/briefings", json=WEEK), 504, "E_DEADLINE")
