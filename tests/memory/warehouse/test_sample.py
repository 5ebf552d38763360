"""The metrics say of the sample company what its truth says, which was reckoned from its files by other means."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.sample import SAMPLE, sample_crm
from core.identity import Label, Principal
from memory.crm.records import Account, Activity, Deal, StageChange
from memory.crm.store import EmbeddedCrm
from memory.warehouse.catalogue import read_catalogue
from memory.warehouse.facts import Facts
from memory.warehouse.measuring import Metrics, Number
from tests.databases import fresh_database
from tests.memory.warehouse.company import AS_OF, measured_on
from tools.crm.importing import Terms, import_crm

OWNER = Principal("default", "owner", clearance=Label.RESTRICTED)
TRUTH = yaml.safe_load((SAMPLE / "truth_figures.yaml").read_text(encoding="utf-8"))["figures"]
ASKED = {"from", "until", "as_of", "grain", "by", "account", "rep", "pipeline"}
ABOUT_DEALS = [
    known
    for known in TRUTH
    if known["metric"] in read_catalogue().metrics
    and read_catalogue()[known["metric"]].facts == "deals"
    and known["metric"] != "customer_health"
    and set(known.get("parameters", {})) <= ASKED
    and ("value" in known or "values" in known)
    and " if " not in known["question"]
]


@pytest.fixture
async def metrics(tmp_path: Path) -> AsyncIterator[Metrics]:
    async with fresh_database(tmp_path) as database:
        crm = EmbeddedCrm(database)
        files, mapping = sample_crm()
        await import_crm(files, mapping, Terms(OWNER, Label.INTERNAL, AS_OF), crm)
        facts = Facts(
            accounts=tuple(await crm.find(Account, OWNER)),
            deals=tuple(await crm.find(Deal, OWNER)),
            stage_changes=tuple(await crm.find(StageChange, OWNER)),
            activities=tuple(await crm.find(Activity, OWNER)),
        )
    async with measured_on(facts) as found:
        yield found


async def test_every_figure_about_deals_is_the_one_of_the_truth(metrics: Metrics) -> None:
    differing = {}
    for known in ABOUT_DEALS:
        found = await _found(metrics, known)
        expected = known.get("values", known.get("value"))
        if found != pytest.approx(expected, abs=0.006):
            differing[known["question"]] = (found, expected)
    assert differing == {}
    assert len(ABOUT_DEALS) > 20


async def _found(metrics: Metrics, known: Mapping[str, Any]) -> object:
    said = {name: str(value) for name, value in known.get("parameters", {}).items() if name != "as_of"}
    if "until" in said:
        said["to"] = said.pop("until")
    who = Principal("acme", "eva", clearance=Label.RESTRICTED)
    found = await metrics.measure(known["metric"], said, who, AS_OF)
    if "values" not in known:
        return _plain(found.value)
    if "grain" not in said:
        return {part.part or "none": _plain(part.value) for part in found.parts}
    return {_step(part.period.start.isoformat(), said["grain"]): _plain(part.value) for part in found.parts}


def _plain(value: Number | None) -> float | None:
    return None if value is None else float(value)


def _step(day: str, grain: str) -> str:
    year, month, _ = day.split("-")
    return f"{year}-{month}" if grain == "month" else f"{year}-Q{(int(month) + 2) // 3}"
