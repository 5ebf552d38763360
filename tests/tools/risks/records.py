"""A small team's records and calls, as of 2026-03-20: ten deals won in the usual way, and one that is open."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from core.identity import Label
from memory.crm.records import Account, Activity, Deal, StageChange, Status
from memory.transcripts.model import Transcript, Turn
from models.entities import Entity
from tests.tools.calls.conversation import CAST
from tools.risks.book import Book
from tools.risks.hearing import Heard, hear

TODAY = date(2026, 3, 20)
TENANT = "acme"
NORTHPIER = (Entity("competitor", "Northpier", ()),)
ACCOUNT = Account(tenant=TENANT, id="a1", name="Acme", owner="Sam Seller")


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def deal(id_: str = "d1", **changed: object) -> Deal:
    known: dict[str, object] = {
        "stage": "Evaluation",
        "status": Status.OPEN,
        "name": f"Deal {id_}",
        "account": "a1",
        "owner": "Sam Seller",
        "pipeline": "New",
        "amount": Decimal(1000),
        "currency": "USD",
        "created": days_ago(20),
        "expected": TODAY + timedelta(days=30),
        "next_step": "Send the order form",
    }
    return Deal(tenant=TENANT, id=id_, **{**known, **changed})  # type: ignore[arg-type]


def activity(of: str, ago: int, *, account: str = "a1", contact: str = "c1", **changed: object) -> Activity:
    known: dict[str, object] = {"type": "call", "id": f"{of}-{ago}-{contact}", **changed}
    return Activity(tenant=TENANT, day=days_ago(ago), account=account, contact=contact, deal=of, **known)  # type: ignore[arg-type]


def entered(of: str, stage: str, ago: int, **changed: object) -> StageChange:
    known: dict[str, object] = {"id": f"{of}-{stage}", "deal": of, "stage": stage, "entered": days_ago(ago), **changed}
    return StageChange(tenant=TENANT, **known)  # type: ignore[arg-type]


def history(count: int = 10) -> tuple[list[Deal], list[Activity], list[StageChange]]:
    """Deals won of other accounts: 10 days in Evaluation, 10 in Contract, an activity every 10 days with two contacts."""
    deals, activities, changes = [], [], []
    for number in range(count):
        id_, account = f"won{number}", f"other{number}"
        deals.append(
            deal(id_, account=account, status=Status.WON, stage="Won", created=days_ago(120), closed=days_ago(100))
        )
        activities += [activity(id_, ago, account=account, contact=f"c{ago}") for ago in (120, 110, 100)]
        changes += [entered(id_, "Evaluation", 120), entered(id_, "Contract", 110), entered(id_, "Won", 100)]
    return deals, activities, changes


def call(*lines: str, ago: int, label: Label = Label.INTERNAL, id_: str = "") -> Heard:
    """A call with Acme of lines such as `b I have a question.`"""
    heard = hear(transcript(*lines, ago=ago, id_=id_), account="Acme", label=label, competitors=NORTHPIER)
    assert heard
    return heard


def transcript(*lines: str, ago: int, id_: str = "", account: str | None = "Acme") -> Transcript:
    said = (line.partition(" ") for line in lines)
    turns = tuple(Turn(index, speaker, text) for index, (speaker, _, text) in enumerate(said))
    held = datetime.combine(days_ago(ago), datetime.min.time(), tzinfo=UTC)
    return Transcript(id_ or f"call-{ago}", f"Call {ago}", CAST, turns, held=held, account=account)


def book(
    *deals: Deal,
    activities: Sequence[Activity] = (),
    changes: Sequence[StageChange] = (),
    calls: Sequence[Heard] = (),
    won: int = 10,
    accounts: Sequence[Account] = (ACCOUNT,),
) -> Book:
    """What is given, over `won` deals that were won in the usual way."""
    known = history(won)
    return Book(TODAY, accounts, [*known[0], *deals], [*known[1], *activities], [*known[2], *changes], (), calls)
