"""Trip-wires held against their metrics now: whether what a decision assumed still holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from core.errors import InvalidInputError, NotFoundError, SophiaError
from core.identity import Label, Principal
from memory.decisions.model import TripWire
from memory.warehouse.measuring import Measured


class Measures(Protocol):
    """Measures a metric for somebody, as known on a day."""

    async def measure(
        self, name: str, parameters: Mapping[str, str], principal: Principal, as_of: date
    ) -> Measured: ...


class Standing(StrEnum):
    """What a trip-wire says."""

    HOLDS = "holds"
    CROSSED = "crossed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reading:
    """A trip-wire as it was read: the metric's value and how it was measured, or why there is none."""

    wire: TripWire
    standing: Standing
    as_of: date
    value: float | None = None
    unit: str = ""
    why: str = ""
    label: Label = Label.PUBLIC
    measured: Measured | None = None


async def read_wires(
    wires: Sequence[TripWire], measures: Measures, principal: Principal, as_of: date
) -> tuple[Reading, ...]:
    """Each wire against its metric now. One that cannot be measured is unknown, and says why."""
    return tuple([await _read(wire, measures, principal, as_of) for wire in wires])


async def check_wires(wires: Sequence[TripWire], measures: Measures, principal: Principal, as_of: date) -> None:
    """NotFoundError or InvalidInputError for a wire that no value could ever cross: of an unknown metric, or of several
    numbers. One that has no value today may have one tomorrow.
    """
    for wire in wires:
        try:
            found = await measures.measure(wire.metric, dict(wire.parameters), principal, as_of)
        except (NotFoundError, InvalidInputError):
            raise
        except SophiaError:
            continue
        if found.asked.by or found.asked.grain:
            raise InvalidInputError(
                f"The trip-wire on {wire.metric!r} asks for many numbers: leave out 'by' and 'grain'"
            )


async def _read(wire: TripWire, measures: Measures, principal: Principal, as_of: date) -> Reading:
    try:
        found = await measures.measure(wire.metric, dict(wire.parameters), principal, as_of)
    except SophiaError as error:
        return Reading(wire, Standing.UNKNOWN, as_of, why=str(error))
    if found.value is None:
        why = found.gap or "it is a series or a breakdown, not one number"
        return Reading(wire, Standing.UNKNOWN, as_of, why=why)
    value = float(found.value)
    standing = Standing.CROSSED if wire.is_crossed_by(value) else Standing.HOLDS
    return Reading(wire, standing, as_of, value, found.unit, label=found.label, measured=found)
