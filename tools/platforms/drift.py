"""Drift: where a platform is otherwise than it should be."""

from dataclasses import dataclass

from core.plans import Fields, Json


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is wanted so and is otherwise; `actual` is None where the platform does not tell it."""

    name: str
    desired: Json
    actual: Json


def drift(desired: Fields, actual: Fields) -> tuple[Difference, ...]:
    """What would change if the platform were made as it is wanted; what nobody wants a certain way does not drift."""
    return tuple(
        Difference(name, wanted, actual.get(name))
        for name, wanted in sorted(desired.items())
        if actual.get(name) != wanted
    )
