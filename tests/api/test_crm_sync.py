"""The CRM in chat: changes that calls give reason for, quoted; a plan that is made once somebody has approved it."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import httpx2
import pytest
import pytest_asyncio

from api.sample import install_company, sample_calls, sample_crm
from api.security.keys import local_owner
from api.settings import Settings
from core.identity import Access, Label
from memory.crm.records import Account, Activity, Contact, Deal, Status
from memory.transcripts.detect import read
from memory.transcripts.model import Transcript
from models.text.written import written
from tests.api.served import Line, Served, ask, kept_open, problem_of, serving
from tools.crm.importing import Terms, import_crm

OWNER = local_owner("default")
APPROVAL = re.compile(r"\bapr_[0-9a-f]+")
MARROWFIELD, OSSERY, SALTMARSH = "52294090665", "17351765742", "64595546149"
NEGOTIATION, RENEWAL = "4141244893956008770", "1074118373301179719"
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


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def sample(tmp_path_factory: pytest.TempPathFactory, light_weights: Path | None) -> AsyncIterator[Served]:
    async with kept_open(with_sample(tmp_path_factory.mktemp("crm"), light_weights)) as served:
        yield served


async def waiting(client: httpx2.AsyncClient, command: str) -> str:
    """The approval that a command waits for."""
    said = await told(client, command)
    found = APPROVAL.search(said)
    assert found is not None, said
    return found[0]


@pytest.mark.asyncio(loop_scope="session")
class TestInChat:
    async def test_a_change_is_quoted_waits_and_is_made_once_it_is_approved(self, sample: Served) -> None:
        asker, approver = await sample.key("anna"), await sample.key("ben", "ask", "approve")
        async with sample.client(asker) as anna, sample.client(approver) as ben:
            proposed = await told(anna, "Which CRM fields of the Marrowfield deal should change after the calls?")
            assert "we're aiming for signatures by the 31st" in proposed
            assert "Marrowfield - 3 DCs: amount 66,600 USD, close date 30 April 2026, next step " in proposed
            assert "amount 66600 -> 59940" in proposed
            assert "close date 2026-04-30 -> 2026-03-31 (turn 115: " in proposed
            assert APPROVAL.search(proposed) is None
            approval = await waiting(anna, "Update the CRM deal of Marrowfield from the calls")
            assert (await deal(sample)).amount == Decimal(66600)
            shown = (await anna.get(f"/v1/approvals/{approval}")).json()
            assert any("turn 108" in one and "$59,940 a year" in one for one in shown["plan"]["because"])
            refused = await anna.post(f"/v1/approvals/{approval}/approve", json={"plan_hash": shown["plan_hash"]})
            assert refused.status_code == 403
            assert await decided(sample, ben, approval) == "done"
            assert (await deal(sample)).amount == Decimal(59940)
            assert (await deal(sample)).expected == date(2026, 3, 31)
            assert "$59,940" in await told(anna, "What is the amount of the Marrowfield deal in the CRM?")
            deals = await sample.sophia.crm.find(Deal, OWNER)
            worth = sum((one.amount or Decimal(0) for one in deals if one.status is Status.OPEN), Decimal(0))
            assert written(worth, "USD") in await told(anna, "What is our pipeline value?")
            [wrote, *_] = await sample.sophia.crm.synced(Deal, [MARROWFIELD], OWNER)
            assert (wrote.before, wrote.after, wrote.plan) == ("66600", "59940", shown["plan_hash"])
            await self._changed_by_hand(sample, anna)

    async def _changed_by_hand(self, sample: Served, anna: httpx2.AsyncClient) -> None:
        """What Sophia wrote and a person changed since is shown with both sides, and stays as the person left it."""
        now = await deal(sample)
        await sample.sophia.crm.put([replace(now, amount=Decimal(61000))], OWNER)
        told_ = await told(anna, "Show the conflicts between the CRM and calls for Marrowfield")
        assert "amount 61,000 USD. [1]" in told_
        assert "amount 61000 -> 59940 (turn 108: " in told_
        assert "Sophia wrote '59940'" in told_
        planned = await told(anna, "Update the CRM deal of Marrowfield from the calls")
        assert "There is nothing to plan that is free of conflicts" in planned
        assert (await deal(sample)).amount == Decimal(61000)

    async def test_what_was_changed_after_the_call_is_a_conflict_and_planned_only_by_name(self, sample: Served) -> None:
        async with sample.client(await sample.key("carla")) as carla:
            told_ = await told(carla, "Which CRM fields of the Castellan deal are in conflict with calls?")
            assert "Castellan renewal 2026: stage Contract Sent, next step " in told_
            assert "stage Contract Sent -> Renewal (turn 85: " in told_
            assert "it was moved to 'Contract Sent' on 2026-03-05" in told_
            assert "I'm not signing three years" in told_
            left = await carla.post("/v1/crm/changes", json={"account": "Castellan Tile & Stone", "submit": True})
            assert left.json()["planned"] is None
            chosen = await carla.post(
                "/v1/crm/changes", json={"account": "Castellan Tile & Stone", "fields": ["stage"], "submit": True}
            )
            planned = chosen.json()["planned"]
            assert planned["approval"].startswith("apr_")
            assert [step["after"] for step in planned["plan"]["steps"]] == [{"stage": "Renewal"}]
            assert "although it was moved" in planned["plan"]["because"][0]

    async def test_a_command_waits_and_a_deal_that_is_lost_says_so_in_every_field(self, sample: Served) -> None:
        approver = await sample.key("dora", "ask", "approve")
        async with sample.client(approver) as dora:
            approval = await waiting(dora, "Mark the Saltmarsh deal closed lost, reason: budget")
            assert (await deal(sample, SALTMARSH)).status is Status.OPEN
            assert await decided(sample, dora, approval) == "done"
            lost = await deal(sample, SALTMARSH)
            assert (lost.stage, lost.status, lost.lost_reason) == ("Closed Lost", Status.LOST, "Budget")
            assert lost.closed == TODAY
            [*_, last] = await sample.sophia.crm.history(SALTMARSH, OWNER)
            assert (last.previous, last.stage) == ("Evaluation", "Closed Lost")

    async def test_a_plan_whose_data_changed_since_is_refused(self, sample: Served) -> None:
        approver = await sample.key("emil", "ask", "approve")
        async with sample.client(approver) as emil:
            approval = await waiting(emil, "Set the close date of the Ossery deal to 30 June")
            now = await deal(sample, OSSERY)
            await sample.sophia.crm.put([replace(now, expected=date(2026, 5, 15))], OWNER)
            assert await decided(sample, emil, approval) == "stale"
            assert (await deal(sample, OSSERY)).expected == date(2026, 5, 15)

    async def test_a_note_and_a_contact_are_logged_once_they_are_approved(self, sample: Served) -> None:
        approver = await sample.key("finn", "ask", "approve")
        async with sample.client(approver) as finn:
            note = await waiting(finn, "Log a note on Ossery: waiting for the security review")
            person = await waiting(finn, "Add Ilse Varga as a contact at Ossery Home")
            assert await decided(sample, finn, note) == "done"
            assert await decided(sample, finn, person) == "done"
        texts = [one.text for one in await sample.sophia.crm.find(Activity, OWNER)]
        assert texts.count("waiting for the security review") == 1
        [ilse] = [one for one in await sample.sophia.crm.find(Contact, OWNER) if one.name == "Ilse Varga"]
        assert ilse.account == (await deal(sample, OSSERY)).account

    async def test_what_is_open_is_asked_and_what_is_unknown_is_said(self, sample: Served) -> None:
        async with sample.client(await sample.key("gina")) as gina:
            assert "Which one do you mean?" in await told(gina, "Move the Coldharbor deal in the CRM to Negotiation")
            unknown = await told(gina, "What does the CRM say about the Zanzibar Zeppelins account?")
            assert "Name an account, a deal or a contact as the CRM does" in unknown
            idle = await told(gina, "Apply the owner change from the Castellan call to the CRM")
            assert "There is no plan" in idle
            nowhere = await told(gina, "Move the Ossery deal to Honeymoon")
            assert "no stage 'Honeymoon'" in nowhere
            assert "Contract Sent" in nowhere
            assert "without a conflict" not in nowhere
            foreign = await told(gina, "Set the amount of the Ossery deal to €84,000")
            assert "the command says EUR" in foreign
            assert "is in USD" in foreign
            assert APPROVAL.search(foreign) is None

    @pytest.mark.parametrize(
        ("question", "said"),
        [
            ("What stage is the Ossery deal in?", "stage Evaluation"),
            ("Who owns the Wicklow Packaging account?", "owner Dale Pruitt"),
            ("Show the contacts we hold for Pellam Paper", "Paula Demetriou"),
            ("Which open deals have a close date that lies in the past?", "Open deals past their close date: "),
            ("Are there duplicate contacts at Castellan?", "Beverly Tarkowski"),
            ("Create a task for me to ring Teo on Thursday", "It makes no tasks"),
        ],
    )
    async def test_what_the_crm_holds_is_told(self, sample: Served, question: str, said: str) -> None:
        late = replace(await deal(sample), id="late", name="Late", amount=None, expected=date(2026, 3, 1), account=None)
        await sample.sophia.crm.put([late], OWNER)
        async with sample.client(await sample.key("hugo")) as hugo:
            assert said in await told(hugo, question)


BRICKFIELD = Account(tenant="default", id="brickfield", name="Brickfield Pottery")
KILNS, GLAZES = (
    Deal(
        tenant="default",
        id=id_,
        name=name,
        account=BRICKFIELD.id,
        stage="Evaluation",
        status=Status.OPEN,
        pipeline="New business",
    )
    for id_, name in (("deal-kilns", "Brickfield - 2 kilns"), ("deal-glazes", "Brickfield - glaze store"))
)


def call_with_brickfield(words: str) -> Transcript:
    said = (
        f"Title: Pots\nDate: 2026-03-18\nAccount: {BRICKFIELD.name}\n\nDale Pruitt (seller): {words}\n"
        "Rosa Brick (buyer): Great, thank you.\n"
    )
    [call] = read(said.encode(), file="pots.txt")
    return call


@pytest.mark.asyncio(loop_scope="session")
class TestSeveralOpenDeals:
    async def changed(self, client: httpx2.AsyncClient, **wanted: str) -> tuple[set[str], str]:
        """The deals that a next step is proposed for, and the notes."""
        found = (await client.get("/v1/crm/changes", params=wanted)).json()
        return {one["record"] for one in found["changes"] if one["field"] == "next_step"}, " ".join(found["notes"])

    async def test_a_call_that_names_none_is_asked_about_and_a_deal_that_is_named_has_its_changes(
        self, sample: Served
    ) -> None:
        await sample.sophia.crm.put([BRICKFIELD, KILNS, GLAZES], OWNER)
        call = call_with_brickfield("I'll send you the order form by March 27.")
        await sample.sophia.ingestion.ingest([call], Access("default"), principal=OWNER)
        async with sample.client(await sample.key("vera")) as vera:
            changed, notes = await self.changed(vera, account=BRICKFIELD.name)
            assert changed == set()
            assert "2 open deals, Brickfield - glaze store (deal-glazes), Brickfield - 2 kilns (deal-kilns)" in notes
            assert "ask for one of them by its name" in notes
            asked = await told(vera, "What would the calls change in the CRM for Brickfield Pottery?")
            assert "ask for one of them by its name" in asked
            named = await told(vera, "What would the calls change in the CRM deal Brickfield - glaze store?")
            assert (
                'Brickfield - glaze store: next step nothing -> "Send the order form (Dale Pruitt, 2026-03-27)"'
                in named
            )
            for deal_ in ("Brickfield - 2 kilns", "deal-kilns"):
                assert await self.changed(vera, deal=deal_) == ({"deal-kilns"}, "")
            unknown = await vera.get("/v1/crm/changes", params={"account": BRICKFIELD.name, "deal": "The moon"})
            assert "Brickfield - 2 kilns" in await problem_of(unknown, 404, "E_NOT_FOUND")

    async def test_a_call_that_names_one_deal_is_about_that_one(self, sample: Served) -> None:
        await sample.sophia.crm.put([BRICKFIELD, KILNS, GLAZES], OWNER)
        call = call_with_brickfield("I'll send you the order form for the two kilns by March 27.")
        await sample.sophia.ingestion.ingest([call], Access("default"), principal=OWNER)
        async with sample.client(await sample.key("walt")) as walt:
            assert await self.changed(walt, account=BRICKFIELD.name) == ({"deal-kilns"}, "")
            assert await self.changed(walt, deal="deal-glazes") == (set(), "")


@pytest.mark.asyncio(loop_scope="session")
class TestSources:
    @pytest.mark.parametrize(
        ("question", "quotes"),
        [
            ("What stage is the Highmoor deal in?", ["Stage: Discovery"]),
            ("Who owns the Wicklow Packaging account?", ["Owner: Dale Pruitt"]),
            ("Which CRM fields of the Castellan deal are in conflict with calls?", ["Stage: Contract Sent"]),
            ("Are there duplicate contacts at Castellan?", ["Name: Bev Tarkowski", "Name: Beverly Tarkowski"]),
        ],
    )
    async def test_what_is_told_of_a_record_opens_there(self, sample: Served, question: str, quotes: list[str]) -> None:
        async with sample.client(await sample.key("ines")) as ines:
            lines = await ask(ines, question)
            cited = [one for line in lines if line.type == "sentence" for one in line.data["sources"]]
            shown = [(await ines.get(one["url"])).json() for one in cited]
        assert "withheld" not in {line.type for line in lines}
        for view, quote in zip(shown, quotes, strict=False):
            assert quote in view["quote"]
            assert view["current"]
            assert ".csv, line " in view["title"]
        assert len(shown) >= len(quotes)

    async def test_every_deal_of_a_list_is_cited_and_their_number_is_a_figure(self, sample: Served) -> None:
        async with sample.client(await sample.key("jona")) as jona:
            lines = await ask(jona, "Which open deals have no competitor?")
        first, *deals = [line.data for line in lines if line.type == "sentence"]
        [count] = first["figures"]
        assert (count["metric"], count["value"]) == ("open_deals_without_competitor", len(deals))
        assert all(line["sources"] for line in deals)
        assert "withheld" not in {line.type for line in lines}

    async def test_a_record_that_changed_opens_nothing_under_what_it_read_before(self, sample: Served) -> None:
        async with sample.client(await sample.key("karl")) as karl:
            lines = await ask(karl, "What stage is the Orrin deal in?")
            [cited] = [one for line in lines if line.type == "sentence" for one in line.data["sources"]]
            id_ = cited["document"].removeprefix("crm:deals:")
            await sample.sophia.crm.put([replace(await deal(sample, id_), stage="Evaluation")], OWNER)
            await problem_of(await karl.get(cited["url"]), 404, "E_NOT_FOUND")
            assert "stage Evaluation. [1]" in await told(karl, "What stage is the Orrin deal in?")


@pytest.mark.asyncio(loop_scope="session")
class TestRights:
    async def test_another_tenant_sees_and_plans_nothing(self, sample: Served) -> None:
        async with sample.client(await sample.key("sam", "ask", "approve", tenant="globex")) as sam:
            assert (await sam.get("/v1/crm/changes")).json()["changes"] == []
            await problem_of(await sam.get("/v1/crm/changes?account=Marrowfield Foods"), 404, "E_NOT_FOUND")
            assert "The CRM holds no records that you may see" in await told(sam, "What stage is the Ossery deal in?")

    async def test_who_is_not_cleared_for_a_record_is_told_nothing_of_it_and_opens_no_source(
        self, sample: Served
    ) -> None:
        question = "What stage is the Highmoor deal in?"
        async with sample.client(await sample.key("lena")) as lena:
            lines = await ask(lena, question)
            [cited] = [one for line in lines if line.type == "sentence" for one in line.data["sources"]]
        async with sample.client(await sample.key("mona", clearance=Label.PUBLIC)) as mona:
            assert "The CRM holds no records that you may see" in await told(mona, question)
            await problem_of(await mona.get(cited["url"]), 404, "E_NOT_FOUND")

    async def test_who_may_not_read_a_call_gets_no_change_from_it(self, sample: Served) -> None:
        async with sample.client(await sample.key("pia", clearance=Label.PUBLIC)) as pia:
            assert (await pia.get("/v1/crm/changes")).json()["changes"] == []
            await problem_of(await pia.get(f"/v1/crm/changes?call={NEGOTIATION}"), 404, "E_NOT_FOUND")

    async def test_what_only_some_may_hear_is_shown_to_them_and_never_planned(self, sample: Served) -> None:
        documents = sample.sophia.documents
        await documents.set_access(RENEWAL, Access("default", frozenset({"user:ruth", "user:owner"})))
        try:
            async with sample.client(await sample.key("ruth")) as ruth, sample.client(await sample.key("olaf")) as olaf:
                wanted = {"account": "Castellan Tile & Stone", "fields": ["stage"], "submit": True}
                shown = (await ruth.post("/v1/crm/changes", json=wanted)).json()
                assert "stage" in {one["field"] for one in shown["changes"]}
                assert shown["planned"] is None
                assert "only some may read" in shown["notes"][0]
                assert (await olaf.get("/v1/crm/changes", params={"account": "Castellan Tile & Stone"})).json()[
                    "changes"
                ] == []
        finally:
            await documents.set_access(RENEWAL, Access("default"))

    async def test_what_one_call_changes_rests_on_all_calls_that_were_read_for_it(self, sample: Served) -> None:
        async with sample.client(await sample.key("tara")) as tara:
            one = (await tara.get("/v1/crm/changes", params={"call": NEGOTIATION})).json()
            all_ = (await tara.get("/v1/crm/changes", params={"account": "Marrowfield Foods"})).json()
        assert NEGOTIATION in one["calls"]
        assert one["calls"] == all_["calls"]
        assert len(one["calls"]) > 1

    async def test_an_account_is_found_by_an_id_with_capitals(self, sample: Served) -> None:
        await sample.sophia.crm.put([Account(tenant="default", id="001A9Z", name="Quiet Quarry")], OWNER)
        async with sample.client(await sample.key("uma")) as uma:
            found = await uma.get("/v1/crm/changes", params={"account": "001A9Z"})
        assert (found.status_code, found.json()["changes"]) == (200, [])

    async def test_a_field_of_which_nothing_is_proposed_is_refused(self, sample: Served) -> None:
        async with sample.client(await sample.key("rosa")) as rosa:
            wanted = {"account": "Castellan Tile & Stone", "fields": ["owner"]}
            detail = await problem_of(await rosa.post("/v1/crm/changes", json=wanted), 422, "E_INVALID_INPUT")
            assert "there are changes of" in detail
