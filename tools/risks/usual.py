"""What is usual of deals that were won, so that an open one can be held against it."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from memory.crm.records import Activity, Deal, StageChange, Status

FEWEST = 10
"""Won deals; with fewer nothing is compared."""
QUARTILE = 0.75
StageKey = tuple[str | None, str]
"""Pipeline and stage."""


@dataclass(frozen=True, slots=True)
class Usual:
    """What three quarters of `deals` won deals did not exceed, in days; None where there were too few.

    `stages` has the days in a stage of a pipeline with how many stays they rest on; `closing` the stages out of which most
    deals of a pipeline are won; `single` how many of the deals had one contact.
    """

    deals: int = 0
    silence: int | None = None
    stages: Mapping[StageKey, tuple[int, int]] = field(default_factory=dict)
    closing: frozenset[StageKey] = frozenset()
    single: int | None = None

    @property
    def said(self) -> str | None:
        """Why nothing is compared, where nothing is."""
        if self.deals >= FEWEST:
            return None
        return f"Nothing is compared with won deals: {self.deals} are known, and {FEWEST} are needed"


def usual_of(
    deals: Iterable[Deal],
    activities: Mapping[str, Sequence[Activity]],
    changes: Mapping[str, Sequence[StageChange]],
) -> Usual:
    """What is usual of the won ones; `activities` and `changes` are by deal, changes in order."""
    won = [deal for deal in deals if deal.status is Status.WON and deal.closed]
    if len(won) < FEWEST:
        return Usual(len(won))
    known = [deal for deal in won if activities.get(deal.id)]
    silences = [_longest_silence(deal, activities[deal.id]) for deal in known]
    stays: defaultdict[StageKey, list[int]] = defaultdict(list)
    last: defaultdict[str | None, list[str]] = defaultdict(list)
    for deal in won:
        entered = changes.get(deal.id, ())
        for change, after in pairwise(entered):
            stays[deal.pipeline, change.stage].append((after.entered - change.entered).days)
        if len(entered) > 1:
            last[deal.pipeline].append(entered[-2].stage)
    contacts = [count for deal in known if (count := len(contacts_of(activities[deal.id])))]
    return Usual(
        deals=len(won),
        silence=_quartile(silences),
        stages={key: (day, len(days)) for key, days in stays.items() if (day := _quartile(days)) is not None},
        closing=frozenset((pipeline, stage) for pipeline, stages in last.items() for stage in _most(stages)),
        single=round(100 * sum(count == 1 for count in contacts) / len(contacts)) if len(contacts) >= FEWEST else None,
    )


def contacts_of(activities: Iterable[Activity]) -> set[str]:
    """The contacts that activities name, by id."""
    return {one.contact for one in activities if one.contact}


def _longest_silence(deal: Deal, activities: Sequence[Activity]) -> int:
    assert deal.closed
    begun = deal.engaged or deal.created
    days = sorted(
        {*(one.day for one in activities if one.day <= deal.closed), deal.closed, *([begun] if begun else [])}
    )
    return max(((later - earlier).days for earlier, later in pairwise(days)), default=0)


def _quartile(days: Sequence[int]) -> int | None:
    """The smallest of them that three quarters do not exceed."""
    return sorted(days)[math.ceil(QUARTILE * len(days)) - 1] if len(days) >= FEWEST else None


def _most(stages: Sequence[str]) -> Iterable[str]:
    return {one for one in stages if len(stages) >= FEWEST and 2 * stages.count(one) > len(stages)}


def entered_of(deal: Deal, changes: Sequence[StageChange]) -> date | None:
    """The day that the deal entered the stage it is in."""
    days = [change.entered for change in changes if change.stage == deal.stage]
    return max(days, default=None)
