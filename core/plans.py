"""A plan: what will be done to outside systems, exactly. Its hash is what a person approves and what then runs.

A plan is data and stays as it was made: its steps cannot be changed, only another plan can be made.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeAlias, Union

from core.errors import InvalidInputError
from core.identity import Label

Json: TypeAlias = Union[bool, int, float, str, Sequence["Json"], Mapping[str, "Json"], None]  # noqa: UP007 (recursive)
Fields: TypeAlias = Mapping[str, Json]
LONGEST = 100


@dataclass(frozen=True, slots=True)
class Inverse:
    """What undoes a step, on the same system and target."""

    action: str
    arguments: Fields = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "arguments", _frozen_fields(self.arguments))


@dataclass(frozen=True, slots=True)
class Step:
    """One outside write.

    `before` holds fields of the target as they were read when the plan was made: where one reads otherwise when the plan
    is to run, the plan is refused. `after` holds what they read once it is done, and is verified. Amounts are written as
    text ("1200.50"), days in ISO form.
    """

    system: str
    action: str
    target: str
    arguments: Fields = field(default_factory=dict)
    before: Fields = field(default_factory=dict)
    after: Fields = field(default_factory=dict)
    inverse: Inverse | None = None

    def __post_init__(self) -> None:
        for name in ("system", "action", "target"):
            if not getattr(self, name).strip():
                raise InvalidInputError(f"A step names no {name}: say what is done where")
        for name in ("arguments", "before", "after"):
            object.__setattr__(self, name, _frozen_fields(getattr(self, name)))


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps in the order in which they run, for one tenant. `because` says why, in sentences or quotations."""

    tenant: str
    purpose: str
    steps: tuple[Step, ...]
    because: tuple[str, ...] = ()
    label: Label = Label.INTERNAL

    def __post_init__(self) -> None:
        if not self.purpose.strip():
            raise InvalidInputError("A plan needs a purpose: one line that says what it is for")
        if not 1 <= len(self.steps) <= LONGEST:
            raise InvalidInputError(f"A plan has 1 to {LONGEST} steps, not {len(self.steps)}")


def canonical(value: Json) -> str:
    """The one JSON text of a value: sorted keys, no blanks, no escapes. InvalidInputError for what JSON cannot say."""
    try:
        text = json.dumps(
            value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_plain
        )
        text.encode()
    except (TypeError, ValueError) as error:
        raise InvalidInputError(f"A value that JSON cannot say: {error}") from None
    return text


def digest(value: Json) -> str:
    """Sha256 over the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def plan_hash(plan: Plan) -> str:
    """What an approval is bound to: sha256 over everything that the plan says."""
    return digest(plan_fields(plan))


def plan_fields(plan: Plan) -> Fields:
    """The plan as JSON; `read_plan` takes it back."""
    return {
        "tenant": plan.tenant,
        "purpose": plan.purpose,
        "because": plan.because,
        "label": str(plan.label),
        "steps": [_step_fields(step) for step in plan.steps],
    }


def read_plan(fields: Mapping[str, Any]) -> Plan:
    """The plan that was written as `fields`; InvalidInputError for anything else."""
    try:
        return Plan(
            tenant=fields["tenant"],
            purpose=fields["purpose"],
            because=tuple(fields["because"]),
            label=Label.parse(fields["label"]),
            steps=tuple(_read_step(step) for step in fields["steps"]),
        )
    except (AttributeError, KeyError, TypeError) as error:
        raise InvalidInputError(f"This is not a plan: {error!r}") from None


def _step_fields(step: Step) -> Fields:
    inverse: Fields | None = None
    if step.inverse:
        inverse = {"action": step.inverse.action, "arguments": step.inverse.arguments}
    return {
        "system": step.system,
        "action": step.action,
        "target": step.target,
        "arguments": step.arguments,
        "before": step.before,
        "after": step.after,
        "inverse": inverse,
    }


def _read_step(fields: Mapping[str, Any]) -> Step:
    inverse = fields.get("inverse")
    return Step(**{**fields, "inverse": inverse and Inverse(**inverse)})


def _frozen_fields(fields: Fields) -> Fields:
    """A copy that nobody can change. InvalidInputError unless it is JSON under names."""
    canonical(fields)
    if not isinstance(fields, Mapping) or not all(isinstance(name, str) for name in fields):
        raise InvalidInputError("Fields are values under names")
    return MappingProxyType({name: _frozen(value) for name, value in fields.items()})


def _frozen(value: Json) -> Json:
    if isinstance(value, Mapping):
        return _frozen_fields(value)
    return (
        value if isinstance(value, str) or not isinstance(value, Sequence) else tuple(_frozen(part) for part in value)
    )


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{value!r}")
