"""Decisions heard on a call: sentences that settle something, as drafts for a person to confirm, complete or dismiss."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.errors import InvalidInputError
from core.identity import Label
from memory.decisions.model import Alternative, Decision, Evidence
from memory.transcripts.model import Transcript, Turn
from models.text.sentences import sentence_spans, word_count
from tools.calls.cues import Cue, cue, score
from tools.calls.instructions import instruction_confidence

_DECIDED = (
    cue(r"(?:we|i)(?:'ve| have)? (?:just |finally |all |both )?(?:decided|agreed|settled|concluded|resolved)", 0.7),
    cue(r"(?:we|i)'?(?:re| are|m| am)? (?:going|gone|went) with|(?:we|i)(?:'ll| will) go with|let's go with", 0.7),
    cue(
        r"(?:it's|that's|it is|that is) (?:decided|settled|agreed|final|the decision|a deal|a go)|the decision is", 0.7
    ),
    cue(r"from now on|going forward|as of (?:today|now|monday|tomorrow)|that's the (?:last|rule)", 0.5),
    cue(r"(?:nobody|no one|everybody|everyone) (?:\w+ )?(?:puts|offers|says|goes|gets|does|signs|sends|promises)", 0.5),
    cue(r"(?:we|i)(?:'ll| will) (?:honor|honour|keep|stick with|take|sign)", 0.5),
    cue(r"(?:we|i)(?:'d| would) rather|(?:we|i) prefer", 0.4),
)
_REJECTED = (
    cue(r"(?:we|i)(?:'re|'m| are| am) not (?:doing|going|taking|buying|paying|offering|signing|renewing|moving)", 0.7),
    cue(r"(?:we|i) (?:won't|will not|don't|do not) (?:do|offer|take|sign|buy|pay|renew|accept)", 0.5),
    cue(
        r"(?:isn't|is not|that's not|not) something (?:we|i) (?:offer|do|want|need|sell)|not (?:an option|on the table)",
        0.7,
    ),
    cue(
        r"off the table|ruled (?:it|that|them) out|decided against|turned (?:it|that|them|him|her) down|said no to", 0.7
    ),
    cue(r"no more|not any ?more|any more|not a \w+ more", 0.2),
)
_INSTEAD = (cue(r"instead(?: of)?|rather than|in place of", 0.2),)
_OPEN = (cue(r"if|whether|might|maybe|perhaps|could|would have|haven't|not yet|should we|do we|did we", 0.4),)
_REASON = (cue(r"because|since|the reason is|that's why|otherwise", 1.0),)
THRESHOLD = 0.5
LEAST_WORDS = 4


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    weight: float
    rejects: bool


def decisions(call: Transcript, *, label: Label) -> Iterator[Decision]:
    """A draft for each sentence that settles something, with the sentence as its evidence, in the order of the call.

    What is turned down is a draft's alternative, with the reason that stands beside it. Speech that gives orders to
    whoever reads the call is left out. InvalidInputError for a call without a day: a decision holds from one.
    """
    if call.held is None:
        raise InvalidInputError(
            f"The call {call.id!r} names no day, from which a decision would hold: record it by hand"
        )
    for turn in call.turns:
        sentences = [turn.text[start:end] for start, end in sentence_spans(turn.text)]
        for place, text in enumerate(sentences):
            found = _heard(text)
            if found is not None:
                yield _draft(call, turn, found, sentences, place, label)


def _heard(text: str) -> _Sentence | None:
    if word_count(text) < LEAST_WORDS or text.rstrip().endswith("?") or instruction_confidence(text) is not None:
        return None
    decided, rejected = score(text, _DECIDED), score(text, _REJECTED)
    weight = decided + rejected + score(text, _INSTEAD) - score(text, _OPEN)
    return _Sentence(text, weight, rejected > decided) if weight >= THRESHOLD else None


def _draft(
    call: Transcript, turn: Turn, found: _Sentence, sentences: Sequence[str], place: int, label: Label
) -> Decision:
    assert call.held
    evidence = Evidence(call.id, call.content_hash, (turn.index, turn.index), found.text)
    reason = _reason(sentences, place)
    alternative = Alternative(found.text, reason or "No reason was given on the call", (evidence,))
    return Decision(
        question=f"What was settled on {call.title}?",
        choice="Not taken up" if found.rejects else found.text,
        owner=call.cast[turn.speaker].name,
        decided_on=call.held.date(),
        rationale=reason,
        alternatives=(alternative,) if found.rejects else (),
        participants=tuple(speaker.name for speaker in call.speakers),
        evidence=() if found.rejects else (evidence,),
        label=label,
    )


def _reason(sentences: Sequence[str], place: int) -> str:
    """The sentence's own reason, or that of the sentence beside it; empty where none is marked as one."""
    beside = (place, place + 1, place - 1)
    near = [sentences[one] for one in beside if 0 <= one < len(sentences)]
    return next((text for text in near if _has(text, _REASON)), "")


def _has(text: str, cues: tuple[Cue, ...]) -> bool:
    return score(text, cues) > 0
