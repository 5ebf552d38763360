"""From facts to the rows of the star. A row's label is the highest of what entered it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Protocol, TypeVar

from core.identity import Label
from memory.crm.records import Account, Activity, Deal, StageChange
from memory.warehouse.base import Value
from memory.warehouse.facts import CallFacts, Facts, Score


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


R = TypeVar("R", bound=_Identified)
Row = tuple[Value, ...]
Tables = Mapping[str, list[Row]]
"""Rows by the name of their table, each as `COLUMNS` orders them after tenant and label."""

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "ACCOUNTS": (
        *("ACCOUNT_ID", "ACCOUNT_NAME", "REP", "SEGMENT", "INDUSTRY", "REGION", "COUNTRY", "EMPLOYEES", "CREATED_DAY"),
    ),
    "CONTACTS": ("CONTACT_ID", "CONTACT_NAME", "ACCOUNT_ID", "ACCOUNT_NAME", "TITLE", "REP", "CREATED_DAY"),
    "DEALS": (
        *(
            "DEAL_ID",
            "DEAL_NAME",
            "ACCOUNT_ID",
            "ACCOUNT_NAME",
            "REP",
            "SEGMENT",
            "REGION",
            "PRODUCT",
            "PIPELINE",
            "STAGE",
        ),
        *("STATUS", "AMOUNT", "CURRENCY", "OPENED_DAY", "CLOSED_DAY", "EXPECTED_DAY", "COMPETITOR", "LOST_REASON"),
    ),
    "STAGE_CHANGES": ("CHANGE_ID", "DEAL_ID", "STAGE", "PREVIOUS", "ENTERED_DAY", "OBSERVED"),
    "ACTIVITIES": ("ACTIVITY_ID", "KIND", "DAY", "REP", "ACCOUNT_ID", "ACCOUNT_NAME", "SEGMENT", "DEAL_ID", "MINUTES"),
    "CALLS": ("CALL_ID", "TITLE", "DAY", "REP", "ACCOUNT_ID", "ACCOUNT_NAME", "SEGMENT"),
    "CALLS_LEFT_OUT": ("CALLS",),
    "CALL_STATISTICS": ("CALL_ID", "NAME", "SUBJECT", "UNIT", "PART", "WHOLE"),
    "COMPETITOR_MENTIONS": (
        *("CALL_ID", "COMPETITOR", "MENTIONS", "DAY", "REP", "ACCOUNT_ID", "ACCOUNT_NAME", "SEGMENT"),
    ),
    "COMPANY_FIGURES": (
        *(
            "FIGURE_ID",
            "SERIES",
            "TITLE",
            "DAY",
            "GRAIN",
            "AMOUNT",
            "UNIT",
            "SEGMENT",
            "ACCOUNT_ID",
            "ACCOUNT_NAME",
            "PARTIAL",
        ),
    ),
    "SCORES": ("KIND", "SUBJECT_ID", "ACCOUNT_ID", "ACCOUNT_NAME", "REP", "SEGMENT", "SCORE", "DAY"),
    "LANGUAGE_USAGE": ("DAY", "ENDPOINT", "TOKENS", "COST", "CURRENCY"),
}


def rows_of(facts: Facts, tenant: str) -> Tables:
    """All rows of a tenant; a record that comes twice under one id counts once, the last one."""
    accounts = _Accounts(facts.accounts)
    calls = [_call(call, accounts) for call in _once(facts.calls)]
    found: dict[str, list[tuple[Label, Row]]] = {
        "ACCOUNTS": [
            (a.label, (a.id, a.name, a.owner, a.segment, a.industry, a.region, a.country, a.employees, a.created))
            for a in _once(facts.accounts)
        ],
        "CONTACTS": [
            (max(c.label, accounts.label(c.account)),
             (c.id, c.name, c.account, accounts.name(c.account), c.title, c.owner, c.created))
            for c in _once(facts.contacts)
        ],
        "DEALS": [_deal(deal, accounts) for deal in _once(facts.deals)],
        "STAGE_CHANGES": [_change(change) for change in _once(facts.stage_changes)],
        "ACTIVITIES": [_activity(activity, accounts) for activity in _once(facts.activities)],
        "CALLS": [(label, (call.id, call.title, call.day, *whose)) for call, label, whose in calls],
        "CALLS_LEFT_OUT": [(label, (count,)) for label, count in facts.left_out.items() if count],
        "CALL_STATISTICS": [
            (call.label, (call.id, one.name, one.subject, one.unit, one.part, one.whole))
            for call, _, _ in calls for one in call.statistics
        ],
        "COMPETITOR_MENTIONS": [
            (label, (call.id, name, count, call.day, *whose))
            for call, label, whose in calls for name, count in call.mentions.items()
        ],
        "COMPANY_FIGURES": [
            (max(f.label, accounts.label(f.account)),
             (f.id, f.series, f.title, f.day, str(f.grain), float(f.value), f.currency or f.unit, f.segment, f.account,
              accounts.name(f.account), f.partial))
            for f in _once(facts.figures)
        ],
        "SCORES": [_score(score, accounts) for score in facts.scores],
        "LANGUAGE_USAGE": [(use.label, (use.day, use.endpoint, use.tokens, use.cost, use.currency)) for use in facts.usage],
    }  # fmt: skip
    return {table: [(tenant, int(label), *row) for label, row in rows] for table, rows in found.items()}


def days_of(tables: Tables) -> tuple[date, date] | None:
    """The first and the last day that any row names."""
    days = {value for rows in tables.values() for row in rows for value in row if isinstance(value, date)}
    return (min(days), max(days)) if days else None


class _Accounts:
    """Accounts by their id, and by their name for those that only say a name."""

    def __init__(self, accounts: Iterable[Account]) -> None:
        self._by_id = {account.id: account for account in accounts}
        self._by_name = {account.name.casefold(): account for account in self._by_id.values()}

    def named(self, name: str | None) -> Account | None:
        return self._by_name.get(name.casefold()) if name else None

    def get(self, account: str | None) -> Account | None:
        return self._by_id.get(account) if account else None

    def name(self, account: str | None) -> str | None:
        known = self.get(account)
        return known.name if known else None

    def label(self, account: str | None) -> Label:
        known = self.get(account)
        return known.label if known else Label.PUBLIC

    def segment(self, account: str | None) -> str | None:
        """Accounts whose source gives no segment are told apart by their industry."""
        known = self.get(account)
        return (known.segment or known.industry) if known else None


def _deal(deal: Deal, accounts: _Accounts) -> tuple[Label, Row]:
    account = accounts.get(deal.account)
    row = (
        *(deal.id, deal.name, deal.account, accounts.name(deal.account), deal.owner),
        deal.segment or accounts.segment(deal.account),
        deal.region or (account.region if account else None),
        *(deal.product, deal.pipeline, deal.stage, str(deal.status), deal.amount, deal.currency),
        *(deal.engaged or deal.created, deal.closed, deal.expected, deal.competitor, deal.lost_reason),
    )
    return max(deal.label, accounts.label(deal.account)), row


def _change(change: StageChange) -> tuple[Label, Row]:
    return change.label, (change.id, change.deal, change.stage, change.previous, change.entered, change.observed)


def _activity(done: Activity, accounts: _Accounts) -> tuple[Label, Row]:
    minutes = float(done.minutes) if done.minutes is not None else None
    whose = (done.account, accounts.name(done.account), accounts.segment(done.account))
    row = (done.id, done.type, done.day, done.owner, *whose, done.deal, minutes)
    return max(done.label, accounts.label(done.account)), row


def _call(call: CallFacts, accounts: _Accounts) -> tuple[CallFacts, Label, Row]:
    """The call, its row's label, and whose it is: rep, account's id and name, segment."""
    account = accounts.named(call.account)
    if account is None:
        return call, call.label, (call.rep, None, call.account, None)
    whose = (call.rep, account.id, account.name, accounts.segment(account.id))
    return call, max(call.label, account.label), whose


def _score(score: Score, accounts: _Accounts) -> tuple[Label, Row]:
    account = accounts.get(score.account)
    whose = (score.account, accounts.name(score.account), account.owner if account else None)
    row = (score.kind, score.subject, *whose, accounts.segment(score.account), score.score, score.day)
    return max(score.label, accounts.label(score.account)), row


def _once(records: Iterable[R]) -> list[R]:
    return list({record.id: record for record in records}.values())
