"""Next steps: who said that they will do what, by when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from memory.transcripts.model import Transcript, Turn
from models.text.sentences import sentence_spans
from tools.calls.commitments import Promise, accepts, promise_in, request_in
from tools.calls.due import Due, dues
from tools.calls.moment import Kind, Moment, moment
from tools.calls.speech import floor_turns

THRESHOLD = 0.5
_DATED, _LATE, _ACCEPTED = 0.2, 0.1, 0.2
LAST_PART = 0.75
"""Next steps are agreed towards the end: after this part of the turns one is a little likelier."""


@dataclass(frozen=True, slots=True)
class _Said:
    """A sentence with what it promises and by when; one that names several days lends none of them to its neighbours."""

    span: tuple[int, int]
    promise: Promise | None
    due: Due | None
    lends: bool = False


_NOTHING = _Said((0, 0), None, None)


def next_steps(call: Transcript) -> Iterator[Moment]:
    """Commitments of the speaker, and requests which the next to take the floor takes on.

    A date without a sentence of its own belongs to the promise beside it: "Thursday the 29th. I'll be there."
    """
    on = call.held.date() if call.held else None
    turns = list(floor_turns(call))
    for place, turn in enumerate(turns):
        said = _with_neighbours(list(_said(turn, on)))
        answer = turns[place + 1] if place + 1 < len(turns) else None
        for sentence in said:
            found = _step(call, turn, sentence, answer)
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


def _step(call: Transcript, turn: Turn, said: _Said, answer: Turn | None) -> Moment | None:
    promise = said.promise
    if promise is None:
        return None
    weight, owner = promise.weight + _DATED * (said.due is not None), turn.speaker
    if promise.kind == "request":
        if answer is None or answer.speaker == turn.speaker or not _takes_on(answer):
            return None
        weight, owner = weight + _ACCEPTED, answer.speaker
    if turn.index >= LAST_PART * len(call.turns):
        weight += _LATE
    found = moment(call, turn, said.span, kind=Kind.NEXT_STEP, confidence=weight, detail=promise.kind)
    due = said.due
    return replace(found, owner=call.cast[owner].name, due=due.day if due else None, due_text=due.text if due else None)


def _takes_on(answer: Turn) -> bool:
    """Whether the answer accepts without a promise of its own, which would be the next step."""
    spans = sentence_spans(answer.text)
    return accepts(answer.text) and not any(promise_in(answer.text[start:end]) for start, end in spans)
