"""What the ledger's records amount to: pure, from records in the order of recording to decisions as they were known.

Two times are kept apart. Valid time: a decision holds from its day until its successor's. Recorded time: when the ledger
was told. What was believed on a day is what the records of that time say held on it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from core.identity import Label
from memory.decisions.model import Decision, Outcome


class Kind(StrEnum):
    """What a record tells of a decision."""

    DECIDED = "decided"
    CORRECTED = "corrected"
    SUPERSEDED = "superseded"
    OUTCOME = "outcome"


@dataclass(frozen=True, slots=True)
class Entry:
    """One record. `told` is the decision, the outcome, or the id of the decision that took its place."""

    decision: str
    kind: Kind
    told: Decision | Outcome | str
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A decision as the records tell it. It held until the day before `ended_on`; None: nothing has taken its place.

    `label` is the highest that it ever had, because its records are all still there.
    """

    id: str
    decision: Decision
    label: Label
    recorded_at: datetime
    recorded_by: str
    superseded_by: str | None = None
    ended_on: date | None = None
    outcome: Outcome | None = None

    def held_on(self, day: date) -> bool:
        """Whether it was in force on the day."""
        return self.decision.decided_on <= day and (self.ended_on is None or day < self.ended_on)


def kept(entries: Iterable[Entry], *, day: date | None = None) -> dict[str, Kept]:
    """The decisions that the entries tell of, by id; outcomes seen after `day` are left out."""
    first: dict[str, Entry] = {}
    content: dict[str, Decision] = {}
    labels: dict[str, Label] = {}
    successors: dict[str, str] = {}
    outcomes: dict[str, Outcome] = {}
    for entry in entries:
        if isinstance(entry.told, Decision):
            first.setdefault(entry.decision, entry)
            content[entry.decision] = entry.told
            labels[entry.decision] = max(labels.get(entry.decision, Label.PUBLIC), entry.told.label)
        elif isinstance(entry.told, Outcome):
            if day is None or entry.told.on <= day:
                outcomes[entry.decision] = entry.told
        else:
            successors[entry.decision] = entry.told
    return {
        id_: Kept(
            id=id_,
            decision=decision,
            label=labels[id_],
            recorded_at=first[id_].recorded_at,
            recorded_by=first[id_].recorded_by,
            superseded_by=successors.get(id_),
            ended_on=_end(successors.get(id_), content),
            outcome=outcomes.get(id_),
        )
        for id_, decision in content.items()
    }


def chain(id_: str, successors: Mapping[str, str]) -> list[str]:
    """The decision and all that took its place one after another."""
    found = [id_]
    while found[-1] in successors:
        found.append(successors[found[-1]])
    return found


def _end(successor: str | None, content: Mapping[str, Decision]) -> date | None:
    return content[successor].decided_on if successor is not None and successor in content else None
