"""Customers that may leave: health from what the CRM and the calls show, withheld where that is too little.

A customer is an account with a deal won, unless a renewal of it was lost since.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.identity import Label
from memory.crm.records import Account, Activity, CompanyFigure, Status
from memory.warehouse.facts import Score
from models.evidence import highest
from tools.risks.book import Book
from tools.risks.deals import MOST_PROMISES, open_objections
from tools.risks.hearing import Heard
from tools.risks.promises import overdue, promise_reason
from tools.risks.reason import Kind, Number, Reason, label_of
from tools.scores.health import Band, Contribution, Health, health

RECENT = timedelta(days=90)
HEARD = timedelta(days=180)
"""Calls from before say nothing about promises and objections that are open now."""
YEAR = timedelta(days=365)
LEAST_LOST = 5
"""Points; a signal that costs less is no reason."""
_UNITS = {"days_since_contact": "days", "usage_change": "percent"}
#: Done with the customer, rather than written down about them.
_TALKS = frozenset({"call", "meeting"})
_TOUCHES = _TALKS | {"email"}
_RENEWAL = re.compile(r"renew", re.IGNORECASE)
_USAGE = re.compile(r"\b(?:usage|active|logins?|seats?|sessions?|appointments|transactions)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CustomerAtRisk:
    """A customer's health with its reasons, the costliest first. `stake` is an amount, and says what it is of."""

    account: Account
    health: Health
    reasons: tuple[Reason, ...]
    stake: Number | None
    label: Label


@dataclass(frozen=True, slots=True)
class CustomerRisks:
    """The customers at risk or to be watched, of `looked_at`; of `withheld` of these too little is known for a score."""

    customers: tuple[CustomerAtRisk, ...]
    looked_at: int
    withheld: int
    notes: tuple[str, ...] = ()


def customers_at_risk(book: Book) -> CustomerRisks:
    """The customers whose health is not good, the worst first; then those without a score of whom a signal is at its worst."""
    found = [customer_at_risk(account, book) for account in customers(book)]
    scored = [one for one in found if one.health.band in (Band.AT_RISK, Band.WATCH)]
    unknown = [one for one in found if one.health.value is None and any(map(_at_worst, one.health.contributions))]
    withheld = sum(one.health.value is None for one in found)
    too_few = f"{withheld} of {len(found)} customers have no health score, because too few signals of them are known"
    return CustomerRisks(
        (*sorted(scored, key=_worst_first), *sorted(unknown, key=_largest_first)),
        len(found),
        withheld,
        (too_few,) if withheld else (),
    )


def health_scores(book: Book) -> tuple[Score, ...]:
    """The health of every customer of whom enough is known, as the warehouse keeps it.

    The book must hold only what everybody with the label's clearance may read: a score tells of all that entered it.
    """
    found = (customer_at_risk(account, book) for account in customers(book))
    return tuple(
        Score(
            kind="health",
            subject=one.account.id,
            score=round(one.health.value, 2),
            day=book.today,
            label=one.label,
            account=one.account.id,
        )
        for one in found
        if one.health.value is not None
    )


def customers(book: Book) -> list[Account]:
    """The accounts with a deal won and no renewal lost since, by id."""
    closed = [deal for deal in book.deals if deal.closed and deal.closed <= book.today and deal.account in book.account]
    won: dict[str, date] = {}
    left: dict[str, date] = {}
    for deal in closed:
        kept = deal.status is Status.WON
        if kept or _RENEWAL.search(deal.pipeline or ""):
            days = won if kept else left
            days[deal.account or ""] = max(deal.closed or date.min, days.get(deal.account or "", date.min))
    return [book.account[id_] for id_ in sorted(won) if won[id_] > left.get(id_, date.min)]


def customer_at_risk(account: Account, book: Book) -> CustomerAtRisk:
    """The customer's health, and what speaks against it with numbers and words."""
    done = [one for one in book.activities_of_account.get(account.id, ()) if one.type.casefold() in _TOUCHES]
    calls = [one for one in book.calls_of.get(account.id, ()) if book.today - one.day <= HEARD]
    broken = overdue(calls, book.activities_of_account.get(account.id, ()), book.today)
    objected = list(open_objections(calls))
    signals = {
        "usage_change": _usage_change(account, book),
        "days_since_contact": _days_since_contact(done, book.calls_of.get(account.id, ()), book.today),
        "broken_promises": float(len(broken)) if calls else None,
        "open_objections": (objected[0].numbers[0].value if objected else 0.0) if calls else None,
        "calls_held": _calls_held(done, calls, book.today) if done or calls else None,
        "people_spoken_with": _people(done, calls, book.today) if done or calls else None,
    }
    found = health(account.name, signals)
    quoted = [*map(promise_reason, broken[:MOST_PROMISES]), *objected]
    reasons = (
        *(_reason(one, scored=found.value is not None) for one in found.contributions if one.lost >= LEAST_LOST),
        *quoted,
    )
    label = highest([account.label, *(one.label for one in done), *(one.label for one in calls), label_of(reasons)])
    return CustomerAtRisk(account, found, reasons, _stake(account, book), label)


def _reason(one: Contribution, *, scored: bool) -> Reason:
    """`Promises overdue: 2 (0 of 27 points)`; points are told of a score only."""
    said = one.signal.words.format(f"{one.value:g}")
    said = f"{said[:1].upper()}{said[1:]}"
    own = Number(one.signal.name, one.value, _UNITS.get(one.signal.name, ""))
    if not scored:
        return Reason(Kind.HEALTH, said, (own,))
    earned, possible = round(one.earned), round(one.possible)
    points = (
        Number("health_points", earned, "points", context=True),
        Number("health_points_possible", possible, "points", context=True),
    )
    return Reason(Kind.HEALTH, f"{said} ({earned} of {possible} points)", (own, *points))


def _days_since_contact(done: Sequence[Activity], calls: Sequence[Heard], today: date) -> float | None:
    last = max([*(one.day for one in done), *(call.day for call in calls)], default=None)
    return float((today - last).days) if last else None


def _calls_held(done: Sequence[Activity], calls: Sequence[Heard], today: date) -> float:
    """Calls and meetings of the last 90 days; a recorded call that the CRM has too counts once."""
    days = [one.day for one in done if one.type.casefold() in _TALKS and today - one.day <= RECENT]
    recorded = {call.day for call in calls if today - call.day <= RECENT}
    return float(len(days) + len(recorded - set(days)))


def _people(done: Sequence[Activity], calls: Sequence[Heard], today: date) -> float:
    """The most people that either the CRM or the calls show: they name them differently."""
    contacts = {
        one.contact for one in done if one.type.casefold() in _TALKS and one.contact and today - one.day <= RECENT
    }
    heard = {name for call in calls for name in call.buyers if today - call.day <= RECENT}
    return float(max(len(contacts), len(heard)))


def _usage_change(account: Account, book: Book) -> float | None:
    """By how many percent the last whole value of the account's usage differs from the one before it."""
    series: dict[str, list[CompanyFigure]] = {}
    for one in book.figures:
        told = f"{one.series} {one.title or ''}".replace("_", " ")
        if one.account == account.id and not one.partial and one.day <= book.today and _USAGE.search(told):
            series.setdefault(one.series, []).append(one)
    changes = [_change(sorted(figures, key=lambda one: one.day)[-2:]) for figures in series.values()]
    return min((change for change in changes if change is not None), default=None)


def _change(pair: Sequence[CompanyFigure]) -> float | None:
    if len(pair) < 2 or not pair[0].value:
        return None
    return round(float(100 * (pair[1].value - pair[0].value) / abs(pair[0].value)), 1)


def _stake(account: Account, book: Book) -> Number | None:
    """What its open renewals are worth, else what was won of it in the year before; None in several currencies."""
    own = [deal for deal in book.deals if deal.account == account.id and deal.amount and deal.currency]
    renewals = [deal for deal in own if deal.status is Status.OPEN and _RENEWAL.search(deal.pipeline or "")]
    won = [
        deal for deal in own if deal.status is Status.WON and deal.closed and _within_a_year(deal.closed, book.today)
    ]
    deals, metric = (renewals, "open_renewals") if renewals else (won, "won_in_a_year")
    currencies = {deal.currency for deal in deals if deal.currency}
    if len(currencies) != 1:
        return None
    return Number(metric, float(sum(deal.amount or 0 for deal in deals)), currencies.pop())


def _within_a_year(day: date, today: date) -> bool:
    return timedelta() <= today - day <= YEAR


def _at_worst(one: Contribution) -> bool:
    return one.earned == 0 and one.signal.name == "days_since_contact"


def _worst_first(one: CustomerAtRisk) -> tuple[float, str]:
    return one.health.value or 0.0, one.account.id


def _largest_first(one: CustomerAtRisk) -> tuple[float, str]:
    return -(one.stake.value if one.stake else 0.0), one.account.id
