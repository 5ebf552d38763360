"""Decisions heard on a call: sentences that settle something, as drafts for a person to confirm, complete or dismiss."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.errors import InvalidInputError
from core.identity import Label
from memory.decisions.model import Alternative, Decision, Evidence
from memory.transcripts.model import Transcript, Turn
from models.text.sentences import sentence_spans, word_count
from models.text.words import content_stems
from tools.calls.cues import Cue, cue, score
from tools.calls.decision_titles import names_something, shortened, titled, titled_by
from tools.calls.instructions import instruction_confidence

_DECIDED = (
    cue(r"(?:we|i)(?:'ve| have)? (?:just |finally |all |both )?(?:decided|agreed|settled|concluded|resolved)", 0.7),
    cue(r"(?:we|i)'?(?:re| are|m| am)? (?:going|gone|went) with|(?:we|i)(?:'ll| will) go with|let's go with", 0.7),
    cue(
        r"(?:it's|that's|it is|that is) (?:decided|settled|agreed|final|the (?:decision|deal)|a deal|a go|what (?:we're|we are|we'll be) doing)"
        r"|the decision is|(?:we|you) have a deal",
        0.7,
    ),
    cue(r"from now on|going forward|as of (?:today|now|monday|tomorrow)|that's the (?:last|rule)", 0.5),
    cue(r"(?:nobody|no one) (?:\w+ )?(?:puts|offers|goes|gets|signs|sends|promises)", 0.5),
    cue(r"(?:we|i)(?:'ll| will) (?:honor|honour|keep (?:the|it|that)|stick with|sign|take (?:the|your|that) \w+)", 0.5),
    cue(r"(?:we|i)(?:'d| would) rather (?:pay|keep|stay|wait|have|buy|sign)", 0.5),
)
_REJECTED = (
    cue(
        r"(?:we|i)(?:'re|'m| are| am) not (?:doing(?! (?:well|great|badly|so|that bad))|(?:going to )?(?:tak|buy|pay|offer|sign|renew|mov|charg)\w*"
        r"|going to do)",
        0.7,
    ),
    cue(r"(?:we|i) (?:won't|will not) (?:do|offer|take|sign|buy|pay|renew|accept)", 0.5),
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
_OTHERS = re.compile(
    r"^\W*[\"“]|\b(?:they|he|she)(?:'d|'ve| had| have| has)? (?:\w+ )?(?:turned|said no|ruled)\b",
    re.IGNORECASE,
)
"""Somebody else's words, and what somebody else settled."""
_SURE = _DECIDED[:5]
_AMOUNT = re.compile(
    r"[$€£]\s?\d|\d ?%|(?:percent|dollars|euros|bucks|grand)\b|\d (?:a|per) (?:month|year|site|seat)\b", re.IGNORECASE
)
_MOVES = re.compile(r"\b(?:take|taking|put|putting|keep|leave) (?:\w+ ){1,4}(?:off|on) the table\b", re.IGNORECASE)
_REFUSES = re.compile(
    r"^\W*(?:(?:um|uh|well|look|so|oh|okay|hm+)\b\W*)*(?:no\b|stop\b|but\b|(?:i|we) (?:can't|cannot|won't|don't|couldn't)\b"
    r"|that(?:'s| is) (?:not|too|still)\b|that (?:doesn't|won't)\b|not (?:at|for|with)\b)",
    re.IGNORECASE,
)
_OPEN = (cue(r"if|whether|might|maybe|perhaps|could|would have|haven't|not yet|should we|do we|did we", 0.4),)
_REASON = (cue(r"because|since|the reason is|that's why|otherwise", 1.0),)
_PUTS_FORWARD = (cue(r"what i think we do|say it in one go|so that's it|to recap|let me recap|here's what we", 1.0),)
THRESHOLD = 0.5
LEAST_WORDS = 4
MOST_WORDS_OF_AGREEING = 3
"""Words of content that a sentence may have and still only agree to what was said before it."""
FEW_TURNS, MANY_TURNS = 3, 12


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    rejects: bool
    sure: bool


def decisions(call: Transcript, *, label: Label) -> Iterator[Decision]:
    """A draft for each sentence that settles something, with the sentence as its evidence, in the order of the call.

    What is turned down is a draft's alternative, with the reason that stands beside it. Where a sentence only agrees or
    refuses ("That's what we're doing"), what was said before it is the choice or the alternative. The question is what was
    settled, as a title. An offer of one side that the other does not take, an amount that is haggled over, and speech that
    gives orders to whoever reads the call are left out. InvalidInputError for a call without a day: a decision holds from
    one.
    """
    if call.held is None:
        raise InvalidInputError(
            f"The call {call.id!r} names no day, from which a decision would hold: record it by hand"
        )
    refused: set[str] = set()
    for turn in call.turns:
        sentences = [turn.text[start:end] for start, end in sentence_spans(turn.text)]
        for place, text in enumerate(sentences):
            found = _heard(text)
            if found is None or (not found.sure and _is_refused(call, turn)):
                continue
            draft = _draft(call, turn, found, sentences, place, label)
            names = {one.name for one in draft.alternatives}
            if not names & refused:
                yield draft
            refused |= names


def _heard(text: str) -> _Sentence | None:
    asked_or_quoted = text.rstrip().endswith("?") or _OTHERS.search(text)
    if word_count(text) < LEAST_WORDS or asked_or_quoted or instruction_confidence(text) is not None:
        return None
    decided, rejected = score(text, _DECIDED), score(text, _REJECTED)
    weight = decided + rejected + score(text, _INSTEAD) - score(text, _OPEN)
    sure = _has(text, _SURE)
    if weight < THRESHOLD or (not sure and (_AMOUNT.search(text) or _MOVES.search(text))):
        return None
    return _Sentence(text, rejected > decided, sure)


def _is_refused(call: Transcript, turn: Turn) -> bool:
    """Whether the next to speak, on another side, does not take what was offered."""
    later = next((one for one in call.turns[turn.index + 1 :] if one.speaker != turn.speaker), None)
    if later is None or call.cast[later.speaker].role == call.cast[turn.speaker].role:
        return False
    return bool(_REFUSES.match(later.text.replace("’", "'")))


def _draft(
    call: Transcript, turn: Turn, found: _Sentence, sentences: Sequence[str], place: int, label: Label
) -> Decision:
    assert call.held
    evidence = _evidence(call, turn, found.text)
    reason, title = _reason(sentences, place), titled(found.text)
    leans_on = _refused if found.rejects else _agreed_to
    before = leans_on(call, turn, sentences, place) if title is None else None
    title = titled_by(before.quote, rejected=found.rejects) if before else title or shortened(found.text)
    quoted = (before, evidence) if before else (evidence,)
    what = before.quote if before else found.text
    alternative = Alternative(what, reason or "No reason was given on the call", quoted)
    return Decision(
        question=title,
        choice=found.text if found.rejects else what,
        owner=call.cast[turn.speaker].name,
        decided_on=call.held.date(),
        rationale=reason,
        alternatives=(alternative,) if found.rejects else (),
        participants=tuple(speaker.name for speaker in call.speakers),
        evidence=() if found.rejects else quoted,
        label=label,
    )


def _agreed_to(call: Transcript, turn: Turn, sentences: Sequence[str], place: int) -> Evidence | None:
    """What is agreed to or refused: the statements before it in the turn, else those of the last turn that put something
    forward, else of one just before that holds several of substance.
    """
    if before := _statements(sentences[:place]):
        return _evidence(call, turn, before)
    earlier = list(reversed(call.turns[max(turn.index - MANY_TURNS, 0) : turn.index]))
    for one in [one for one in earlier if _has(one.text, _PUTS_FORWARD)] + earlier[:FEW_TURNS]:
        stated = _statements([one.text[start:end] for start, end in sentence_spans(one.text)])
        if len(set(content_stems(stated))) > 2 * MOST_WORDS_OF_AGREEING:
            return _evidence(call, one, stated)
    return None


def _refused(call: Transcript, turn: Turn, sentences: Sequence[str], place: int) -> Evidence | None:
    """What is refused: the nearest sentence before it that names something, also where it asks for it."""
    for text in reversed(sentences[:place]):
        if names_something(text):
            return _evidence(call, turn, text)
    for earlier in reversed(call.turns[max(turn.index - FEW_TURNS, 0) : turn.index]):
        for start, end in reversed(list(sentence_spans(earlier.text))):
            if names_something(earlier.text[start:end]):
                return _evidence(call, earlier, earlier.text[start:end])
    return None


def _evidence(call: Transcript, turn: Turn, quote: str) -> Evidence:
    return Evidence(call.id, call.content_hash, (turn.index, turn.index), quote)


def _statements(sentences: Sequence[str]) -> str:
    """The last run of sentences that ask nothing, verbatim as they stand one behind another."""
    run: list[str] = []
    for text in reversed(sentences):
        if text.rstrip().endswith("?"):
            break
        run.append(text.strip())
    stated = " ".join(reversed(run))
    return stated if len(set(content_stems(stated))) > MOST_WORDS_OF_AGREEING else ""


def _reason(sentences: Sequence[str], place: int) -> str:
    """The sentence's own reason, or that of the sentence beside it; empty where none is marked as one."""
    beside = (place, place + 1, place - 1)
    near = [sentences[one] for one in beside if 0 <= one < len(sentences)]
    return next((text for text in near if _has(text, _REASON)), "")


def _has(text: str, cues: tuple[Cue, ...]) -> bool:
    return score(text, cues) > 0
