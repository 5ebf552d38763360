"""The ledger once more, in memory and as plainly as it can be said: lists of what was told, and loops over them.

It shares no code with the ledger. Days and moments are whole numbers.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Told:
    """Something the model was told at a moment: `what` is content, successor or outcome, `value` and `day` by kind."""

    moment: int
    decision: int
    what: str
    value: str | int | bool
    day: int


@dataclass(frozen=True, slots=True)
class Believed:
    """What is believed of a decision: its choice, the day it began, its successor, and whether it succeeded."""

    choice: str
    begun: int
    successor: int | None
    succeeded: bool | None


@dataclass(slots=True)
class Model:
    """What was told, in order."""

    told: list[Told] = field(default_factory=list)

    def may_decide(self, supersedes: int | None, day: int) -> bool:
        """Whether a new decision of this day may take that one's place."""
        if supersedes is None:
            return True
        before = self.believed(supersedes, known=len(self.told), day=None)
        return before is not None and before.successor is None and before.begun <= day

    def may_supersede(self, old: int, new: int) -> bool:
        """Whether `new` may take the place of `old`: not of itself, not of what it led to, not of what is younger."""
        one, other = (self.believed(each, known=len(self.told), day=None) for each in (old, new))
        if one is None or other is None or one.successor is not None or other.begun < one.begun:
            return False
        at: int | None = new
        while at is not None:
            if at == old:
                return False
            found = self.believed(at, known=len(self.told), day=None)
            at = found.successor if found else None
        return True

    def may_correct(self, decision: int, day: int) -> bool:
        """Whether the decision may have begun on this day after all."""
        mine = self.believed(decision, known=len(self.told), day=None)
        if mine is None:
            return False
        for other in {told.decision for told in self.told}:
            one = self.believed(other, known=len(self.told), day=None)
            assert one
            if one.successor == decision and one.begun > day:
                return False
            if other == mine.successor and one.begun < day:
                return False
        return True

    def believed(self, decision: int, *, known: int, day: int | None) -> Believed | None:
        """What the first `known` records say of a decision; with a day, without outcomes that came later."""
        found: Believed | None = None
        for told in self.told[:known]:
            if told.decision != decision:
                continue
            if told.what == "content":
                found = Believed(
                    str(told.value), told.day, found.successor if found else None, found.succeeded if found else None
                )
            elif told.what == "successor" and found:
                found = Believed(found.choice, found.begun, int(told.value), found.succeeded)
            elif told.what == "outcome" and found and (day is None or told.day <= day):
                found = Believed(found.choice, found.begun, found.successor, bool(told.value))
        return found

    def in_force(self, day: int, known: int) -> dict[int, Believed]:
        """What was believed to hold on a day, as of the first `known` records."""
        holding = {}
        for decision in {told.decision for told in self.told[:known]}:
            one = self.believed(decision, known=known, day=day)
            if one is None or one.begun > day:
                continue
            after = self.believed(one.successor, known=known, day=day) if one.successor is not None else None
            if after is None or day < after.begun:
                holding[decision] = one
        return holding
