"""The records of a revenue team's CRM, as every source of them is read into and every reader of them gets them.

    Account <- Contact
            <- Deal <- StageChange
            <- Activity (of an account, a contact, a deal, or of none)
    Rep, Product        who sells what; deals and activities name both by name
    CompanyFigure       a number of the company at a day, imported as a series

A record is one row of one source under that source's own id. References hold ids of the same tenant; a reference that a
source left out, or that matches nothing, is None. What is not known is None, never zero and never an empty text.
"""

import hashlib
import json
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from core.identity import Label
from core.periods import Grain


class Status(StrEnum):
    """Whether a deal may still be won."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a record was read: a file and its line, the first one being 1; or a system and no line."""

    file: str
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What every record has. `id` is the one that its source gave it, unique among the tenant's records of its kind."""

    tenant: str
    id: str
    label: Label = Label.INTERNAL
    source: Source = Source("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rep(Record):
    """Somebody who sells; `owner` of other records is a rep's name."""

    name: str
    email: str | None = None
    manager: str | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Product(Record):
    """What is sold; `product` of a deal is a product's name."""

    name: str
    family: str | None = None
    price: Decimal | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account(Record):
    """A company that buys, or may. `revenue` is its own yearly revenue; `parent` the id of the account that owns it."""

    name: str
    domain: str | None = None
    industry: str | None = None
    segment: str | None = None
    region: str | None = None
    country: str | None = None
    owner: str | None = None
    parent: str | None = None
    employees: int | None = None
    founded: int | None = None
    revenue: Decimal | None = None
    currency: str | None = None
    created: date | None = None
    modified: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact(Record):
    """A person at an account, whose id is `account`."""

    name: str
    account: str | None = None
    email: str | None = None
    phone: str | None = None
    title: str | None = None
    owner: str | None = None
    created: date | None = None
    modified: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal(Record):
    """An opportunity with an account, whose id is `account`.

    `created` is the day it was entered, `engaged` the day selling began, `closed` the day it was won or lost, `expected`
    the day it should be. `amount` is in `currency`, an ISO 4217 code; amounts of two currencies are never added.
    """

    stage: str
    status: Status
    name: str | None = None
    account: str | None = None
    owner: str | None = None
    pipeline: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
    created: date | None = None
    engaged: date | None = None
    closed: date | None = None
    expected: date | None = None
    product: str | None = None
    region: str | None = None
    segment: str | None = None
    lost_reason: str | None = None
    competitor: str | None = None
    next_step: str | None = None
    modified: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StageChange(Record):
    """A deal, by its id, entered a stage on a day, coming from `previous`.

    `observed` says that no source told of it: the deal was seen in another stage than before, on that day at the latest.
    """

    deal: str
    stage: str
    entered: date
    previous: str | None = None
    observed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity(Record):
    """Something done on a day. `type` is call, meeting, email, note, task or the source's own word. `text` is untrusted."""

    type: str
    day: date
    subject: str | None = None
    text: str | None = None
    owner: str | None = None
    account: str | None = None
    contact: str | None = None
    deal: str | None = None
    outcome: str | None = None
    minutes: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyFigure(Record):
    """One value of a series, over the whole company or of one segment or account.

    `series` is its name in a mapping or a metric, `title` the words it is told in; the value is about the `grain` that
    begins on `day`. `unit` is a word such as "sites" or "percent"; money has a `currency` too. A `partial` value is of a
    time that had not ended when it was taken.
    """

    series: str
    day: date
    value: Decimal
    grain: Grain = Grain.MONTH
    title: str | None = None
    unit: str | None = None
    currency: str | None = None
    segment: str | None = None
    account: str | None = None
    partial: bool = False


KINDS: dict[str, type[Record]] = {
    "reps": Rep,
    "products": Product,
    "accounts": Account,
    "contacts": Contact,
    "deals": Deal,
    "stage_changes": StageChange,
    "activities": Activity,
    "figures": CompanyFigure,
}
"""Every kind of record by the name of its table, those that are referred to before those that refer."""


def content_hash(record: Record) -> str:
    """The SHA-256 of what the record says: all its fields but its label and where it was read."""
    said = {
        field.name: getattr(record, field.name) for field in fields(record) if field.name not in {"label", "source"}
    }
    return hashlib.sha256(json.dumps(said, default=_plain, sort_keys=True).encode()).hexdigest()


def _plain(value: object) -> str:
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)
