"""Objections: where a buyer resists something that is proposed, sold or asked.

A sentence's weight is z = b + sum of w * x over its features x (`tools.calls.resisting`), its confidence 1 / (1 + e^-z). The
weights are in `objections.txt`, fitted to labelled calls by `python -m evals.fitting.objections`; b is such that what is more
likely an objection than not, at the best F1 on calls that were left out, has a confidence above one half.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files

from memory.transcripts.model import Transcript
from models.text.sentences import sentence_spans
from tools.calls.instructions import orders_in
from tools.calls.moment import Kind, Moment, moment
from tools.calls.resisting import Features, Heard, heard, own_words, talk_around
from tools.calls.signals import ABOUT, objection_in, topic_in
from tools.calls.speech import SELLER

SURE = 0.5
OUTRIGHT, SAID_OUTRIGHT = 0.9, 0.6
"""What `tools.calls.signals` hears so surely, resistance with its topic, has at least the second of these."""
APART = 2
"""Resistance that is so many turns from the last, or nearer, goes on with it."""
BIAS = "bias"


@dataclass(frozen=True, slots=True)
class Resisting:
    """A sentence of somebody who is no seller: its turn, its range there, and its features."""

    turn: int
    span: tuple[int, int]
    features: Features


def objections(call: Transcript) -> Iterator[Moment]:
    """The objections in order, each told by its strongest sentence; resistance in turns that follow one another is one."""
    weights = _weights()
    strong = [(one, _confidence(call, one, weights)) for one in resisting(call)]
    for group in grouped(strong, SURE):
        strongest, sure = max(group, key=lambda pair: pair[1])
        turn = call.turns[strongest.turn]
        topic = topic_in(turn.text[strongest.span[0] : strongest.span[1]]) or topic_in(turn.text) or "other"
        found = moment(call, turn, strongest.span, kind=Kind.OBJECTION, confidence=sure, detail=topic)
        yield replace(found, turns=(group[0][0].turn, group[-1][0].turn))


def resisting(call: Transcript) -> Iterator[Resisting]:
    """Every sentence that may be an objection, with its features; what gives the reader orders is none."""
    turns: Sequence[Heard] = heard(call)
    for place, turn in enumerate(call.turns):
        if call.cast[turn.speaker].role == SELLER:
            continue
        spans, around = list(sentence_spans(turn.text)), talk_around(turns, place)
        orders = orders_in(turn.text)
        for start, end in spans:
            if (start, end) in orders:
                continue
            first, last = (start, end) == spans[0], (start, end) == spans[-1]
            noticed = own_words(turn.text[start:end], first=first, last=last)
            yield Resisting(place, (start, end), around | noticed)


def weigh(noticed: Features, weights: Mapping[str, float]) -> float:
    """The weight z of a sentence; one of 0 is as likely an objection as not."""
    return weights[BIAS] + sum(weights.get(name, 0.0) * value for name, value in noticed.items())


def _confidence(call: Transcript, one: Resisting, weights: Mapping[str, float]) -> float:
    sure = 1 / (1 + math.exp(-max(-30.0, min(30.0, weigh(one.features, weights)))))
    signal = objection_in(call.turns[one.turn].text[slice(*one.span)])
    return max(sure, SAID_OUTRIGHT if signal and signal.confidence >= OUTRIGHT else 0.0)


def grouped(told: Iterable[tuple[Resisting, float]], least: float) -> list[list[tuple[Resisting, float]]]:
    """The sentences that are told at least so strongly, in groups that are one objection each: near, and not of other topics."""
    groups: list[list[tuple[Resisting, float]]] = []
    known: frozenset[str] = frozenset()
    for one, strength in told:
        if strength < least:
            continue
        topics = _topics(one)
        near = bool(groups) and one.turn - groups[-1][-1][0].turn <= APART
        if near and not (topics and known and topics.isdisjoint(known)):
            groups[-1].append((one, strength))
            known |= topics
        else:
            groups.append([(one, strength)])
            known = topics
    return groups


def _topics(one: Resisting) -> frozenset[str]:
    return frozenset(name for name in one.features if name.startswith(ABOUT))


@lru_cache(maxsize=1)
def _weights() -> Mapping[str, float]:
    written = files("tools.calls").joinpath("objections.txt").read_text(encoding="utf-8")
    pairs = (line.split() for line in written.splitlines() if line and not line.startswith("#"))
    return {name: float(weight) for name, weight in pairs}
