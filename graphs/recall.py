"""What the ledger says to a question before anybody else does: a decision, or what was turned down and whether that holds."""

import logging
import re
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from langgraph.runtime import Runtime

from agents.base import FINDING, Finding, Remembers, Turn
from agents.decisions import Telling
from core.errors import FencedError, ForbiddenError
from graphs.state import State, label_of
from memory.decisions.citable import CHOICE, OUTCOME, REASON, alternative
from memory.decisions.framing import bare
from memory.decisions.history import Kept
from memory.decisions.model import Decision
from memory.decisions.recall import Recalled, Rejected, Verdict
from memory.decisions.told import Told, told_decision
from memory.decisions.wires import Reading, Standing
from models.evidence import highest
from models.text.words import content_stems

LEDGER = "decisions"
"""Under this name the ledger's findings stand among those of the specialists."""

ASKS_WHY = re.compile(
    r"\bwhy\b.*\b(?:we|us|our|i)\b|\bhow come\b.*\b(?:we|us|our)\b|\b(?:decid\w+|decision|chose|chosen|opted|settled on|agreed on)\b"
    r"|\b(?:reason|reasoning|rationale|thinking|grounds)\b.*\b(?:for|behind|why|against|on)\b"
    r"|\bour (?:\w+ )?(?:policy|rule|position|stance)\b|\b(?:are|am) (?:we|i) (?:still )?allowed to\b"
    r"|\b(?:is|was) (?:\w+ )?wrong with\b|\bdo we still\b|\b(?:is it|that) settled\b",
    re.IGNORECASE,
)
ASKS_WHETHER = re.compile(
    r"\b(?:reject\w*|turn(?:ed|ing)? (?:\w+ ){0,4}(?:down|away)|rul(?:ed|ing) (?:\w+ ){0,4}out|thr(?:own?|ew) (?:\w+ ){0,4}out"
    r"|sa(?:id|y) no|against|dismiss\w*|declin\w+|refus\w+|dropped|shot down|veto\w*|off the table"
    r"|(?:ever|already|before|previously|once|earlier)\b.*\b(?:propos\w+|suggest\w+|consider\w+|discuss\w+|look\w* (?:at|into)|tried|try)"
    r"|(?:propos\w+|suggest\w+|consider\w+|discuss\w+|look\w* (?:at|into)|tried)\b.*\b(?:ever|already|before|previously|once|earlier)"
    r"|did (?:we|i|any(?:one|body)|some(?:one|body)) (?:ever )?(?:propose|suggest|consider|discuss|look (?:at|into)|think (?:about|of)|ask for))\b"
    r"|^\W*(?:should|could|can|shall|may|might|what if|how about|why (?:not|don't|can't|shouldn't)|would it)\b",
    re.IGNORECASE,
)
ASKS_WHICH = re.compile(
    r"^\W*(?:what|which|list|show(?: me)?)\b(?: (?:are|all|of|the|our|recent|latest|last|executive|main))* decisions"
    r"(?: (?:have we (?:made|taken)|did we (?:make|take)|(?:were|are|was) (?:made|taken|there|in force)|do we have|in force|on record))?"
    r"(?: (?:so far|recently|lately|until now|to date))?\W*$",
    re.IGNORECASE,
)
LISTED = "'sophia decisions list' has all of them."
MOST_LISTED = 5
UNWATCHED = "Whether the reason still holds is for people to judge: no trip-wire watches it."
CONFIRM = "Read it with 'sophia decisions proposals', and record it with 'sophia decisions confirm {proposal}'."
MOST_TURNED_DOWN = 3
CLEARLY = 0.5
"""The share of a question's own words that a decision must have to be told beside an answer that is not about it, and the
least cosine of one of its passages."""

log = logging.getLogger(__name__)
Had = TypeVar("Had")


class Asks(StrEnum):
    """What a question wants of the ledger."""

    WHY = "why"
    WHETHER = "whether"
    WHICH = "which"
    SOMETHING = "something"


@dataclass(frozen=True, slots=True)
class Recollection:
    """What the ledger says; `settles` if that is what was asked for."""

    finding: Finding
    settles: bool


async def recall(state: State, runtime: Runtime[Turn]) -> State:
    """Asks the ledger what was decided, unless the question is about calls that were named, and lets a decision that the
    message tells of wait for a person. What cannot be had of it leaves the answer to the others.
    """
    turn = runtime.context
    if turn.decisions is None or state.get("calls"):
        return {"settled": False}
    told = told_decision(state["question"])
    found = await _had(recollect(state["question"], turn.decisions, turn))
    heard = await _had(_proposed(told, state, turn.decisions, turn)) if told else None
    findings = [found.finding] if found else []
    findings += [heard] if heard else []
    settled = heard is not None or (found is not None and found.settles)
    return {"findings": [FINDING.dump_python(one, mode="json") for one in findings], "settled": settled}


async def _had(asked: Awaitable[Had]) -> Had | None:
    """What the ledger gives; None where it cannot be asked."""
    try:
        return await asked
    except FencedError:
        raise
    except Exception:
        log.warning("the ledger of decisions could not be asked", exc_info=True)
        return None


async def _proposed(told: Told, state: State, decisions: Remembers, turn: Turn) -> Finding:
    """Says under which id a decision waits, and how it is confirmed: nothing is remembered silently."""
    label = max(turn.label, label_of(state))
    try:
        proposal = await decisions.propose(told, state["run"], turn.principal, on=turn.now.date(), label=label)
        note = f"That is a decision, and not recorded yet: it waits as {proposal}. {CONFIRM.format(proposal=proposal)}"
    except ForbiddenError as error:
        note = f"That is a decision, and was not recorded. {error}."
    return Finding(LEDGER, state["question"], note=note, label=label)


async def recollect(question: str, decisions: Remembers, turn: Turn) -> Recollection | None:
    """What the ledger says to the question as the principal may read it, None where it says nothing about it.

    Most questions are not for the ledger: what does not ask for decisions is searched for only where it shares words with one.
    """
    every, kind = await decisions.every(turn.principal), asks(question)
    if kind is Asks.WHICH:
        return _listed(question, every, turn)
    if kind is Asks.SOMETHING and not any(_clearly_about(question, one) for one in every):
        return None
    recalled = await decisions.recalled(question, turn.principal) if every else Recalled()
    match kind:
        case Asks.WHETHER if recalled.rejected is not None and recalled.rejected.found is not None:
            return _whether(question, recalled.rejected, every, turn)
        case Asks.WHY | Asks.WHETHER if recalled.decisions:
            return _why(question, recalled, every, turn)
        case Asks.SOMETHING if recalled.decisions:
            nearest = recalled.decisions[0]
            if nearest.nearness > CLEARLY and _clearly_about(question, nearest.kept):
                return _beside(question, nearest.kept)
    return None


def asks(question: str) -> Asks:
    """What the words of a question want of the ledger."""
    if ASKS_WHICH.search(question):
        return Asks.WHICH
    if ASKS_WHETHER.search(question):
        return Asks.WHETHER
    return Asks.WHY if ASKS_WHY.search(question) else Asks.SOMETHING


def _whether(question: str, rejected: Rejected, every: Sequence[Kept], turn: Turn) -> Recollection:
    """What was turned down and why, what was chosen instead, and whether the reason holds by its trip-wires."""
    found = rejected.found
    assert found is not None
    assert rejected.alternative is not None
    telling = Telling()
    for place in _alike(question, found, found.decision.alternatives.index(rejected.alternative)):
        telling.add(found, alternative(place))
    telling.add(found, CHOICE)
    for reading in _telling_wires(rejected):
        telling.read(found, reading)
    successor = _tell_end(telling, found, every, turn)
    note = _unsure(rejected) if successor is None else None
    labels = [one.label for one in (found, successor, *rejected.readings) if one is not None]
    finding = Finding(
        LEDGER,
        question,
        sources=tuple(telling.sources),
        figures=tuple(telling.figures),
        lines=tuple(telling.lines),
        note=note,
        label=highest(labels),
    )
    return Recollection(finding, settles=True)


def _why(question: str, recalled: Recalled, every: Sequence[Kept], turn: Turn) -> Recollection:
    """The nearest decision with its reason, what was turned down in it, and what came of it."""
    nearest = recalled.decisions[0]
    telling, kept = Telling(), nearest.kept
    telling.add(kept, CHOICE)
    telling.add(kept, REASON)
    others = range(len(kept.decision.alternatives))
    for place in sorted(others, key=lambda one: one != nearest.alternative)[:MOST_TURNED_DOWN]:
        telling.add(kept, alternative(place))
    telling.add(kept, OUTCOME)
    successor = _tell_end(telling, kept, every, turn)
    labels = [one.label for one in (kept, successor) if one is not None]
    finding = Finding(
        LEDGER, question, sources=tuple(telling.sources), lines=tuple(telling.lines), label=highest(labels)
    )
    return Recollection(finding, settles=True)


def _listed(question: str, every: Sequence[Kept], turn: Turn) -> Recollection:
    """The latest decisions in force, what was asked and what was chosen."""
    today, telling = turn.now.date(), Telling()
    standing = [one for one in every if one.ended_on is None or one.ended_on > today]
    latest = sorted(standing, key=lambda one: one.decision.decided_on, reverse=True)[:MOST_LISTED]
    for one in latest:
        telling.head(one)
    note = LISTED if latest else "The ledger holds no decision that you may read."
    labels = [one.label for one in latest]
    finding = Finding(
        LEDGER, question, sources=tuple(telling.sources), lines=tuple(telling.lines), note=note, label=highest(labels)
    )
    return Recollection(finding, settles=True)


def _beside(question: str, kept: Kept) -> Recollection:
    """A line or two for a question that does not ask for decisions."""
    telling = Telling()
    telling.add(kept, CHOICE)
    telling.add(kept, REASON)
    finding = Finding(LEDGER, question, sources=tuple(telling.sources), lines=tuple(telling.lines), label=kept.label)
    return Recollection(finding, settles=False)


def _tell_end(telling: Telling, kept: Kept, every: Sequence[Kept], turn: Turn) -> Kept | None:
    """Tells what took the decision's place, if something has by now that the principal may read."""
    if kept.ended_on is None or kept.ended_on > turn.now.date():
        return None
    successor = next((one for one in every if one.id == kept.superseded_by), None)
    if successor is not None:
        telling.add(successor, CHOICE, lead="It was superseded. ")
    return successor


def _alike(question: str, found: Kept, nearest: int) -> list[int]:
    """The place of what was turned down, then of what else of it has every word that the question is about."""
    about = frozenset(content_stems(bare(question)))
    names = [frozenset(content_stems(one.name)) for one in found.decision.alternatives]
    return [nearest, *(place for place, name in enumerate(names) if about and about <= name and place != nearest)]


def _telling_wires(rejected: Rejected) -> list[Reading]:
    """The readings that make the verdict: those that are crossed, else all that hold."""
    crossed = [one for one in rejected.readings if one.standing is Standing.CROSSED]
    return crossed or [one for one in rejected.readings if one.standing is Standing.HOLDS]


def _unsure(rejected: Rejected) -> str | None:
    """Why the trip-wires do not say whether the reason holds; None where they do."""
    if rejected.verdict is Verdict.UNWATCHED:
        return UNWATCHED
    if rejected.verdict is Verdict.UNKNOWN:
        whys = (f"{one.wire.metric}: {one.why}" for one in rejected.readings if one.standing is Standing.UNKNOWN)
        return f"Whether the reason still holds cannot be told ({'; '.join(whys)})."
    return None


def _clearly_about(question: str, kept: Kept) -> bool:
    """Whether the decision has most of the words that the question is about."""
    asked = frozenset(content_stems(bare(question)))
    return len(asked) > 1 and len(asked & _words(kept.decision)) > CLEARLY * len(asked)


@lru_cache(maxsize=4096)
def _words(decision: Decision) -> frozenset[str]:
    reasons = (f"{one.name} {one.rejected_because}" for one in decision.alternatives)
    return frozenset(content_stems(" ".join((decision.question, decision.choice, decision.rationale, *reasons))))
