"""Gathering what matters on calls: objections, competitors, next steps, each as its own quotation."""

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from agents.base import Finding, Turn
from agents.call_analysis.asks import MOST_CALLS, Ask, passages, structured, whole
from agents.call_analysis.material import search
from agents.call_analysis.names import SELLER
from agents.call_analysis.quoting import FEWEST_WORDS, widened
from models.evidence import Citation, Figure, Source, Utterance
from models.language import Form
from models.text.sentences import word_count
from tools.calls.moment import Kind
from tools.servers.call_results import CallMoments, CallSummary, Marked

MOST_LINES = 10
LINES_A_CALL = 6
PASSAGES = 6
NEUTRAL = "What did the customer object to?"
LATEST_STEPS = "These are from the latest call; ask for another by its day to hear of its next steps."
WHETHER_DONE = "Whether any of it was done since, calls alone do not tell."
OVERDUE = re.compile(
    r"\b(?:overdue|past due|late|due (?:today|by now|already)|(?:keep|kept|broken?) (?:it|that|them|those|any|(?:our |their )?promises?))\b",
    re.IGNORECASE,
)
OWED = re.compile(r"\b(?:promis\w+|commit\w*|owes?|(?:over)?due)\b", re.IGNORECASE)
OURS = re.compile(r"\b(?:we|i|our side|our team)\b", re.IGNORECASE)
THEIRS = re.compile(r"\b(?:did|do|does|will|have) (?:they|the (?:buyer|customer|client)s?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Read:
    """A call with all its turns and its moments of one kind."""

    call: CallSummary
    text: Source
    moments: tuple[Marked, ...]

    def around(self, turn: int, span: tuple[int, int]) -> Source:
        """The sentences around a span of a turn as something to quote."""
        said = next(s for s in self.text.utterances if s.turn == turn and s.span[0] <= span[0] < s.span[1])
        start, end = widened(said, span)
        words = said.text[start - said.span[0] : end - said.span[0]]
        return replace(self.text, utterances=(replace(said, text=words, span=(start, end)),))


async def objections(ask: Ask, turn: Turn) -> Finding:
    """What buyers resist, the surest of each call, one quotation each; of a call without any, what a search by meaning finds.

    A review among colleagues has no buyers: there the search speaks for what was heard from them.
    """
    reads = await _read(ask, turn, Kind.OBJECTION)
    share = max(2, min(LINES_A_CALL, MOST_LINES // max(len(reads), 1)))
    lines = [line for read in reads for line in await _objections(read, ask, turn, share)]
    return ask.finding(form=Form.QUOTES, sources=lines) if lines else await search(ask, turn)


async def _objections(read: Read, ask: Ask, turn: Turn, most: int) -> list[Source]:
    asked_of = [name for name in ask.scope.people if name in {person.name for person in read.call.people}]
    theirs = [one for one in read.moments if not asked_of or one.speaker in asked_of]
    surest = sorted(theirs, key=lambda one: -one.confidence)[:most]
    chosen = {one.turn: one.span for one in surest}
    if not chosen:
        chosen = {said.turn: said.span for said in (await _by_meaning(read, turn, asked_of))[:most]}
    return [read.around(place, chosen[place]) for place in sorted(chosen)]


async def _by_meaning(read: Read, turn: Turn, people: Sequence[str]) -> list[Utterance]:
    """What the buyers, or these people, say at most length in each passage that is most like an objection."""
    found, _ = await passages(turn, NEUTRAL, calls=[read.call.call], limit=PASSAGES)
    buyers = any(person.role != SELLER for person in read.call.people)
    said = []
    for passage in found:
        theirs = [
            one
            for one in passage.utterances
            if (one.speaker in people if people else not buyers or one.role != SELLER)
            and word_count(one.text) >= FEWEST_WORDS
        ]
        if theirs:
            said.append(max(theirs, key=lambda one: len(one.text)))
    return said


async def competitors(ask: Ask, turn: Turn) -> Finding:
    """The sentences that name a competitor, the same number of each where there are many."""
    reads = await _read(ask, turn, Kind.COMPETITOR)
    spans: dict[tuple[str, int, str], tuple[Read, tuple[int, int]]] = {}
    for read in reads:
        for one in read.moments:
            spans.setdefault((read.call.call, one.turn, one.detail), (read, one.span))
    kept = _evenly(spans, MOST_LINES)
    lines = {(key[0], key[1]): spans[key][0].around(key[1], spans[key][1]) for key in kept}
    return ask.finding(form=Form.QUOTES, sources=list(lines.values())) if lines else await search(ask, turn)


async def risks(ask: Ask, turn: Turn) -> Finding:
    """The sentences that tell of something that may cost the deal or the customer."""
    return await _listed(ask, turn, Kind.RISK)


async def prices(ask: Ask, turn: Turn) -> Finding:
    """The sentences that name what something costs."""
    return await _listed(ask, turn, Kind.PRICING)


async def decisions(ask: Ask, turn: Turn) -> Finding:
    """The sentences that settle something."""
    return await _listed(ask, turn, Kind.DECISION)


async def _listed(ask: Ask, turn: Turn, kind: Kind) -> Finding:
    """The surest moments of a kind, the same number of each call where there are many; else what a search finds."""
    reads = await _read(ask, turn, kind)
    share = max(2, min(LINES_A_CALL, MOST_LINES // max(len(reads), 1)))
    lines = []
    for read in reads:
        best: dict[int, Marked] = {}
        for one in sorted(read.moments, key=lambda one: -one.confidence):
            best.setdefault(one.turn, one)
        lines += [read.around(one.turn, one.span) for one in sorted([*best.values()][:share], key=lambda one: one.turn)]
    return ask.finding(form=Form.QUOTES, sources=lines[-MOST_LINES:]) if lines else await search(ask, turn)


def _evenly(keys: Iterable[tuple[str, int, str]], most: int) -> list[tuple[str, int, str]]:
    """At most so many, taking one of each call and competitor in turn, in their order."""
    ranks: dict[tuple[str, str], int] = {}
    ranked = []
    for place, key in enumerate(keys):
        group = (key[0], key[2])
        ranks[group] = ranks.get(group, -1) + 1
        ranked.append((ranks[group], place, key))
    return [key for _, place, key in sorted(sorted(ranked)[:most], key=lambda one: one[1])]


async def next_steps(ask: Ask, turn: Turn) -> Finding:
    """Who will do what, each with the day it is due; of several calls the latest, unless it is asked what is owed.

    Of more than an answer holds, the surest are told; of what is overdue, what was due last. It says how many are left out.
    """
    owed = OWED.search(ask.written) is not None
    latest = ask if owed or ask.task.calls or len(ask.scope.calls) < 2 else _latest(ask)
    reads = await _read(latest, turn, Kind.NEXT_STEP)
    found = _of_people([(r, one) for r in reads for one in r.moments if _asked(one, r, ask, turn.now.date())], ask)
    overdue = OVERDUE.search(ask.written) is not None
    best = sorted(found, key=_latest_due if overdue else _surest, reverse=True)[:MOST_LINES]
    kept = [pair for pair in found if pair in best]
    if not kept:
        return await search(ask, turn)
    lines = [line for read, one in kept for line in _undertaken(read, one)]
    figures = [figure for read, one in kept if (figure := _due(read, one))]
    note = LATEST_STEPS if latest is not ask else WHETHER_DONE if overdue else None
    notes = filter(None, (_left_out(len(found) - len(kept), earlier=overdue), note))
    return latest.finding(form=Form.QUOTES, sources=lines, figures=figures, note=" ".join(notes) or None)


def _surest(step: tuple[Read, Marked]) -> float:
    return step[1].confidence


def _latest_due(step: tuple[Read, Marked]) -> date:
    return step[1].due or date.min


def _left_out(number: int, *, earlier: bool) -> str | None:
    """How many steps there are besides those told, and how to hear of them; None where there are none."""
    which = f"more that {'was' if number == 1 else 'were'} due earlier" if earlier else "more"
    are = "is" if number == 1 else "are"
    return f"{number} {which} {are} left out: ask of one call or one person to hear of theirs." if number else None


def _undertaken(read: Read, one: Marked) -> list[Source]:
    """What somebody undertakes: their own words, or what they were asked, and that they take it on."""
    asked = read.around(one.turn, one.span)
    if one.owner in (None, one.speaker):
        return [asked]
    answer = next(said for said in read.text.utterances if said.turn == one.turns[1])
    return [asked, read.around(answer.turn, (answer.span[0], answer.span[0] + 1))]


def _latest(ask: Ask) -> Ask:
    return replace(ask, scope=replace(ask.scope, calls=ask.scope.calls[:1]))


def _asked(one: Marked, read: Read, ask: Ask, today: date) -> bool:
    """Whether the step is of the side and the time that the question is about."""
    owner = one.owner or one.speaker
    if OVERDUE.search(ask.written) and (one.due is None or one.due > today):
        return False
    roles = {person.name: person.role for person in read.call.people}
    if THEIRS.search(ask.question):
        return roles.get(owner) != SELLER
    return roles.get(owner) == SELLER if OWED.search(ask.question) and OURS.search(ask.question) else True


def _of_people(steps: list[tuple[Read, Marked]], ask: Ask) -> list[tuple[Read, Marked]]:
    """Those of the people the question names, where any of them has one."""
    theirs = [(read, one) for read, one in steps if (one.owner or one.speaker) in ask.scope.people]
    return theirs or steps


def _due(read: Read, one: Marked) -> Figure | None:
    """The day a step is due, reckoned from the day of the call, bound to the words it was reckoned from."""
    if one.due is None or read.text.held is None:
        return None
    days = (one.due - read.text.held.date()).days
    return Figure(
        metric="due",
        value=days,
        unit="days after the call",
        text=one.due.isoformat(),
        subject=one.owner or one.speaker,
        query=f"call_moments(call={read.call.call!r}, kinds=['next_step'])",
        as_of=read.text.held.date().isoformat(),
        at=Citation(read.text.document, read.text.content_hash, (one.turn, one.turn), one.span),
    )


async def _read(ask: Ask, turn: Turn, kind: Kind) -> list[Read]:
    """The calls in question, oldest first, with their moments of a kind."""
    return list(await asyncio.gather(*(_one(call, turn, kind) for call in reversed(ask.scope.calls[:MOST_CALLS]))))


async def _one(call: CallSummary, turn: Turn, kind: Kind) -> Read:
    found, text = await asyncio.gather(
        structured(turn, "call_moments", call=call.call, kinds=[kind]), whole(call, turn)
    )
    return Read(call, text, CallMoments.model_validate(found).moments)
