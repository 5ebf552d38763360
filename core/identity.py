"""Who is asking, and how secret a thing is."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Self

from core.errors import InvalidInputError

EVERYONE = "everyone"


class Label(IntEnum):
    """How secret data is; ordered, so that `max` of what entered a state is the state's label."""

    PUBLIC = 0
    INTERNAL = 1
    CONFIDENTIAL = 2
    RESTRICTED = 3

    @classmethod
    def parse(cls, name: str) -> Self:
        """The label of a lower-case name such as "internal"; InvalidInputError for any other word."""
        try:
            return cls[name.strip().upper()]
        except KeyError:
            known = ", ".join(label.name.lower() for label in cls)
            raise InvalidInputError(f"Unknown label {name!r}: use one of {known}") from None

    def __str__(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Principal:
    """A person or program on whose behalf something happens. Reading, calling and asking require one."""

    tenant: str
    user: str
    roles: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    clearance: Label = Label.INTERNAL

    @property
    def id(self) -> str:
        """Stable key of the principal, unique over tenants."""
        return f"{self.tenant}/{self.user}"

    @property
    def grants(self) -> frozenset[str]:
        """The access tokens this principal holds: everyone, user:<user>, group:<group>."""
        return frozenset({EVERYONE, f"user:{self.user}", *(f"group:{group}" for group in self.groups)})


@dataclass(frozen=True, slots=True)
class Access:
    """Who may read a document: one tenant, the holders of any of `readers`, cleared for `label`."""

    tenant: str
    readers: frozenset[str] = frozenset({EVERYONE})
    label: Label = Label.INTERNAL

    def admits(self, principal: Principal) -> bool:
        """Whether the principal may read; the one definition that every filter in a query must equal."""
        return (
            self.tenant == principal.tenant
            and self.label <= principal.clearance
            and not self.readers.isdisjoint(principal.grants)
        )
