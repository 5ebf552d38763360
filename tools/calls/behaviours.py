"""What a seller does on a call, as numbers that can be compared between calls, each with the turns in which it shows.

    talk ratio, interactivity, patience, question rate      as tools/calls/statistics.py has them
    longest monologue of a call                             the longest of each call, averaged over calls
    dated next steps                                        agreed in the seller's turns or taken on by the seller, a call
    discounts offered before anybody asked                  turns with such an offer (tools/calls/discounts.py), a call
    objections met with a question                          100 x objections that the seller's reply asks back about / objections
                                                            that the seller is the next to speak to

A call on which nobody objects says nothing of the last, one without times nothing of patience.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

from memory.transcripts.model import Speaker, Transcript, Turn
from tools.calls import speech, statistics
from tools.calls.discounts import unasked_discounts
from tools.calls.moment import Kind, Moment
from tools.calls.questions import question_spans
from tools.calls.speech import BUYER, Basis, Party
from tools.calls.statistics import Statistic

SURE = 0.6
"""From this confidence on an objection counts."""
QUICK = 6
"""So many turns that take the floor make a quick exchange."""


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere to listen: from the first to the last of `turns`, of which `span` is the characters. The more `weight`, the
    better it shows what it is given for.
    """

    call: str
    turns: tuple[int, int]
    span: tuple[int, int]
    weight: float


@dataclass(frozen=True)
class Led:
    """A call as one seller ran it, with every moment of it."""

    call: Transcript
    seller: Speaker
    moments: Sequence[Moment]

    @cached_property
    def party(self) -> Party:
        """The seller alone."""
        return speech.person(self.seller)

    @cached_property
    def stretches(self) -> list[speech.Stretch]:
        """Who has the floor, and how long."""
        return speech.stretches(self.call, speech.basis_of(self.call))

    @cached_property
    def offers(self) -> list[tuple[Turn, tuple[int, int]]]:
        """The discounts that the seller offers before anybody asks."""
        return list(unasked_discounts(self.call, self.seller.id))

    @cached_property
    def answered(self) -> list[tuple[Moment, Turn]]:
        """The objections that the seller is the next to speak to, once a turn, with the reply."""
        turns = list(speech.floor_turns(self.call))
        following = {turn.index: reply for turn, reply in pairwise(turns)}
        found: dict[int, Moment] = {}
        for one in self.moments:
            if one.kind is Kind.OBJECTION and one.confidence >= SURE:
                found.setdefault(one.turn, one)
        replies = [(one, following[place]) for place, one in found.items() if place in following]
        return [(one, reply) for one, reply in replies if reply.speaker == self.seller.id]

    @cached_property
    def steps(self) -> list[Moment]:
        """The next steps that stand in the seller's turns, or that the seller takes on."""
        steps = (one for one in self.moments if one.kind is Kind.NEXT_STEP)
        return [one for one in steps if self.seller.name in (one.speaker, one.owner)]

    def at(self, turn: Turn, weight: float, span: tuple[int, int] | None = None) -> Place:
        """A turn, or the part of it at `span`, as a place."""
        offset = self.call.utterances[turn.index].span[0]
        start, end = span or (0, len(turn.text))
        return Place(self.call.id, (turn.index, turn.index), (offset + start, offset + end), weight)

    def over(self, first: int, last: int, weight: float) -> Place:
        """Several turns as a place."""
        said = self.call.utterances
        return Place(self.call.id, (first, last), (said[first].span[0], said[last].span[1]), weight)

    def marked(self, one: Moment, weight: float) -> Place:
        """A moment as a place."""
        return Place(self.call.id, (one.turn, one.turn), one.span, weight)


Places = Callable[[Led], Iterable[Place]]


class Shows(StrEnum):
    """What places show: much of a behaviour, or little."""

    MUCH = "much"
    LITTLE = "little"


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Something a seller does: how much of it there is on a call, and where there is much and little of it.

    `own` is what a seller listens to on calls that are compared with none; None where there is nothing to point at.
    """

    measure: Callable[[Led], Statistic]
    much: Places
    little: Places
    own: Shows | None = None

    def places(self, shows: Shows) -> Places:
        """Where there is much of it, or little."""
        return self.much if shows is Shows.MUCH else self.little


def _own_stretches(led: Led) -> Iterator[Place]:
    """The seller's stretches: the longer, the more telling."""
    return (led.over(*one.turns, one.amount) for one in led.stretches if one.speaker == led.seller.id)


def _long(led: Led) -> Iterator[Place]:
    """The seller's longest stretch: the longer, the more telling."""
    yield from sorted(_own_stretches(led), key=lambda place: -place.weight)[:1]


def _short(led: Led) -> Iterator[Place]:
    """The seller's longest stretch: the shorter, the more telling."""
    return (replace(place, weight=-place.weight) for place in _long(led))


def _buyers_stretches(led: Led) -> Iterator[Place]:
    buyers = speech.side(led.call, BUYER).speakers
    return (led.over(*one.turns, one.amount) for one in led.stretches if one.speaker in buyers)


def _quick_exchanges(led: Led) -> Iterator[Place]:
    """Runs of stretches, in each of which the speaker changes: the shorter in all, the quicker."""
    for place in range(len(led.stretches) - QUICK + 1):
        run = led.stretches[place : place + QUICK]
        yield led.over(run[0].turns[0], run[-1].turns[1], -sum(one.amount for one in run))


def _waited(led: Led) -> Iterator[Place]:
    return (led.at(turn, wait) for turn, wait in statistics.replies(led.call, led.party))


def _hurried(led: Led) -> Iterator[Place]:
    """Quick replies; of equally quick ones those that say more."""
    return (led.at(turn, len(turn.text) / 1e6 - wait) for turn, wait in statistics.replies(led.call, led.party))


def _questions(led: Led) -> Iterator[Place]:
    """The seller's questions, by how much the buyers say to each."""
    buyers = speech.side(led.call, BUYER).speakers
    for one, answer in pairwise(led.stretches):
        turn = led.call.turns[one.turns[1]]
        asked = list(question_spans(turn.text)) if one.speaker == led.seller.id == turn.speaker else []
        if asked and answer.speaker in buyers:
            yield led.at(turn, answer.amount, asked[-1])


def _without_question(led: Led) -> Iterator[Place]:
    for place in _own_stretches(led):
        said = (led.call.turns[index].text for index in range(place.turns[0], place.turns[1] + 1))
        if not any("?" in text for text in said):
            yield place


def _dated(led: Led) -> Iterator[Place]:
    return (led.marked(one, one.confidence) for one in led.steps if one.due is not None)


def _undated(led: Led) -> Iterator[Place]:
    """What is undertaken without a day: the later in the call, the likelier nothing follows."""
    return (led.marked(one, one.turn / len(led.call.turns)) for one in led.steps if one.due is None)


def _offers(led: Led) -> Iterator[Place]:
    """The earlier in the call, the less anybody asked."""
    return (led.at(turn, 1 - turn.index / len(led.call.turns), span) for turn, span in led.offers)


def _held_prices(led: Led) -> Iterator[Place]:
    """Where the seller names a price and offers nothing off it."""
    offering = {turn.index for turn, _ in led.offers}
    for one in led.moments:
        if one.kind is Kind.PRICING and one.speaker == led.seller.name and one.turn not in offering:
            yield led.marked(one, one.confidence)


def _asked_back(led: Led) -> Iterator[Place]:
    for objection, reply in led.answered:
        if asked := next(question_spans(reply.text), None):
            yield led.at(reply, objection.confidence, asked)


def _talked_over(led: Led) -> Iterator[Place]:
    """Replies that ask nothing; of equally sure objections those that say more."""
    for objection, reply in led.answered:
        if next(question_spans(reply.text), None) is None:
            yield led.at(reply, objection.confidence + len(reply.text) / 1e6)


def _longest_monologue(led: Led) -> Statistic:
    longest = statistics.longest_monologue(led.call, led.party)
    return replace(longest, name="longest_monologue_of_a_call", gong="", call=None, turns=None)


def _counted(led: Led, name: str, unit: str, part: float, whole: float = 1.0) -> Statistic:
    """Something counted in what was said, whatever the transcript knows of time."""
    return Statistic(name, "", led.seller.name, unit, Basis.WORDS, part, whole, round(part))


def _dated_steps(led: Led) -> Statistic:
    return _counted(led, "dated_next_steps", "a call", len(list(_dated(led))))


def _unasked(led: Led) -> Statistic:
    return _counted(led, "discounts_offered_before_anybody_asked", "a call", len(led.offers))


def _met(led: Led) -> Statistic:
    met = len(list(_asked_back(led)))
    return _counted(led, "objections_met_with_a_question", "%", 100 * met, len(led.answered))


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(lambda led: statistics.talk_ratio(led.call, led.party), _own_stretches, _buyers_stretches),
    Behaviour(_longest_monologue, _long, _short, Shows.MUCH),
    Behaviour(lambda led: statistics.interactivity(led.call), _quick_exchanges, _own_stretches),
    Behaviour(lambda led: statistics.patience(led.call, led.party), _waited, _hurried),
    Behaviour(lambda led: statistics.question_rate(led.call, led.party), _questions, _without_question, Shows.MUCH),
    Behaviour(_dated_steps, _dated, _undated, Shows.LITTLE),
    Behaviour(_unasked, _offers, _held_prices, Shows.MUCH),
    Behaviour(_met, _asked_back, _talked_over, Shows.LITTLE),
)
