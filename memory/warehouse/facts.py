"""What the star is filled with: records of the CRM, what kernels found in calls, scores, and what language cost."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from core.identity import Label
from memory.crm.records import Account, Activity, CompanyFigure, Contact, Deal, StageChange


@dataclass(frozen=True, slots=True)
class CallStatistic:
    """A statistic of a call: its value is `part / whole`, in `unit`."""

    name: str
    subject: str
    unit: str
    part: float
    whole: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFacts:
    """What is known of a call. `account` and `rep` are names; `mentions` counts each competitor's."""

    id: str
    title: str
    label: Label
    day: date | None = None
    account: str | None = None
    rep: str | None = None
    statistics: tuple[CallStatistic, ...] = ()
    mentions: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A score from 0 to 100 of what `kind` names ("health"), reckoned for a day. `account` is an id."""

    kind: str
    subject: str
    score: float
    day: date
    label: Label
    account: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageUse:
    """What an endpoint took on a day; `cost` is None where its price is not known."""

    day: date
    endpoint: str
    tokens: int
    cost: Decimal | None = None
    currency: str | None = None
    label: Label = Label.INTERNAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything of one tenant at one moment.

    `calls` are those that all people with the clearance may read; `left_out` counts the others by their label.
    """

    accounts: tuple[Account, ...] = ()
    contacts: tuple[Contact, ...] = ()
    deals: tuple[Deal, ...] = ()
    stage_changes: tuple[StageChange, ...] = ()
    activities: tuple[Activity, ...] = ()
    figures: tuple[CompanyFigure, ...] = ()
    calls: tuple[CallFacts, ...] = ()
    left_out: Mapping[Label, int] = field(default_factory=dict)
    scores: tuple[Score, ...] = ()
    usage: tuple[LanguageUse, ...] = ()
