"""Decisions as texts that can be cited, opened in their place and held against rights."""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, time

from core.errors import NotFoundError
from core.identity import Principal
from memory.decisions.history import Kept
from memory.decisions.model import Decision, TripWire
from memory.decisions.store import Ledger
from memory.transcripts.model import Speaker, Transcript, Turn

PREFIX = "decision:"
LEDGER = Speaker("ledger", "Ledger")

QUESTION, CHOICE, REASON, REVIEW, OUTCOME = "question", "choice", "reason", "review", "outcome"
"""The topics of a decision's turns, with those of `alternative` and `wire`."""
_CALLED = {QUESTION: "title", REVIEW: "review day"}


def alternative(place: int) -> str:
    """The topic of what was turned down, by its place."""
    return f"alternative {place}"


def wire(place: int) -> str:
    """The topic of a trip-wire, by its place."""
    return f"wire {place}"


def part(topic: str, decision: Decision) -> str:
    """What people call a part of a decision: `title`, `reason`, `alternative 2 of 3`, `trip-wire`."""
    kind, _, place = topic.partition(" ")
    if not place:
        return _CALLED.get(topic, topic)
    name, there = ("trip-wire", decision.wires) if kind == "wire" else (kind, decision.alternatives)
    return f"{name} {int(place) + 1} of {len(there)}" if len(there) > 1 else name


def as_text(decision: Kept) -> Transcript:
    """The decision as a text of one turn a part; `Turn.topic` and `Turn.part` say which. Its version changes with its words."""
    parts = [(topic, " ".join(words.split())) for topic, words in _parts(decision)]
    return Transcript(
        id=f"{PREFIX}{decision.id}",
        title=f"Decision of {decision.decision.decided_on}",
        speakers=(LEDGER,),
        turns=tuple(
            Turn(place, LEDGER.id, words, topic=topic, part=part(topic, decision.decision))
            for place, (topic, words) in enumerate(parts)
        ),
        held=datetime.combine(decision.decision.decided_on, time(12), tzinfo=UTC),
    )


class CitableDecisions:
    """The ledger as a shelf: every version that a decision ever had stays open to who may read it and what it quotes."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def readable(self, ids: Collection[str], principal: Principal) -> dict[str, set[str]]:
        """The versions of each of these decisions that the principal may read."""
        found = {id_: await self._versions(id_, principal) for id_ in ids}
        return {id_: {text.content_hash for text in versions} for id_, versions in found.items() if versions}

    async def live(self, ids: Collection[str], principal: Principal) -> dict[str, str]:
        """The present version of each of these decisions that the principal may read."""
        found = {id_: await self._versions(id_, principal) for id_ in ids}
        return {id_: versions[-1].content_hash for id_, versions in found.items() if versions}

    async def transcript(self, document: str, principal: Principal, version: str | None = None) -> Transcript:
        """The decision in its present or in the given version; NotFoundError for what may not be read."""
        versions = await self._versions(document, principal)
        wanted = [text for text in versions if version in (None, text.content_hash)]
        if not wanted:
            raise NotFoundError(
                f"No document {document!r}: the ledger holds no such decision, or never in this version"
            )
        return wanted[-1]

    async def _versions(self, document: str, principal: Principal) -> list[Transcript]:
        id_ = document.removeprefix(PREFIX)
        try:
            return [as_text(version) for version in await self._ledger.versions(id_, principal)]
        except NotFoundError:
            return []


def _parts(one: Kept) -> Iterator[tuple[str, str]]:
    decision = one.decision
    yield QUESTION, decision.question
    yield CHOICE, f"Decided on {decision.decided_on} by {decision.owner}: {decision.choice}"
    if decision.rationale:
        yield REASON, f"The reason: {decision.rationale}"
    for place, other in enumerate(decision.alternatives):
        yield (
            alternative(place),
            f"Turned down on {decision.decided_on}: {_ended(other.name)} The reason: {other.rejected_because}",
        )
    for place, tripwire in enumerate(decision.wires):
        whose = f" It is for: {tripwire.alternative}" if tripwire.alternative else ""
        yield wire(place), f"{told_wire(tripwire)}{whose}"
    if decision.review_on is not None:
        yield REVIEW, f"To be reviewed on {decision.review_on}"
    if one.outcome is not None:
        how = "It worked out" if one.outcome.succeeded else "It did not work out"
        yield OUTCOME, f"{how}, as seen on {one.outcome.on}: {one.outcome.told}"


def told_wire(tripwire: TripWire) -> str:
    """`The trip-wire: win rate of New business below 40.`"""
    asked = ", ".join(value for _, value in tripwire.parameters)
    metric = tripwire.metric.replace("_", " ") + (f" of {asked}" if asked else "")
    return f"The trip-wire: {metric} {tripwire.crossed} {tripwire.threshold:,.12g}."


def _ended(text: str) -> str:
    return text if text.rstrip().endswith((".", "!", "?")) else f"{text}."
