"""A ledger that says one thing to whatever is asked: the fake of the port, with a decision to say."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from core.errors import ForbiddenError
from core.identity import Label, Principal
from memory.decisions.history import Kept
from memory.decisions.model import Alternative, Crossing, Decision, TripWire
from memory.decisions.recall import Due, Recalled
from memory.decisions.told import Told
from memory.decisions.wires import Reading, Standing
from memory.warehouse.asked import read_asked
from memory.warehouse.catalogue import read_catalogue
from memory.warehouse.measuring import Measured, Part

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
FREE = Alternative("a free pilot", "Nobody has to decide anything while one runs")
WIRE = TripWire("enough is won", "win_rate", Crossing.BELOW, 40, (), FREE.name)
PILOTS = Kept(
    id="dec_1",
    decision=Decision(
        question="How are pilots run in Dallas?",
        choice="Paid, thirty days at most",
        owner="Renata Voss",
        decided_on=date(2026, 2, 17),
        rationale="Two of seven free pilots closed.",
        alternatives=(FREE, Alternative("no pilots", "Shippers want to see one")),
        wires=(WIRE,),
    ),
    label=Label.CONFIDENTIAL,
    recorded_at=NOW,
    recorded_by="acme:ada",
)


@dataclass
class Remembered:
    """A ledger that says one thing to whatever is asked."""

    says: Recalled = field(default_factory=Recalled)
    later: Kept | None = None
    waits: Sequence[Due] = ()
    asked: list[str] = field(default_factory=list)
    proposed: list[Told] = field(default_factory=list)

    async def recalled(self, question: str, principal: Principal) -> Recalled:
        self.asked.append(question)
        return self.says

    async def every(self, principal: Principal) -> Sequence[Kept]:
        found = [one.kept for one in self.says.decisions]
        return [*found, self.later] if self.later else found

    async def due(self, principal: Principal) -> Sequence[Due]:
        return self.waits

    async def propose(self, told: Told, run: str, principal: Principal, *, on: date, label: Label) -> str:
        if "decide" not in principal.roles:
            raise ForbiddenError("This needs the role 'decide'")
        self.proposed.append(told)
        return "prop_1"


def reading(value: float) -> Reading:
    """The trip-wire at a win rate of so many percent."""
    metric = read_catalogue()["win_rate"]
    asked = read_asked(metric, {}, NOW.date())
    measured = Measured(
        metric=metric,
        asked=asked,
        value=value,
        unit="percent",
        parts=(Part(asked.period, None, value, "percent", 40),),
        label=Label.INTERNAL,
        gap=None,
        note=None,
        refreshed_at=NOW,
        age_s=0,
        remembered_at=None,
    )
    standing = Standing.CROSSED if WIRE.is_crossed_by(value) else Standing.HOLDS
    return Reading(WIRE, standing, NOW.date(), value, "percent", label=Label.INTERNAL, measured=measured)
