"""What a sentence wants done: the speaker commits to it, suggests it, or tells another to do it.

Everyday English cues whose weights add up. They were chosen on the first half of MRDA's validation meetings and hold no
coefficients of it; docs/evals.md has how they do on the other half.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from tools.calls.cues import cue, score
from tools.calls.fluent import fluent, without_opening


class Act(StrEnum):
    """What the speaker does by saying it."""

    COMMITMENT = "commitment"
    SUGGESTION = "suggestion"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class Heard:
    """An act and how sure it is that the sentence is one: 0 to 0.95."""

    act: Act
    confidence: float


THRESHOLD = 0.35
_MODESTLY = r"(?: (?:maybe|probably|definitely|really|certainly|just|at least|also|still|always|even|all|actually))*"
_DO = (
    r"(?:get|do|try|make|have|use|look|go|start|take|put|ask|write|talk|add|test|check|compare|run|set|keep|move|build|give"
    r"|send|record|find|think about|begin|read|see if|play|change|mark|finish|work|show|call|meet|discuss|bring|consider"
    r"|wait|pick|switch|offer|pay|mention|e-?mail|mail|let you know|be in touch|dig|provide|share|follow up|schedule"
    r"|maybe|just|probably|also|definitely|actually|always|certainly|really)"
)
_GOOD = r"(?: \w+)? (?:good|better|best|nice|useful|helpful|worth|great|interesting|fun|easier|cool|simpler|neat|wise)"
_ANYBODY = r"(?:we|you|i|they|he|she|one|people|everybody|somebody|someone)"

_COMMITS = (
    cue(rf"i(?:'ll| will)(?: \w+)? {_DO}", 0.4),
    cue(rf"i(?:'ll| will|'m going to|'m gonna| am going to| can| could)(?: \w+){{0,2}} {_DO}", 0.3),
    cue(rf"we(?:'ll| will|'re going to)(?: \w+)? {_DO}", 0.35),
    cue(r"i have to(?! (?:say|admit|tell))|let me (?:send|check|find|get back|look into|ask|follow)|leave (?:it|that) (?:to|with) me", 0.3),
)  # fmt: skip
_SUGGESTS = (
    cue(r"let's(?! (?:see|say|assume|suppose)\b)", 0.6),
    cue(r"why don't (?:we|you|i|they)|how about|what about (?:if|just)|what if (?:we|you|i)", 0.6),
    cue(rf"{_ANYBODY}{_MODESTLY} (?:should|ought to|had better)(?! have\b)", 0.5),
    cue(r"should", 0.2),
    cue(
        rf"{_ANYBODY}{_MODESTLY} (?:could|might want to|may want to|can (?:just|also|always|try|maybe|probably|still))"
        r"(?! (?:have|not|be|see|only|imagine|tell|say|hear|get away|argue)\b)",
        0.35,
    ),
    cue(r"(?:we|you) can(?! (?:see|not|imagine|tell|say|hear|get away)\b)", 0.2),
    cue(r"maybe|perhaps", 0.15),
    cue(r"maybe (?:we|you|i|one|somebody|someone|just|if)", 0.15),
    cue(r"(?:i|we)(?:'d| would)(?: \w+)? (?:suggest|recommend|propose|like to|prefer|rather|want to)(?! (?:know|say|hear|see)\b)", 0.4),
    cue(r"i (?:suggest|propose|recommend)|(?:my|one|the) (?:suggestion|proposal)", 0.5),
    cue(rf"it(?:'d| would| might| may| could)(?: \w+)? (?:be{_GOOD}|make sense)", 0.5),
    cue(rf"(?:that|this)(?:'d| would| might| may) be{_GOOD}|(?:it's|it is) (?:better|best|worth|good) to", 0.25),
    cue(r"the (?:right|best|easiest|simplest|first|other|only) (?:thing|way)(?: \w+){0,3} (?:to|is|would)", 0.25),
    cue(r"(?:one|another) (?:thing|possibility|idea|option|approach|way|solution)|what (?:i'd like|we should|we could)", 0.2),
    cue(r"(?:we|you)(?:'ll| will)?(?: really| also| all| still)* (?:need|want|have) to", 0.25),
    cue(r"i was (?:thinking|wondering)|i(?:'m| am) thinking|it seems like (?:we|you)|i think (?:we|you|it)", 0.1),
    cue(r"(?:do|would|did) you (?:want|like) to|you want to|if (?:we|you|he|they|somebody|someone) (?:could|can)", 0.15),
    cue(r"at some point|next week|next time|tomorrow|before (?:we|you)|to start with|and see (?:if|what|how)|first", 0.1),
)  # fmt: skip
_COMMANDS = (
    cue(rf"(?:can|could|would|will) you(?: \w+)? {_DO}", 0.2),
    cue(r"make sure|be sure to|go ahead", 0.3),
)
_NONE = (
    cue(
        r"couldn't|(?:should|could|would|might) have|used to|didn't|wasn't|i don't know|(?:they|he|she) said|could (?:see|say|be)"
        r"|should be (?:able|the)|was saying|because|whether",
        0.25,
    ),
    cue(r"if", 0.1),
    cue(r"already|last (?:week|time|year)|yesterday|ago", 0.2),
)
_IMPERATIVE = re.compile(
    r"(?:go (?:ahead|and|to|up|right|left|back|with)|wait|hold (?:on|it)|just \w+|try|look at|take|put|make(?! s\b)|add|use|check"
    r"|ask|send|call|start|stop|open|close|move|turn|set|give|find|get|leave|keep|let(?!')|tell|read|write|think (?:of|about)|explain"
    r"|remember|forget|do not|don't (?!know|think|have|want|need|believe|care|see|understand|get|remember|like|even)|imagine"
    r"|pick|show|type|click|press|mark|run|see if|please|feel free|come|continue|proceed|introduce|identify|bring|mention"
    r"|say (?!that)|share|schedule|forward|confirm)\b",
    re.IGNORECASE,
)
_ORDERED = 0.35
_ASKED = 0.25
_BARE = 0.2
LEAST_WORDS = 3


def act_in(sentence: str) -> Heard | None:
    """The act that most of the sentence's cues speak for, or None where all of them together are too little."""
    said = fluent(sentence)
    begun = without_opening(said)
    asks = said.rstrip().endswith("?")
    orders = _IMPERATIVE.match(begun) is not None and not asks and len(begun.split()) > 1
    reached = {
        Act.COMMITMENT: score(said, _COMMITS),
        Act.SUGGESTION: score(said, _SUGGESTS),
        Act.COMMAND: score(said, _COMMANDS) + _ORDERED * orders,
    }
    against = score(said, _NONE) + _ASKED * asks + _BARE * (len(begun.split()) < LEAST_WORDS and not orders)
    confidence = round(min(sum(reached.values()) - against, 0.95), 2)
    return Heard(max(reached, key=lambda act: reached[act]), confidence) if confidence >= THRESHOLD else None
