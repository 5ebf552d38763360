"""CRM data over HTTP and from the command line."""

import base64
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from api.sample import SAMPLE
from core.identity import Label, Principal
from memory.crm.records import Deal
from tests.api.children import Place
from tests.api.served import Served, problem_of

BODY: dict[str, Any] = {
    "files": [{"name": "deals.csv", "content": base64.b64encode(b"Deal ID,Stage\nh1,Won\nh2,Lost\n,Won\n").decode()}],
    "mapping": {
        "confirmed": True,
        "files": {
            "deals.csv": {
                "table": "deals",
                "columns": {"Deal ID": "id", "Stage": "stage"},
                "stages": {"Won": "won", "Lost": "lost"},
            }
        },
    },
}


@pytest.mark.asyncio(loop_scope="session")
class TestOverHttp:
    async def test_an_import_is_reported_and_its_records_are_there(self, served: Served) -> None:
        async with served.client() as owner:
            answered = await owner.post("/v1/crm/imports", json=BODY)
        assert answered.status_code == 200, answered.text
        report = answered.json()
        assert report["stored"] == [{"table": "deals", "added": 2, "changed": 0, "unchanged": 0}]
        assert [(one["file"], one["line"]) for one in report["refusals"]] == [("deals.csv", 4)]
        assert report["deals"]["win_rate"] == 0.5
        reader = Principal(served.sophia.settings.tenant, "anyone")
        assert [deal.id for deal in await served.sophia.crm.find(Deal, reader, ["h1", "h2"])] == ["h1", "h2"]

    async def test_a_dry_run_stores_nothing(self, served: Served) -> None:
        key = await served.key("clerk-of-dry-runs", "ingest", tenant="dry")
        async with served.client(key) as clerk:
            report = (await clerk.post("/v1/crm/imports", json={**BODY, "dry_run": True})).json()
        assert report["stored"] == []
        assert await served.sophia.crm.find(Deal, Principal("dry", "anyone")) == []

    async def test_only_who_may_ingest_imports_and_only_for_its_tenant_and_clearance(self, served: Served) -> None:
        asker = await served.key("asker-of-crm", "ask", clearance=Label.RESTRICTED)
        clerk = await served.key("clerk-of-crm", "ingest", tenant="elsewhere")
        async with served.client(asker) as client:
            assert await problem_of(await client.post("/v1/crm/imports", json=BODY), 403, "E_FORBIDDEN")
        async with served.client(clerk) as client:
            secret = await client.post("/v1/crm/imports", json={**BODY, "label": "confidential"})
            assert await problem_of(secret, 403, "E_FORBIDDEN")
            assert (await client.post("/v1/crm/imports", json=BODY)).status_code == 200
        elsewhere = Principal("elsewhere", "anyone")
        assert {deal.tenant for deal in await served.sophia.crm.find(Deal, elsewhere)} == {"elsewhere"}

    @pytest.mark.parametrize(
        "change",
        [
            {"mapping": {**BODY["mapping"], "confirmed": False}},
            {"mapping": {"files": {}, "colour": "red"}},
            {"files": []},
            {"files": [*BODY["files"], *BODY["files"]]},
            {"files": [{"name": "deals.csv", "content": "no base64!"}]},
            {"label": "cosmic"},
        ],
    )
    async def test_an_import_that_cannot_be_is_refused_whole(self, served: Served, change: dict[str, Any]) -> None:
        async with served.client() as owner:
            refused = await owner.post("/v1/crm/imports", json={**BODY, **change})
        assert await problem_of(refused, 422, "E_INVALID_INPUT")

    async def test_a_file_as_large_as_a_document_may_be_fits(self, served: Served) -> None:
        padded = base64.b64encode(
            b"Deal ID,Stage\n" + b"h3,Won\n" + b"\n" * served.sophia.settings.max_body_bytes
        ).decode()
        async with served.client() as owner:
            body = {**BODY, "files": [{"name": "deals.csv", "content": padded}], "dry_run": True}
            assert (await owner.post("/v1/crm/imports", json=body)).status_code == 200


@pytest.fixture(scope="module")
def place(light_directory: Path, light_weights: Path | None, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A place with an export of three deals beside its data."""
    folder = tmp_path_factory.mktemp("crm")
    shutil.copytree(light_directory, folder / "data")
    (folder / "export").mkdir()
    (folder / "export" / "deals.csv").write_text(
        "Deal ID;Deal Name;Stage;Amount;Close Date;Mood\n"
        "x1;Zürich;Closed Won;€ 1.234,50;13.02.2026;sunny\n"
        "x2;Bern\x1b[31m;Closed Lost;0;14.02.2026;grey\n"
        "x3;Basel;Closed Won;soon;15.02.2026;grey\n",
        encoding="cp1252",
    )
    return Place(folder / "data", light_weights)


def test_a_mapping_is_proposed_reviewed_and_followed(place: Place) -> None:
    folder = place.directory.parent
    proposed = place.run_here("crm", "propose", "export", "--mapping", "reviewed.yaml")
    assert (proposed.status, proposed.err) == (0, "")
    assert "deals.csv: deals" in proposed.out
    assert "to decide: deals.csv, Mood" in proposed.out
    assert place.run_here("crm", "propose", "export", "--mapping", "reviewed.yaml").complaint().endswith("[E_CONFLICT]")

    imported = ("crm", "import", "export", "--mapping", "reviewed.yaml")
    assert "'Mood'" in place.run_here(*imported).complaint()
    text = (folder / "reviewed.yaml").read_text(encoding="utf-8")
    for asked, answered in (('Mood: "?"', "Mood: ignore"), ('currency: "?"', "currency: EUR")):
        assert asked in text
        text = text.replace(asked, answered)
    (folder / "reviewed.yaml").write_text(text, encoding="utf-8")
    assert "confirmed: true" in place.run_here(*imported).complaint()

    (folder / "reviewed.yaml").write_text(text.replace("confirmed: false", "confirmed: true"), encoding="utf-8")
    tried = place.run_here(*imported, "--dry-run")
    assert tried.out.splitlines()[-1] == "Nothing was stored: this was a dry run"
    done = place.run_here(*imported)
    assert done.status == 1
    assert "deals.csv: 3 rows, 2 deals, 1 refused, written in cp1252" in done.out
    assert "deals.csv, line 4, Amount: 'soon' is no amount" in done.out
    assert "EUR: 1,234.50 won" in done.out
    assert done.out.splitlines()[-1] == "2 added, 0 changed, 0 unchanged"

    report = json.loads(place.run_here(*imported, "--json").out)
    assert report["stored"] == [{"table": "deals", "added": 0, "changed": 0, "unchanged": 2}]
    assert report["deals"]["sums"] == [{"currency": "EUR", "won": "1234.50", "open": "0"}]


def test_nothing_to_import_is_said_in_one_line(place: Place) -> None:
    (place.directory.parent / "empty").mkdir()
    assert "No CSV file in empty" in place.run_here("crm", "propose", "empty").complaint()


def test_the_sample_brings_its_crm_data_and_decisions_unless_it_is_narrowed_to_some(place: Place) -> None:
    assert (SAMPLE / "crm" / "mapping.yaml").exists()
    first = place.run_here("ingest", "--sample")
    assert "records added" in first.out
    assert "decisions 4 recorded" in first.out
    again = place.run_here("ingest", "--sample")
    assert "records unchanged" in again.out
    assert "decisions 0 recorded" in again.out
    assert "added" not in again.out
    narrowed = place.run_here("ingest", "--sample", "--reader", "group:sales")
    assert "crm       left out" in narrowed.out
