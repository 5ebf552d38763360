"""Every moment of a call, found sentence by sentence."""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from core.identity import Label
from memory.transcripts.model import Transcript, Turn
from models.entities import Entity
from models.text.sentences import sentence_spans
from tools.calls.acts import Act, act_in
from tools.calls.competitors import Gazetteer
from tools.calls.decisions import decisions
from tools.calls.instructions import instruction_confidence
from tools.calls.moment import Kind, Moment, moment
from tools.calls.next_steps import next_steps
from tools.calls.objections import objections
from tools.calls.questions import question_spans
from tools.calls.signals import Signal, pain_in, pricing_in, risk_in, situation_in
from tools.calls.speech import SELLER

_SIGNALS: dict[Kind, Callable[[str], Signal | None]] = {
    Kind.RISK: risk_in,
    Kind.PAIN: pain_in,
    Kind.SITUATION: situation_in,
    Kind.PRICING: pricing_in,
}
_ANYBODYS = frozenset({Kind.PRICING})
_ACTS = {Act.COMMITMENT: Kind.COMMITMENT, Act.SUGGESTION: Kind.SUGGESTION, Act.COMMAND: Kind.SUGGESTION}
EVERY_KIND = frozenset(Kind)
SURE_OF_DECISIONS = 0.6
"""About the share of the sample's drafts that are decisions (docs/evals.md, `heard_decisions_precision`)."""
_ANY_DAY = datetime(2000, 1, 1, tzinfo=UTC)


def moments(
    call: Transcript, *, competitors: Sequence[Entity] = (), kinds: Collection[Kind] = EVERY_KIND
) -> tuple[Moment, ...]:
    """The moments of these kinds in the order of the call; none is found in speech that gives the reader orders.

    Objections, risks, pain and situation are looked for in what others than sellers say. An objection stands for all the
    resistance of the turns around it, a next step for what is told again later: a commitment that was neither taken back nor
    declined, or a request that was taken on; `commitment` has whatever sounds like one.
    """
    orders = tuple(_instructions(call))
    found = list(orders) if Kind.INSTRUCTION in kinds else []
    if Kind.COMPETITOR in kinds:
        found.extend(_competitors(call, Gazetteer(competitors)))
    if Kind.QUESTION in kinds:
        found.extend(_questions(call))
    if Kind.OBJECTION in kinds:
        found.extend(objections(call))
    if Kind.NEXT_STEP in kinds:
        found.extend(next_steps(call))
    if any(kind in kinds for kind in _ACTS.values()):
        found.extend(one for one in _acts(call) if one.kind in kinds)
    if Kind.DECISION in kinds:
        found.extend(_decisions(call))
    for kind in _SIGNALS.keys() & kinds:
        found.extend(_signals(call, kind))
    ends = [order.span[1] for order in orders]
    unordered = [one for one in found if one.kind is Kind.INSTRUCTION or not _is_ordered(one, orders, ends)]
    return tuple(sorted(unordered, key=lambda one: (one.span, one.kind)))


def _is_ordered(one: Moment, orders: Sequence[Moment], ends: Sequence[int]) -> bool:
    """Whether the moment meets an order; these stand one behind the other, so that the first to end behind its start tells."""
    place = bisect_right(ends, one.span[0])
    return place < len(orders) and orders[place].span[0] < one.span[1]


def _instructions(call: Transcript) -> Iterator[Moment]:
    for turn, span in _sentences(call):
        confidence = instruction_confidence(turn.text[span[0] : span[1]])
        if confidence is not None:
            yield moment(
                call,
                turn,
                span,
                kind=Kind.INSTRUCTION,
                confidence=confidence,
                detail="addresses whoever reads the call",
            )


def _competitors(call: Transcript, gazetteer: Gazetteer) -> Iterator[Moment]:
    for turn in call.turns:
        for named in gazetteer.named(turn.text):
            yield moment(call, turn, named.span, kind=Kind.COMPETITOR, confidence=1.0, detail=named.name)


def _questions(call: Transcript) -> Iterator[Moment]:
    for turn in call.turns:
        for span in question_spans(turn.text):
            asked_by = call.cast[turn.speaker].role or "unknown side"
            yield moment(call, turn, span, kind=Kind.QUESTION, confidence=1.0, detail=f"asked by {asked_by}")


def _decisions(call: Transcript) -> Iterator[Moment]:
    """The sentences that settle something. Turn by turn: what a draft says of the talk before it is not needed here."""
    for turn in call.turns:
        alone = replace(call, turns=(replace(turn, index=0),), held=call.held or _ANY_DAY)
        for draft in decisions(alone, label=Label.PUBLIC):
            settled = (draft.evidence or draft.alternatives[0].evidence)[-1].quote
            start = turn.text.index(settled)
            detail = "taken" if draft.evidence else "turned down"
            span = (start, start + len(settled))
            yield moment(call, turn, span, kind=Kind.DECISION, confidence=SURE_OF_DECISIONS, detail=detail)


def _acts(call: Transcript) -> Iterator[Moment]:
    for turn, span in _sentences(call):
        heard = act_in(turn.text[span[0] : span[1]])
        if heard is not None:
            yield moment(call, turn, span, kind=_ACTS[heard.act], confidence=heard.confidence, detail=heard.act)


def _signals(call: Transcript, kind: Kind) -> Iterator[Moment]:
    for turn, span in _sentences(call):
        if call.cast[turn.speaker].role == SELLER and kind not in _ANYBODYS:
            continue
        signal = _SIGNALS[kind](turn.text[span[0] : span[1]])
        if signal is not None:
            yield moment(call, turn, span, kind=kind, confidence=signal.confidence, detail=signal.detail)


def _sentences(call: Transcript) -> Iterator[tuple[Turn, tuple[int, int]]]:
    return ((turn, span) for turn in call.turns for span in sentence_spans(turn.text))
