"""Decisions heard on a call: sentences that settle something, as drafts for a person to confirm, complete or dismiss."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.errors import InvalidInputError
from core.identity import Label
from memory.decisions.model import Alternative, Decision, Evidence
from memory.transcripts.model import Transcript, Turn
from models.text.sentences import sentence_spans, word_count
from models.text.words import content_stems, words
from tools.calls.cues import Cue, cue, score
from tools.calls.instructions import instruction_confidence
from tools.calls.questions import question_spans

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
_OTHERS = re.compile(r"^\W*[\"“]")
_OPEN = (cue(r"if|whether|might|maybe|perhaps|could|would have|haven't|not yet|should we|do we|did we", 0.4),)
_REASON = (cue(r"because|since|the reason is|that's why|otherwise", 1.0),)
THRESHOLD = 0.5
LEAST_WORDS = 4
MOST_WORDS_OF_AGREEING = 3
"""Words of content that a sentence may have and still only agree to what was said before it."""
FEW_TURNS, MANY_TURNS = 3, 12
WORDS_OF_A_TOPIC = 3
LEAST_LETTERS = 4


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    weight: float
    rejects: bool


def decisions(call: Transcript, *, label: Label) -> Iterator[Decision]:
    """A draft for each sentence that settles something, with the sentence as its evidence, in the order of the call.

    What is turned down is a draft's alternative, with the reason that stands beside it. Where a sentence only agrees
    ("That's what we're doing"), what was said before it is the choice. The question is the one that was last asked about
    it. Speech that gives orders to whoever reads the call is left out. InvalidInputError for a call without a day: a
    decision holds from one.
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
    asked_or_quoted = text.rstrip().endswith("?") or _OTHERS.match(text)
    if word_count(text) < LEAST_WORDS or asked_or_quoted or instruction_confidence(text) is not None:
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
    agreed = _agreed_to(call, turn, sentences, place) if not found.rejects and _only_agrees(found.text) else None
    choice = "Not taken up" if found.rejects else agreed.quote if agreed else found.text
    return Decision(
        question=_question(call, turn, found.text if found.rejects else choice),
        choice=choice,
        owner=call.cast[turn.speaker].name,
        decided_on=call.held.date(),
        rationale=reason,
        alternatives=(alternative,) if found.rejects else (),
        participants=tuple(speaker.name for speaker in call.speakers),
        evidence=() if found.rejects else tuple(one for one in (agreed, evidence) if one),
        label=label,
    )


def _only_agrees(text: str) -> bool:
    return len(set(content_stems(text))) <= MOST_WORDS_OF_AGREEING


def _agreed_to(call: Transcript, turn: Turn, sentences: Sequence[str], place: int) -> Evidence | None:
    """What is agreed to: the statements before it in the turn, else the last turn that holds several of substance."""
    if before := _statements(sentences[:place]):
        return Evidence(call.id, call.content_hash, (turn.index, turn.index), before)
    for earlier in reversed(call.turns[max(turn.index - FEW_TURNS, 0) : turn.index]):
        stated = _statements([earlier.text[start:end] for start, end in sentence_spans(earlier.text)])
        if len(set(content_stems(stated))) > 2 * MOST_WORDS_OF_AGREEING:
            return Evidence(call.id, call.content_hash, (earlier.index, earlier.index), stated)
    return None


def _statements(sentences: Sequence[str]) -> str:
    """The last run of sentences that ask nothing, verbatim as they stand one behind another."""
    run: list[str] = []
    for text in reversed(sentences):
        if text.rstrip().endswith("?"):
            break
        run.append(text.strip())
    stated = " ".join(reversed(run))
    return stated if len(set(content_stems(stated))) > MOST_WORDS_OF_AGREEING else ""


def _question(call: Transcript, turn: Turn, settled: str) -> str:
    """The question asked last before it that shares several words with what was settled; else what the talk was about."""
    wanted = frozenset(content_stems(settled))
    asked = [
        earlier.text[start:end].strip()
        for earlier in call.turns[max(turn.index - MANY_TURNS, 0) : turn.index + 1]
        for start, end in question_spans(earlier.text)
    ]
    shared = [(len(wanted & frozenset(content_stems(text))), place) for place, text in enumerate(asked)]
    most, place = max(shared, default=(0, 0))
    return asked[place] if most > 1 else f"What was settled about {', '.join(_topic(call, turn, settled))}?"


def _topic(call: Transcript, turn: Turn, settled: str) -> list[str]:
    """The rarest words of what was settled, in their order; where it has too few, those that fall most often before it."""
    spread = Counter(root for one in call.turns for root in set(content_stems(one.text)))
    for one in (*_DECIDED, *_REJECTED):
        settled = one.pattern.sub(" ", settled)
    own = {content_stems(word)[0]: word for word in words(settled) if content_stems(word)}
    if len(own) >= WORDS_OF_A_TOPIC:
        rarest = sorted(own, key=lambda root: spread[root])[:WORDS_OF_A_TOPIC]
        return [word for root, word in own.items() if root in rarest]
    before = [one.text for one in call.turns[max(turn.index - MANY_TURNS, 0) : turn.index + 1]]
    said = {content_stems(word)[0]: word for word in words(" ".join(before)) if content_stems(word)}
    often = Counter(root for text in before for root in content_stems(text) if len(said[root]) >= LEAST_LETTERS)
    return [said[root] for root, _ in often.most_common(WORDS_OF_A_TOPIC)] or [call.title]


def _reason(sentences: Sequence[str], place: int) -> str:
    """The sentence's own reason, or that of the sentence beside it; empty where none is marked as one."""
    beside = (place, place + 1, place - 1)
    near = [sentences[one] for one in beside if 0 <= one < len(sentences)]
    return next((text for text in near if _has(text, _REASON)), "")


def _has(text: str, cues: tuple[Cue, ...]) -> bool:
    return score(text, cues) > 0
