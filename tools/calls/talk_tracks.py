"""Talk tracks: objections with what the seller replied, and whether that overcame them.

An objection is overcome where whoever raised it takes the reply in so many words ("that works for us", "I can live with
that", "I take it back") within the next turns and does not come back to it on the call, or where it is told what it is
about, sellers replied, and the deal of the call was won afterwards. A nod ("okay", "fair enough") or an acceptance with a
condition overcomes nothing.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from memory.transcripts.model import Transcript, Turn
from models.text.sentences import sentence_spans
from models.text.words import content_stems
from tools.calls.competitors import Gazetteer
from tools.calls.instructions import instruction_confidence
from tools.calls.moment import Kind, Moment
from tools.calls.signals import topic_in
from tools.calls.speech import SELLER, floor_turns, words

WITHIN = 16
"""An acceptance comes within so many turns that take the floor."""
ANSWERED_WITHIN = 10
"""Without one, what a seller says within so many turns is the reply."""
MOST_REPLIES = 3
FEWEST_WORDS = 6
SURE = 0.5
NO_TOPIC = "other"
_ACCEPTED = re.compile(
    r"\b(?:i (?:take (?:it|that|this) back|withdraw|stand corrected)|(?:that|this|it) (?:does it|settles it|solves it|will do|would do)"
    r"|(?:that|this|it)(?:'d| would|'ll| will)? (?:works?|answers? (?:it|that|my \w+)|solves? (?:it|that|my \w+))"
    r"|(?:i|we)(?: can|'d| could)? live with (?:that|it|this)?|(?:that|this|it|those) (?:i|we) can (?:do|live with|sell|sign|take|work with|use)"
    r"|(?:i|we) can (?:do|live with|sell|sign|take|work with|use) (?:that|it|this|those)"
    r"|(?:you've|you have|you|i'm|i am|we're|we are) (?:convinced|sold)(?: me| us)?|works for (?:me|us)|good enough for (?:me|us)"
    r"|(?:i|we)(?:'m|'re| am| are) (?:fine|good|happy|okay|ok|comfortable|satisfied) with (?:that|it|this)"
    r"|let's (?:do|go with) (?:it|that|this)|no (?:more|further) objections?|that'?s (?:all|what|exactly what) (?:i|we) (?:needed|wanted)"
    r"|(?:that|this) (?:takes care of|covers|clears up) (?:it|that|my \w+|our \w+)|i'm not worried (?:about (?:it|that) )?any ?more)\b",
    re.IGNORECASE,
)
_CONDITIONAL = re.compile(
    r"\b(?:if|unless|until|but|except|not|never|would have|wouldn't|won't|can't|cannot|couldn't|don't|doesn't|didn't|isn't|whether|hope|maybe)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class TalkTrack:
    """An objection that was overcome: `replies` are turns of sellers, the first and those that speak to it most.

    `accepted` is the sentence that takes the reply, as a range of its turn's text; None where only the deal, `won`
    afterwards, says that it was overcome.
    """

    objection: Moment
    replies: tuple[int, ...]
    accepted: tuple[int, tuple[int, int]] | None
    won: bool


def is_about(wanted: str, objection: Moment, call: Transcript, competitors: Gazetteer) -> bool:
    """Whether an objection is of the kind that is wanted: of the topic and about the competitor named, else in its words.

    `wanted` are a few words, such as "price" or "another one is free"; none want every objection.
    """
    told = call.turns[objection.turn].text
    rivals = {named.name for named in competitors.named(wanted)}
    topic = topic_in(wanted)
    of_topic = topic is not None and topic in (objection.detail, topic_in(told))
    if rivals:
        names_it = any(named.name in rivals for named in competitors.named(told))
        return names_it and (topic is None or of_topic)
    if of_topic:
        return True
    asked = frozenset(content_stems(wanted))
    return not asked or bool(asked & frozenset(content_stems(told)))


def talk_tracks(call: Transcript, found: Sequence[Moment], *, won: bool = False) -> tuple[TalkTrack, ...]:
    """The objections among the moments of a call that were overcome, in its order; `won` says how its deal ended.

    An acceptance belongs to the objection that the same person raised last before it.
    """
    objections = surest([one for one in found if one.kind is Kind.OBJECTION and one.confidence >= SURE])
    floor = list(floor_turns(call))
    return tuple(track for one in objections if (track := _track(call, floor, one, objections, won=won)) is not None)


def surest(moments: Sequence[Moment]) -> list[Moment]:
    """The surest moment of each turn, in the order of the call."""
    best: dict[int, Moment] = {}
    for one in sorted(moments, key=lambda one: -one.confidence):
        best.setdefault(one.turn, one)
    return [best[turn] for turn in sorted(best)]


def _track(
    call: Transcript, floor: Sequence[Turn], objection: Moment, objections: Sequence[Moment], *, won: bool
) -> TalkTrack | None:
    start = bisect_right(floor, objection.turn, key=lambda turn: turn.index)
    after = floor[start : start + WITHIN]
    again = [one for one in objections if one.speaker == objection.speaker and one.turn > objection.turn]
    accepted = _acceptance(call, after, objection, again)
    if accepted is None and (not won or objection.detail == NO_TOPIC):
        return None
    until = accepted[0] if accepted else after[: ANSWERED_WITHIN + 1][-1].index + 1 if after else 0
    replies = _replies(call, [turn for turn in after if turn.index < until], objection)
    return TalkTrack(objection, replies, accepted, won) if replies else None


def _acceptance(
    call: Transcript, after: Sequence[Turn], objection: Moment, again: Sequence[Moment]
) -> tuple[int, tuple[int, int]] | None:
    """The sentence of whoever objected that takes a reply; none where they object to the same once more afterwards."""
    if any(one.detail == objection.detail and one.detail != NO_TOPIC for one in again):
        return None
    until = again[0].turn if again else len(call.turns)
    replied = False
    for turn in after:
        if turn.index >= until:
            return None
        replied = replied or call.cast[turn.speaker].role == SELLER
        if replied and call.cast[turn.speaker].name == objection.speaker:
            for span in _accepting(turn):
                return turn.index, span
    return None


def _accepting(turn: Turn) -> Iterator[tuple[int, int]]:
    for start, end in sentence_spans(turn.text):
        sentence = turn.text[start:end].replace("’", "'")
        taken = _ACCEPTED.search(sentence)
        if taken and not sentence.endswith("?") and not _CONDITIONAL.search(sentence.replace(taken.group(), " ")):
            yield start, end


def _replies(call: Transcript, turns: Sequence[Turn], objection: Moment) -> tuple[int, ...]:
    """The first turn of a seller that says something, and the later ones that share most words with the objection's turn."""
    said = [turn for turn in turns if call.cast[turn.speaker].role == SELLER and _says_something(turn)]
    if not said:
        return ()
    about = frozenset(content_stems(call.turns[objection.turn].text))
    rest = sorted(said[1:], key=lambda turn: (-len(about & frozenset(content_stems(turn.text))), -words(turn.text)))
    return tuple(sorted(turn.index for turn in [said[0], *rest[: MOST_REPLIES - 1]]))


def _says_something(turn: Turn) -> bool:
    return words(turn.text) >= FEWEST_WORDS and instruction_confidence(turn.text) is None
