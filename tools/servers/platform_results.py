"""What the infrastructure tools return: how platforms do, what happened to them, and what a change would come to."""

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from core.plans import Fields, canonical, plan_fields, plan_hash
from models.evidence import Figure
from models.text.written import written
from tools.platforms.base import Reading, Status
from tools.platforms.estate import LABEL, Proposed
from tools.platforms.store import Known, Line
from tools.servers.call_results import Result
from tools.servers.desk import Submitted

SIMULATED = "simulated"
DONE = "done"
OPEN, MADE = ("now", "planned"), ("before", "after")
"""What the two ends of a change are called before it was made, and after."""


class PlatformFigure(BaseModel):
    """One number that a platform told, bound to the call that gave it; `text` is how it is written."""

    model_config = ConfigDict(frozen=True)

    metric: str
    title: str
    value: float
    unit: str
    text: str
    subject: str
    query: str
    as_of: str
    parameters: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, reading: Reading, status: Status, query: str | None = None) -> "PlatformFigure":
        return cls(
            metric=reading.metric,
            title=reading.title,
            value=float(reading.value),
            unit=reading.unit,
            text=written(reading.value, reading.unit),
            subject=called(status),
            query=query or f"platform_status(platform={status.platform!r})",
            as_of=status.at.date().isoformat(),
            parameters=(("platform", status.platform), ("at", status.at.isoformat(timespec="seconds"))),
        )

    @property
    def figure(self) -> Figure:
        """The number as an answer carries it."""
        return Figure(
            metric=self.metric,
            value=self.value,
            unit=self.unit,
            text=self.text,
            subject=self.subject,
            query=self.query,
            as_of=self.as_of,
            parameters=self.parameters,
            title=self.title,
        )


class Drifted(BaseModel):
    """One thing that is wanted so and is otherwise."""

    model_config = ConfigDict(frozen=True)

    name: str
    desired: Any
    actual: Any


class PlatformStatus(BaseModel):
    """How a platform does; `at` is when it was asked."""

    model_config = ConfigDict(frozen=True)

    platform: str
    title: str
    health: str
    says: str
    simulated: bool
    at: datetime
    figures: tuple[PlatformFigure, ...]
    desired: Mapping[str, Any]
    actual: Mapping[str, Any]
    drift: tuple[Drifted, ...]

    @classmethod
    def of(cls, status: Status, known: Known) -> "PlatformStatus":
        return cls(
            platform=status.platform,
            title=status.title,
            health=status.health,
            says=status.says,
            simulated=status.simulated,
            at=status.at,
            figures=tuple(PlatformFigure.of(one, status) for one in status.readings),
            desired=dict(known.desired),
            actual=dict(known.actual),
            drift=tuple(Drifted(name=one.name, desired=one.desired, actual=one.actual) for one in known.drift),
        )


class Statuses(Result):
    """The platforms that were asked about."""

    platforms: tuple[PlatformStatus, ...]


class PlatformName(BaseModel):
    """A platform: `name` is what tools take, `title` what people say."""

    model_config = ConfigDict(frozen=True)

    name: str
    title: str


class PlatformList(Result):
    """The platforms that whoever asks may see."""

    platforms: tuple[PlatformName, ...]


class HistoryLine(BaseModel):
    """Something that happened to a platform."""

    model_config = ConfigDict(frozen=True)

    platform: str
    at: datetime
    kind: str = Field(description="applied, rolled_back, failed, unknown; observed: found to be otherwise than before")
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    by: str
    plan: str | None
    note: str

    @classmethod
    def of(cls, line: Line) -> "HistoryLine":
        return cls(
            platform=line.platform,
            at=line.at,
            kind=line.kind,
            before=dict(line.before),
            after=dict(line.after),
            by=line.by,
            plan=line.plan,
            note=line.note,
        )


class History(Result):
    """What happened, the newest first."""

    lines: tuple[HistoryLine, ...]


class PlannedChange(Result):
    """A change as it would be carried out, what it would cost from then on, and what policy says of it.

    `approval` is what waits for whoever has the role `approver`, or ran under the standing `standing_rule`, as `state` tells;
    None where it was not submitted, or policy refuses it: then nothing is changed.
    """

    platform: str
    title: str
    simulated: bool
    plan: Mapping[str, Any]
    plan_hash: str
    figures: tuple[PlatformFigure, ...]
    allowed: bool
    rule: str
    because: str
    approver: str | None
    approval: str | None
    state: str | None
    standing_rule: str | None

    @classmethod
    def of(cls, found: Proposed, submitted: Submitted | None) -> "PlannedChange":
        step = found.planned.step
        when = MADE if submitted is not None and submitted.state == DONE else OPEN
        return cls(
            label=str(LABEL),
            platform=step.target,
            title=found.status.title,
            simulated=found.status.simulated,
            plan=_plain(plan_fields(found.plan)),
            plan_hash=plan_hash(found.plan),
            figures=tuple(PlatformFigure.of(one, found.status, _query(found)) for one in _effects(found, when)),
            allowed=found.verdict.allowed,
            rule=found.verdict.rule,
            because=found.verdict.because,
            approver=found.verdict.approver,
            approval=submitted.approval if submitted else None,
            state=submitted.state if submitted else None,
            standing_rule=submitted.rule if submitted else None,
        )


def called(status: Status) -> str:
    """The platform as it is named beside its numbers; one that is simulated is always said to be."""
    return f"{status.title} ({SIMULATED})" if status.simulated else status.title


def _effects(found: Proposed, times: tuple[str, str]) -> list[Reading]:
    """The numbers of a change: its state and its cost at these two times."""
    planned = found.planned
    before, after = times
    told = []
    for when, state in ((before, planned.step.before), (after, planned.step.after)):
        for name, value in state.items():
            if isinstance(value, int) and not isinstance(value, bool):
                told.append(Reading(f"{name}_{when}", f"{name} {when}", Decimal(value), name))
    for when, cost in ((before, planned.cost_before), (after, planned.cost_after)):
        if cost is not None:
            told.append(Reading(f"cost_per_hour_{when}", f"cost per hour {when}", cost.per_hour, cost.currency))
    return told


def _query(found: Proposed) -> str:
    step = found.planned.step
    arguments = ", ".join(f"{name}={value!r}" for name, value in step.arguments.items())
    return f"plan_change(platform={step.target!r}, action={step.action!r}, {arguments})"


def _plain(fields: Fields) -> Mapping[str, Any]:
    plain: Mapping[str, Any] = json.loads(canonical(fields))
    return plain
