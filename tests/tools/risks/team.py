"""A larger team's deals, made up by a rule: the more people are in touch and the cheaper the product, the likelier one is won."""

import math
import random
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from core.identity import Label
from memory.crm.records import Account, Activity, Deal, Record, StageChange, Status
from tests.tools.risks.records import TENANT, TODAY

ACCOUNTS = tuple(
    Account(tenant=TENANT, id=f"a{number}", name=name, segment=("Small", "Large")[number % 2], region="North")
    for number, name in enumerate(("Acme", "Globex", "Initech"))
)
SELLERS = ("Sam Seller", "Eve Engineer")
STAGES = ("Discovery", "Evaluation", "Contract")
LASTS = 120
"""Days that a deal takes; all open ones are younger."""


def team(closed: int = 240, still_open: int = 60, *, seed: int = 5, telling: bool = True) -> list[Record]:
    """Their records. Unless they are `telling`, a coin says which are won. One open deal is confidential."""
    drawn = random.Random(seed)
    records: list[Record] = list(ACCOUNTS)
    for number in range(closed):
        records += _deal(f"c{number}", drawn, age=LASTS + number % 7 + 3 * number, closed=True, telling=telling)
    for number in range(still_open):
        records += _deal(f"o{number}", drawn, age=10 + (number * 17) % 100, closed=False, telling=telling)
    return records


def _deal(id_: str, drawn: random.Random, *, age: int, closed: bool, telling: bool) -> Iterator[Record]:
    begun = TODAY - timedelta(days=age)
    people, product = drawn.choice((1, 4)), drawn.choice(("Basic", "Suite"))
    log_odds = 1.4 * (people - 2.5) + (1.2 if product == "Basic" else -1.2) if telling else 0.0
    won = drawn.random() < 1 / (1 + math.exp(-log_odds))
    status = (Status.WON if won else Status.LOST) if closed else Status.OPEN
    ends = begun + timedelta(days=LASTS)
    yield Deal(
        tenant=TENANT,
        id=id_,
        name=f"Deal {id_}",
        stage=status.capitalize() if closed else STAGES[0],
        status=status,
        account=drawn.choice(ACCOUNTS).id,
        owner=drawn.choice(SELLERS),
        amount=Decimal(drawn.randrange(5_000, 50_000)),
        currency="USD",
        created=begun,
        closed=ends if closed else None,
        product=product,
        label=Label.CONFIDENTIAL if id_ == "o1" else Label.INTERNAL,
    )
    yield StageChange(tenant=TENANT, id=f"{id_}-0", deal=id_, stage=STAGES[0], entered=begun)
    if closed:
        yield StageChange(tenant=TENANT, id=f"{id_}-9", deal=id_, stage=status.capitalize(), entered=ends)
    for person in range(people):
        day = begun + timedelta(days=1 + person)
        yield Activity(tenant=TENANT, id=f"{id_}-{person}", type="call", day=day, deal=id_, contact=f"{id_}p{person}")
