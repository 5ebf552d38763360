"""Which CRM fields are changed after a call, against what somebody careful would change: the sample's calls, and short ones.

A change that is wrong costs more than one that is missed. The short calls (`evals/datasets/crm_changes/calls.yaml`) were
written before the code was run on any of them; then the code was mended on those of `calls`, and those of `heldout` written.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib.resources import files
from typing import Any

import httpx2
import yaml

from api.sample import SAMPLE
from core.identity import Label
from evals.product import served
from evals.run import Materials, Measures
from memory.crm.records import Account, Contact, Deal, StageChange, Status
from memory.transcripts.model import Speaker, Transcript, Turn
from models.entities import Entity
from tools.crm.changes.heard import Talked, contact_changes, deal_changes
from tools.risks.book import Book
from tools.risks.hearing import hear
from tools.risks.usual import FEWEST

TENANT = "eval"
ENDED = {"Closed Won": Status.WON, "Closed Lost": Status.LOST}
Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Judged:
    """What was proposed of one call. `right` and `wrong` are proposed, `missed` is not; `may` changes count for neither."""

    name: str
    right: int
    wrong: tuple[str, ...]
    missed: tuple[str, ...]


async def run(materials: Materials) -> Measures:
    """Precision and recall of changes, on the sample's calls and on the short ones."""
    async with served(materials.cache, crm=True) as http:
        sample = await _of_sample(http)
    told = {"": sample, "short_": list(short("calls")), "heldout_": list(short("heldout"))}
    return {f"{of}{name}": value for of, judged in told.items() for name, value in measures(judged).items()}


def measures(judged: Sequence[Judged]) -> dict[str, float]:
    """The shares over all calls; precision is 1 where nothing is proposed."""
    right = sum(one.right for one in judged)
    wrong, missed = sum(len(one.wrong) for one in judged), sum(len(one.missed) for one in judged)
    return {
        "calls": len(judged),
        "wanted": right + missed,
        "precision": right / (right + wrong) if right + wrong else 1.0,
        "recall": right / (right + missed) if right + missed else 1.0,
        "wrong": wrong,
    }


async def _of_sample(http: httpx2.AsyncClient) -> list[Judged]:
    """Every call of the sample by itself, asked over HTTP; one among colleagues proposes nothing."""
    truth = yaml.safe_load((SAMPLE / "truth.yaml").read_text(encoding="utf-8"))
    judged = []
    for call in truth["calls"]:
        answered = await http.get("/v1/crm/changes", params={"call": call["call_id"]})
        found = answered.json()["changes"] if answered.status_code == httpx2.codes.OK else []
        judged.append(_judged_sample(call, found))
    return judged


def _judged_sample(call: Entry, found: Sequence[Entry]) -> Judged:
    wanted = [one for one in call["crm_changes"] if any(_is(one, change) for change in found)]
    missed = [one["field"] for one in call["crm_changes"] if one not in wanted]
    allowed = [*call["crm_changes"], *call["crm_may"]]
    wrong = [change["field"] for change in found if not any(_is(one, change) for one in allowed)]
    return Judged(call["title"], len(wanted), tuple(wrong), tuple(missed))


def _is(truth: Entry, change: Entry) -> bool:
    """Whether the change is the one that is meant: its field, its value or a turn of it, and a conflict where there is one.

    A contact that is to be made has no record yet, and is told by its table.
    """
    name = "record" if "record" in truth else "table"
    if (truth[name], truth["field"]) != (change[name], change["field"]):
        return False
    if truth.get("conflict") and change["conflict"] is None:
        return False
    if "value" in truth:
        return bool(truth["value"] == change["said"]["value"])
    return any(first <= change["said"]["turn"] <= last for first, last in truth["turns"])


def short(which: str) -> Iterator[Judged]:
    """The short calls of one list of the data set, each heard by the kernel."""
    told = yaml.safe_load(files("evals").joinpath("datasets/crm_changes/calls.yaml").read_text(encoding="utf-8"))
    for place, entry in enumerate(told[which]):
        yield judged_short(entry, _proposed(place, entry, told))


def judged_short(entry: Entry, found: Mapping[str, object]) -> Judged:
    """What is right, wrong and missed of the values found, by field."""
    wanted = entry["changes"]
    right = [field for field, value in wanted.items() if found.get(field) == value]
    wrong = [field for field in found if field not in right and field not in entry.get("may", ())]
    missed = [field for field in wanted if field not in right]
    return Judged(entry["name"], len(right), tuple(wrong), tuple(missed))


def _proposed(place: int, entry: Entry, told: Entry) -> dict[str, object]:
    """The fields that are proposed to change: the value, or of a next step its turn."""
    day = date.fromisoformat(told["day"])
    account = Account(tenant=TENANT, id="a", name="Account")
    cast = tuple(Speaker(id_, name, "seller" if id_ in "st" else "buyer") for id_, name in told["people"].items())
    said = [line.split(" ", 1) for line in entry["said"]]
    turns = tuple(Turn(index, speaker, text) for index, (speaker, text) in enumerate(said))
    held = datetime(day.year, day.month, day.day, 10, tzinfo=UTC)
    transcript = Transcript(f"short-{place}", entry["name"], cast, turns, held=held, account=account.name)
    competitors = [Entity("competitor", name) for name in told["competitors"]]
    heard = hear(transcript, account=account.name, label=Label.INTERNAL, competitors=competitors)
    if heard is None:
        return {}
    deal = _deal(entry["deal"])
    book = _book(deal, told["stages"], day, account)
    changes = [
        *deal_changes(Talked(deal, [heard], book)),
        *contact_changes(account, [heard], _known(told, account), frozenset()),
    ]
    return {
        "contact" if one.table == "contacts" else one.field: one.said.turn
        if one.field == "next_step"
        else one.said.value
        for one in changes
    }


def _deal(written: Entry) -> Deal:
    return Deal(
        tenant=TENANT,
        id="d",
        name="The deal",
        account="a",
        status=Status.OPEN,
        pipeline="One",
        stage=written["stage"],
        amount=Decimal(written["amount"]),
        currency=written["currency"],
        expected=date.fromisoformat(written["expected"]),
        next_step=written["next_step"],
        competitor=written.get("competitor"),
    )


def _book(deal: Deal, stages: Sequence[str], day: date, account: Account) -> Book:
    """The deal beside others of its pipeline, won and lost through all of its stages."""
    before = [stage for stage in stages if stage not in ENDED]
    deals, changes = [deal], _entered(deal.id, before[: before.index(deal.stage) + 1], day)
    for number in range(FEWEST):
        for stage, status in ENDED.items():
            id_ = f"{stage}-{number}"
            deals.append(Deal(tenant=TENANT, id=id_, stage=stage, status=status, pipeline=deal.pipeline, closed=day))
            changes += _entered(id_, [*before, stage], day)
    return Book(day, [account], deals, (), changes)


def _entered(deal: str, stages: Sequence[str], day: date) -> list[StageChange]:
    return [
        StageChange(tenant=TENANT, id=f"{deal}-{place}", deal=deal, stage=stage, entered=day, previous=before)
        for place, (stage, before) in enumerate(zip(stages, [None, *stages], strict=False))
    ]


def _known(told: Entry, account: Account) -> list[Contact]:
    return [Contact(tenant=TENANT, id=name, name=name, account=account.id) for name in told["people"].values()]
