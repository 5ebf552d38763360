"""What an import did, and what it did not: every repair, refusal and gap with its file, its lines and its reason."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pydantic import TypeAdapter

from memory.crm.records import Deal, Status


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a file: its rows, and how many of them are records now."""

    file: str
    table: str
    rows: int
    records: int
    refused: int
    encoding: str


@dataclass(frozen=True, slots=True)
class Interpretation:
    """How all values of a column were read that are written otherwise than Sophia keeps them, with the first as example."""

    file: str
    column: str
    how: str
    values: int
    was: str
    became: str


@dataclass(frozen=True, slots=True)
class Change:
    """A value of a column that is, or may be, meant to be another; the lines that have it, and why."""

    file: str
    column: str
    was: str
    to: str
    why: str
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was left out; `column` and `value` are what is wrong with it, where it is one of them."""

    file: str
    line: int
    reason: str
    column: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is missing or doubtful in rows that were imported all the same."""

    file: str
    lines: tuple[int, ...]
    reason: str
    column: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """How many records of a table were new, different from what was known, and as they were."""

    table: str
    added: int
    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class Sum:
    """The amounts of the deals in one currency; None is the one of amounts without a currency."""

    currency: str | None
    won: Decimal
    open: Decimal


@dataclass(frozen=True, slots=True)
class Deals:
    """The deals of the import, to be checked against what their system says. Currencies are never added.

    `win_rate` is the share of the won among those won or lost, None where there are none.
    """

    open: int
    won: int
    lost: int
    win_rate: float | None
    sums: tuple[Sum, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """One import. `stored` is empty where it was only tried."""

    files: tuple[Loaded, ...]
    interpretations: tuple[Interpretation, ...]
    repairs: tuple[Change, ...]
    suspicions: tuple[Change, ...]
    refusals: tuple[Refusal, ...]
    gaps: tuple[Gap, ...]
    deals: Deals | None
    stored: tuple[Stored, ...] = ()


def plain_report(report: Report) -> dict[str, object]:
    """The report as JSON has it; amounts are texts, so that they keep every digit."""
    plain: dict[str, object] = TypeAdapter(Report).dump_python(report, mode="json")
    return plain


def told_deals(deals: Sequence[Deal]) -> Deals | None:
    """The deals counted by status and added up by currency; None where there are none."""
    if not deals:
        return None
    currencies = sorted({deal.currency for deal in deals if deal.amount is not None}, key=lambda code: code or "")
    won, lost = _count(deals, Status.WON), _count(deals, Status.LOST)
    return Deals(
        open=_count(deals, Status.OPEN),
        won=won,
        lost=lost,
        win_rate=won / (won + lost) if won + lost else None,
        sums=tuple(Sum(code, _total(deals, Status.WON, code), _total(deals, Status.OPEN, code)) for code in currencies),
    )


def _count(deals: Iterable[Deal], status: Status) -> int:
    return sum(deal.status is status for deal in deals)


def _total(deals: Iterable[Deal], status: Status, currency: str | None) -> Decimal:
    return sum(
        (
            deal.amount
            for deal in deals
            if deal.amount is not None and (deal.status, deal.currency) == (status, currency)
        ),
        Decimal(0),
    )
