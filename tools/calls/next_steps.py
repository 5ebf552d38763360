"""Next steps: who said that they will do what, by when."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from memory.transcripts.model import Transcript, Turn
from models.text.sentences import sentence_spans
from models.text.words import content_stems
from tools.calls.commitments import FAINT, Promise, accepts, promise_in, refuses, request_in, takes_back, welcomes
from tools.calls.due import Due, dues
from tools.calls.moment import Kind, Moment, moment
from tools.calls.speech import floor_turns

THRESHOLD = 0.5
_DATED, _LATE, _ACCEPTED = 0.2, 0.1, 0.2
LAST_PART = 0.75
"""Next steps are agreed towards the end: after this part of the turns one is a little likelier."""
_MEETS = re.compile(r"\b(?:see|meet|talk to|speak to) you\b|\bbe there\b", re.IGNORECASE)
SOON = 31
"""So many days after a call its steps are taken; what is planned for later counts where the words alone promise it."""
ANSWERS = 2
"""So many turns after a request somebody may still take it on."""
ALIKE = 0.5
"""From this share of content words in common on, two steps of one person are the same, told again."""


@dataclass(frozen=True, slots=True)
class _Said:
    """A sentence with what it promises and by when; one that names several days lends none of them to its neighbours."""

    span: tuple[int, int]
    promise: Promise | None
    due: Due | None
    lends: bool = False


_NOTHING = _Said((0, 0), None, None)


def next_steps(call: Transcript) -> Iterator[Moment]:
    """Commitments of the speaker that nobody took back or declined, and requests that somebody took on, each once.

    A date without a sentence of its own belongs to the promise beside it: "Thursday the 29th. I'll be there."
    """
    yield from _once(_steps(call))


def _steps(call: Transcript) -> Iterator[Moment]:
    on = call.held.date() if call.held else None
    turns = list(floor_turns(call))
    for place, turn in enumerate(turns):
        answers = [one for one in turns[place + 1 : place + 1 + ANSWERS] if one.speaker != turn.speaker]
        for sentence in _with_neighbours(list(_said(turn, on))):
            found = _step(call, turn, sentence, answers)
            if found is not None and found.confidence >= THRESHOLD:
                yield found


def _said(turn: Turn, on: date | None) -> Iterator[_Said]:
    found = dues(turn.text, on)
    for start, end in sentence_spans(turn.text):
        sentence = turn.text[start:end]
        mine = [due for due in found if start <= due.span[0] < end]
        fixed = [due for due in mine if due.day] or mine
        promise = promise_in(sentence) or request_in(sentence)
        yield _Said((start, end), promise, fixed[-1] if fixed else None, lends=len({due.day for due in fixed}) == 1)


def _with_neighbours(said: Sequence[_Said]) -> list[_Said]:
    """Gives a promise without a date that of the sentence after it, or before it, if that one promises nothing else.

    "You'd have it by Friday" after a promise is its date and no second promise.
    """
    whole = [
        replace(sentence, promise=None) if before.promise and _kind(sentence) == "promise" else sentence
        for before, sentence in zip([_NOTHING, *said], said, strict=False)
    ]
    for place, sentence in enumerate(whole):
        if sentence.promise is None or sentence.due is not None:
            continue
        for beside in (place + 1, place - 1):
            if 0 <= beside < len(said) and (due := _lent(said[beside])) is not None:
                whole[place] = replace(sentence, due=due)
                break
    return whole


def _lent(beside: _Said) -> Due | None:
    return beside.due if beside.lends and _kind(beside) in (None, "promise") else None


def _kind(said: _Said) -> str | None:
    return said.promise.kind if said.promise else None


def _step(call: Transcript, turn: Turn, said: _Said, answers: Sequence[Turn]) -> Moment | None:
    promise = said.promise
    if promise is None or (promise.weight <= FAINT and not _soon(call, said.due)):
        return None
    weight, owner, last = promise.weight + _DATED * (said.due is not None), turn.speaker, turn.index
    if promise.kind == "request":
        taker = _taker(call, turn.text[said.span[0] : said.span[1]], answers)
        if taker is None:
            return None
        weight, owner, last = weight + _ACCEPTED, taker.speaker, taker.index
    elif _is_void(turn, said, answers):
        return None
    elif promise.kind == "offer" and welcomes(_reply(answers)):
        weight += _ACCEPTED
    if turn.index >= LAST_PART * len(call.turns):
        weight += _LATE
    found = moment(call, turn, said.span, kind=Kind.NEXT_STEP, confidence=weight, detail=promise.kind)
    due = said.due
    return replace(
        found,
        turns=(turn.index, last),
        owner=call.cast[owner].name,
        due=due.day if due else None,
        due_text=due.text if due else None,
    )


def _soon(call: Transcript, due: Due | None) -> bool:
    """Whether a day is near enough for a deed that is told of it to be a step and no plan."""
    if due is None or due.day is None or call.held is None:
        return due is not None
    return (due.day - call.held.date()).days <= SOON


def _is_void(turn: Turn, said: _Said, answers: Sequence[Turn]) -> bool:
    """Whether a promise is taken back or declined; an offer binds nobody until somebody is glad of it."""
    start, end = said.span
    if takes_back(turn.text[start:end], turn.text[end:].strip()):
        return True
    reply = _reply(answers)
    return refuses(reply) or (_kind(said) in ("offer", "notice") and said.due is None and not welcomes(reply))


def _reply(answers: Sequence[Turn]) -> str:
    return answers[0].text if answers else ""


def _taker(call: Transcript, request: str, answers: Sequence[Turn]) -> Turn | None:
    """The turn that takes the request on without a promise of its own, which would be the next step.

    Who is called by name must answer; else the first to speak does.
    """
    named = [one for one in answers if _is_called(call.cast[one.speaker].name, request)]
    for answer in (named or answers)[:1]:
        spans = sentence_spans(answer.text)
        promised = any(_binds(promise_in(answer.text[start:end])) for start, end in spans)
        return answer if accepts(answer.text) and not promised else None
    return None


def _is_called(name: str, request: str) -> bool:
    """Whether the request has the first name as a word of its own."""
    return any(re.search(rf"\b{re.escape(first)}\b", request) for first in name.split()[:1])


def _binds(promise: Promise | None) -> bool:
    return promise is not None and promise.weight >= THRESHOLD


def _once(steps: Iterable[Moment]) -> Iterator[Moment]:
    """The steps without those that one person tells again: in the same words, or as "I'll see you" on the same day."""
    told: list[tuple[Moment, frozenset[str]]] = []
    for step in steps:
        stems = frozenset(content_stems(step.text))
        if not any(_repeats(step, stems, before, known) for before, known in told):
            told.append((step, stems))
            yield step


def _repeats(step: Moment, stems: frozenset[str], before: Moment, known: frozenset[str]) -> bool:
    if step.owner != before.owner or (step.due and before.due and step.due != before.due):
        return False
    shared, fewer = len(stems & known), min(len(stems), len(known))
    if step.due is not None and step.due == before.due and _MEETS.search(step.text):
        return True
    return shared >= 2 and shared >= ALIKE * fewer
