"""A name that a company knows, in every form people write it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entity:
    """A known name and the other ways people write it."""

    kind: str
    name: str
    aliases: tuple[str, ...] = ()
