"""How serious each competitor is on a call: a level from 1 to 5 with the words that it rests on.

The level is 1 for being named, and one more for each of these, at most 5 in all: a customer brings it up; a customer
compares; a customer looks into it (a demo, a quote, a shortlist); a customer prefers it; there is a contract. It is one
less where a customer turns it down or has left it. Words count where they stand in a sentence that names the competitor, or in
the next of the same turn unless another competitor is named there. What sellers say raises no level.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from memory.transcripts.model import Transcript, Turn
from models.entities import Entity
from models.text.sentences import sentence_spans
from tools.calls.competitors import Gazetteer
from tools.calls.cues import cue, score
from tools.calls.instructions import instruction_confidence
from tools.calls.moment import Kind, Moment, moment
from tools.calls.speech import SELLER

LOWEST, HIGHEST = 1, 5


class Factor(StrEnum):
    """Why a level is higher, or lower."""

    RAISED = "raised by the customer"
    COMPARED = "compared"
    EVALUATED = "being looked into"
    PREFERRED = "preferred"
    CONTRACTED = "under contract"
    TURNED_DOWN = "turned down"


_WORDS = {
    Factor.COMPARED: cue(
        r"(?:cheap|fast|good|bett|easi|simpl|small|bigg|low|high|clos)er(?: than)?|compar\w+|versus|vs|instead of|unlike|half the price"
        r"|(?:less|more) (?:than|expensive)|difference|both quotes|they (?:have|do|offer|include|don't|charge)|(?:it|which) includes|side by side|\w+'s (?:is|are|was) [$€£\d]\S*",
        1,
    ),
    Factor.EVALUATED: cue(
        r"(?:look(?:ed|ing)? (?:at|into)|should look at|talk(?:ed|ing) (?:to|with)|evaluat\w+|consider\w*|pilot\w*|trial\w*|short-?list\w*"
        r"|demo\w*|quotes?|quoted|proposals?|rfp|coming in|come in|came in|show(?:ed|ing)? (?:us|it|me)|sent us|turn(?:ed)? it on|set (?:three|two|some|a few|us)|bids?)",
        1,
    ),
    Factor.PREFERRED: cue(
        r"prefer\w*|lean(?:ing)? (?:to|toward)\w*|favou?rites?|(?:going|go|went|gone) (?:with|to|for)|rather (?:have|use|go)"
        r"|(?:likes?|loves?|loved|liked) (?:it|them|theirs|their)|front-?runner|better fit|first choice|ahead of you",
        1,
    ),
    Factor.CONTRACTED: cue(
        r"(?:in|under) (?:the |a )?contract|sign(?:ed|s|ing) (?:with|the)|(?:already|still) (?:have|use|pay|run|on)|(?:we've|we have) (?:got )?(?:\w+ )?already"
        r"|we(?:'re| are) on|run \w+ \w+ on|renew\w* with|incumbent|our current",
        1,
    ),
    Factor.TURNED_DOWN: cue(
        r"(?:not|n't|never) (?:doing|getting|going (?:with|to|back)|using|use|buy\w*|want|interested|consider\w*|look\w*)|turned (?:it|them|him|her) down|ruled (?:it|them) out"
        r"|used to (?:use|have|be)|got rid of|left them|dropped them|switched (?:from|away)|said no to",
        1,
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Threat:
    """A competitor's level from 1 to 5, each factor at the place that shows it first, and the turns that name it."""

    name: str
    level: int
    factors: tuple[tuple[Factor, Moment], ...]
    turns: tuple[int, ...]


def threats(call: Transcript, competitors: Sequence[Entity]) -> tuple[Threat, ...]:
    """The competitors that are named on the call, the most serious first; none from speech that gives the reader orders."""
    shown: dict[str, dict[Factor, Moment]] = {}
    turns: dict[str, list[int]] = {}
    for turn, span, name, names_it in _about(call, Gazetteer(competitors)):
        factors = shown.setdefault(name, {})
        if names_it and turn.index not in turns.setdefault(name, []):
            turns[name].append(turn.index)
        if call.cast[turn.speaker].role == SELLER:
            continue
        for factor in _factors(turn.text[span[0] : span[1]]):
            place = moment(call, turn, span, kind=Kind.COMPETITOR, confidence=1.0, detail=name)
            factors.setdefault(factor, place)
    found = [
        Threat(name, _level(factors), tuple(factors.items()), tuple(turns[name])) for name, factors in shown.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.level, one.name)))


def _about(call: Transcript, gazetteer: Gazetteer) -> Iterator[tuple[Turn, tuple[int, int], str, bool]]:
    """Each sentence about a competitor: the turn, the sentence's range, the competitor, and whether it is named there."""
    for turn in call.turns:
        before: set[str] = set()
        for start, end in sentence_spans(turn.text):
            sentence = turn.text[start:end]
            if instruction_confidence(sentence) is not None:
                before = set()
                continue
            names = {named.name for named in gazetteer.named(sentence)}
            for name in sorted(names or before):
                yield turn, (start, end), name, name in names
            before = names


def _factors(sentence: str) -> Iterator[Factor]:
    yield Factor.RAISED
    yield from (factor for factor, words in _WORDS.items() if score(sentence, (words,)))


def _level(factors: dict[Factor, Moment]) -> int:
    raised = len(factors) - 2 * (Factor.TURNED_DOWN in factors)
    return max(LOWEST, min(LOWEST + raised, HIGHEST))
