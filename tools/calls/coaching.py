"""What a rep does differently from the calls that were won.

    the rep's calls     those with buyers that the rep leads, being the seller who says most, and that were not won
    the won calls       those with buyers that were won, anybody's, as whoever led them ran them

The rep's own won calls are among the won calls alone. To count them on both sides would shrink every difference by what the
rep does well already, and could give one turn as an example of the worse and of the better.

Behaviour by behaviour (tools/calls/behaviours.py) the calls' values are compared. A difference is told where chance makes one
as great in at most CHANCE of all ways to deal the calls to the two sides (Mann and Whitney 1947, tools/calls/ranks.py), where
it is at least of a medium size (Cliff's delta of MEDIUM; Romano and others 2006), and where the values over all calls, which
are the ones that are told, point the same way. With three calls on each side only a behaviour in which every call of the one
lies beyond every call of the other passes. Each behaviour is tested by itself: where nothing differs at all, about one in ten
of those compared is told by chance, so whoever coaches listens first.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from memory.transcripts.model import Transcript
from tools.calls.behaviours import BEHAVIOURS, Behaviour, Led, Place, Places, Shows
from tools.calls.moment import Kind, Moment
from tools.calls.ranks import apart
from tools.calls.reps import FEWEST_CALLS, added_up, leader_of, seller_called, with_buyers
from tools.calls.speech import Basis
from tools.calls.statistics import Statistic

CHANCE = 0.1
"""The most that chance may have to do with a difference; what three calls against three can just reach."""
MEDIUM = 0.33
"""The least Cliff's delta that is told: two thirds of all pairs of calls, one of each side, differ the same way."""
MOST_PLACES = 3
WON = "won calls"
"""Whose the values of the won side are."""


class Outcome(StrEnum):
    """How the deal ended that was open with the account on the day of a call; unknown where no one deal was."""

    WON = "won"
    LOST = "lost"
    OPEN = "open"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Attempt:
    """A call with every moment of it, and how it came out."""

    call: Transcript
    outcome: Outcome
    moments: Sequence[Moment]


@dataclass(frozen=True, slots=True)
class Side:
    """A value over `calls`, the ids of those that have one, and at most three places to listen to, which show much or little."""

    value: Statistic
    calls: tuple[str, ...]
    shows: Shows = Shows.MUCH
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """A behaviour that the rep has more or less of. `delta` is Cliff's, from -1 to 1; `chance` how often chance does that.

    The rep's places are those that show it worst, those of the won calls where it is done well.
    """

    rep: Side
    won: Side
    delta: float
    chance: float

    @property
    def name(self) -> str:
        """The behaviour."""
        return self.rep.value.name


@dataclass(frozen=True, slots=True)
class Coaching:
    """What there is to say to a rep. All calls are ids.

    `calls` are those on which the rep speaks with buyers, `own` the rep's values over them; `led` are those that are compared,
    with `won`. `compared` names the behaviours with enough calls on both sides; where nothing could be compared, `too_few`
    says what there is and what is needed.
    """

    rep: str
    calls: tuple[str, ...]
    own: tuple[Side, ...]
    led: tuple[str, ...]
    won: tuple[str, ...]
    compared: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    too_few: str | None = None


def coach(rep: str, attempts: Iterable[Attempt]) -> Coaching:
    """Holds a rep's calls against the won ones; `rep` is an id, user id or name. `attempts` is everything that may be read.

    Differences come with the clearest first; no place has speech in it that gives orders to its reader.
    """
    by_id = {one.call.id: one for one in attempts}
    sold = [by_id[call.id] for call in with_buyers(one.call for one in by_id.values())]
    mine = [Led(one.call, who, one.moments) for one in sold if (who := seller_called(one.call, rep))]
    leading = [(one, Led(one.call, who, one.moments)) for one in sold if (who := leader_of(one.call))]
    won = [led for one, led in leading if one.outcome is Outcome.WON]
    keys = {led.call.id: led.seller for led in mine}
    led = [one for at, one in leading if at.outcome is not Outcome.WON and keys.get(one.call.id) == one.seller]
    name = next((who.name for one in by_id.values() if (who := seller_called(one.call, rep))), rep)
    enough = min(len(led), len(won)) >= FEWEST_CALLS
    found = list(_compared(led, won, name)) if enough else []
    return Coaching(
        name,
        tuple(one.call.id for one in mine),
        tuple(_own(behaviour, mine, name) for behaviour in BEHAVIOURS) if mine else (),
        tuple(one.call.id for one in led),
        tuple(one.call.id for one in won),
        tuple(one.name for _, one in found),
        _with_places([pair for pair in found if _is_told(pair[1])], led, won),
        None if enough else _too_few(name, len(led), len(won)),
    )


def _too_few(name: str, led: int, won: int) -> str:
    return (
        f"{name}'s calls cannot be held against calls that were won yet: that takes {FEWEST_CALLS} calls with buyers on each side, "
        f"and there are {led} that {name} leads and that were not won, and {won} that were won"
    )


def _own(behaviour: Behaviour, calls: Sequence[Led], name: str) -> Side:
    """The rep's value over all calls, with what to listen to where that is told without a comparison."""
    measured = _measured(behaviour, calls)
    value = added_up(list(measured.values()), name)
    valued = tuple(call for call, one in measured.items() if one.value is not None)
    if behaviour.own is None:
        return Side(value, valued)
    return Side(value, valued, behaviour.own, tuple(_best(behaviour.places(behaviour.own), calls)))


def _compared(led: Sequence[Led], won: Sequence[Led], name: str) -> Iterator[tuple[Behaviour, Difference]]:
    """Every behaviour of which enough calls of both sides have a value, on the same basis."""
    for behaviour in BEHAVIOURS:
        sides = _measured(behaviour, led), _measured(behaviour, won)
        for basis in Basis:
            mine, theirs = (_on(basis, side) for side in sides)
            if min(len(mine), len(theirs)) >= FEWEST_CALLS:
                found = apart(_values(mine), _values(theirs))
                yield behaviour, Difference(_side(mine, name), _side(theirs, WON), found.delta, found.chance)
                break


def _measured(behaviour: Behaviour, calls: Sequence[Led]) -> dict[str, Statistic]:
    return {one.call.id: behaviour.measure(one) for one in calls}


def _on(basis: Basis, measured: Mapping[str, Statistic]) -> dict[str, Statistic]:
    """Those that have a value, on this basis."""
    return {call: one for call, one in measured.items() if one.value is not None and one.basis is basis}


def _values(measured: Mapping[str, Statistic]) -> list[float]:
    return [one.value for one in measured.values() if one.value is not None]


def _side(measured: Mapping[str, Statistic], name: str) -> Side:
    return Side(added_up(list(measured.values()), name), tuple(measured))


def _is_told(one: Difference) -> bool:
    mine, theirs = one.rep.value.value, one.won.value.value
    if mine is None or theirs is None:
        return False
    return one.chance <= CHANCE and abs(one.delta) >= MEDIUM and (mine - theirs) * one.delta > 0


def _with_places(
    told: Sequence[tuple[Behaviour, Difference]], led: Sequence[Led], won: Sequence[Led]
) -> tuple[Difference, ...]:
    """The differences, the clearest first, each with the places to listen to on both sides."""
    complete = []
    for of, one in sorted(told, key=lambda pair: (pair[1].chance, -abs(pair[1].delta))):
        mine, theirs = (Shows.MUCH, Shows.LITTLE) if one.delta > 0 else (Shows.LITTLE, Shows.MUCH)
        rep = replace(one.rep, shows=mine, places=tuple(_best(of.places(mine), led)))
        other = replace(one.won, shows=theirs, places=tuple(_best(of.places(theirs), won)))
        complete.append(replace(one, rep=rep, won=other))
    return tuple(complete)


def _best(places: Places, calls: Sequence[Led]) -> Iterator[Place]:
    """The best place of each of the calls that have the best."""
    found = []
    for led in calls:
        ordered = {one.turn for one in led.moments if one.kind is Kind.INSTRUCTION}
        heard = [one for one in places(led) if ordered.isdisjoint(range(one.turns[0], one.turns[1] + 1))]
        found += [max(heard, key=lambda place: place.weight)] if heard else []
    yield from sorted(found, key=lambda place: -place.weight)[:MOST_PLACES]
