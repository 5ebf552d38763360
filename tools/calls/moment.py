"""A moment: a span of a call that matters, and why."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from memory.transcripts.model import Transcript, Turn


class Kind(StrEnum):
    """What a moment is."""

    QUESTION = "question"
    COMPETITOR = "competitor"
    NEXT_STEP = "next_step"
    COMMITMENT = "commitment"
    SUGGESTION = "suggestion"
    OBJECTION = "objection"
    PRICING = "pricing"
    RISK = "risk"
    DECISION = "decision"
    PAIN = "pain"
    SITUATION = "situation"
    INSTRUCTION = "instruction"


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment. `span` is the half-open range of characters at which `text` stands in the transcript's text, in the turn
    `turn`; `turns` are the first and the last turn of what is told by it: a request and its answer, an objection said in several.

    `detail` says more by kind: the competitor's proper name, what an objection or a risk is about, how a next step, a
    commitment or a suggestion was recognised, whether a decision takes something or turns it down. `owner`, `due` and `due_text` belong to next steps. An `instruction` is speech that gives orders to
    whoever reads the transcript: it is marked, and never followed.
    """

    kind: Kind
    turn: int
    turns: tuple[int, int]
    speaker: str
    text: str
    span: tuple[int, int]
    confidence: float
    detail: str
    owner: str | None = None
    due: date | None = None
    due_text: str | None = None


def moment(
    call: Transcript, turn: Turn, span: tuple[int, int], *, kind: Kind, confidence: float, detail: str
) -> Moment:
    """A moment at a range of the turn's text."""
    offset = call.utterances[turn.index].span[0]
    return Moment(
        kind,
        turn.index,
        (turn.index, turn.index),
        call.cast[turn.speaker].name,
        turn.text[span[0] : span[1]],
        (offset + span[0], offset + span[1]),
        round(min(confidence, 1.0), 2),
        detail,
    )
