"""Objections and next steps as `tools.calls.moments` finds them, against what a careful listener noted down.

A moment is right where its turns meet those of an item of its kind; a next step must have its owner as well, but in
`next_steps_any_owner_f1`. `heldout_` measures are of the sample's calls that nothing was built on; the others are of those
that the rules and the weights were made from, and say only how well these fit.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from evals.datasets.labelled_calls import Item, Labelled, labelled_calls, same_person
from evals.run import Materials, Measures
from tools.calls.moment import Kind, Moment
from tools.calls.moments import moments

KINDS = {"objections": Kind.OBJECTION, "next_steps": Kind.NEXT_STEP}
Found = Mapping[str, Sequence[Moment]]
Matches = Callable[[Moment, Item], bool]


@dataclass(frozen=True, slots=True)
class Counted:
    """How many moments are right of those told, and how many items are found of those there are."""

    right: int = 0
    told: int = 0
    found: int = 0
    wanted: int = 0

    def __add__(self, other: "Counted") -> "Counted":
        return Counted(
            self.right + other.right, self.told + other.told, self.found + other.found, self.wanted + other.wanted
        )

    @property
    def precision(self) -> float:
        return self.right / self.told if self.told else 0.0

    @property
    def recall(self) -> float:
        return self.found / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


async def run(_materials: Materials) -> Measures:
    """The measures of the calls to develop on, then of those held out."""
    developed = measures([(one, found(one)) for one in labelled_calls(heldout=False)])
    held_out = measures([(one, found(one)) for one in labelled_calls(heldout=True)])
    return developed | {f"heldout_{name}": value for name, value in held_out.items()}


def found(one: Labelled) -> Found:
    """The call's moments by kind of item."""
    every = moments(one.call, kinds=KINDS.values())
    return {name: [moment for moment in every if moment.kind is kind] for name, kind in KINDS.items()}


def measures(heard: Sequence[tuple[Labelled, Found]]) -> dict[str, float]:
    """Precision, recall and F1 of each kind over all calls, and how many right moments there are for an item that is found.
    `due` is the share of next steps with the right owner that have the item's day, or rightly none.
    """
    listed: dict[str, float] = {"calls": len(heard)}
    counts = {name: total(heard, name, match) for name, match in MATCHES.items()}
    for name, counted in counts.items():
        listed |= {
            f"{name}_precision": counted.precision,
            f"{name}_recall": counted.recall,
            f"{name}_f1": counted.f1,
            f"{name}_repeated": counted.right / counted.found if counted.found else 0.0,
        }
    listed["next_steps_any_owner_f1"] = total(heard, "next_steps", _same_turns).f1
    listed["due"] = _due(heard)
    return listed


def total(heard: Iterable[tuple[Labelled, Found]], name: str, match: Matches) -> Counted:
    """The counts of one kind over all calls."""
    return sum((_counted(told[name], one.items[name], match) for one, told in heard), Counted())


def _counted(told: Sequence[Moment], items: Sequence[Item], match: Matches) -> Counted:
    return Counted(
        sum(any(match(moment, item) for item in items) for moment in told),
        len(told),
        sum(any(match(moment, item) for moment in told) for item in items),
        len(items),
    )


def _same_turns(moment: Moment, item: Item) -> bool:
    return item.meets(*moment.turns)


def _same_owner(moment: Moment, item: Item) -> bool:
    return _same_turns(moment, item) and same_person(moment.owner or moment.speaker, item.who)


MATCHES: Mapping[str, Matches] = {"objections": _same_turns, "next_steps": _same_owner}


def _due(heard: Iterable[tuple[Labelled, Found]]) -> float:
    days = [
        (moment.due, [item.due for item in one.items["next_steps"] if _same_owner(moment, item)])
        for one, told in heard
        for moment in told["next_steps"]
    ]
    owned = [due in wanted for due, wanted in days if wanted]
    return sum(owned) / len(owned) if owned else 0.0
