"""Who says that they will do what: commitments, and requests that are taken on, sentence by sentence."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tools.calls.cues import Cue, cue, strongest
from tools.calls.tense import without_told

_ADVERB = (
    r"(?:(?:also|just|definitely|then|probably|certainly|gladly|quickly|personally|try to|try and|go and|go ahead and"
    r"|make sure to|be sure to|have to|need to|be happy to|be glad to|work to) )*"
)
_VERB = (
    r"(?:send|e-?mail|mail|share|forward|shoot|ship|deliver|provide|drop you|post|upload|attach|follow up|circle back"
    r"|come back (?:to|with|on)(?! (?:that|this|it) (?:one|in a|later))|get back|report back|loop|introduce|connect|schedule"
    r"|set (?:up|it up|that up|something up)|book|arrange|organi[sz]e|reserve|put (?:together|in|it|that|you|some|a|an|the)|draft|write|prepare|build"
    r"|pull|check|double-check|confirm|verify|find out|figure out|look (?:into|at|up)|dig|investigate|research|ask|talk (?:to|with)"
    r"|speak (?:to|with)|call|ring|ping|reach out|touch base|update|fix|review|read|go (?:over|through)|work (?:on|up|out)"
    r"|bring|invite|visit|fly|come (?:out|by|down)|meet|see you|join|test|try|run (?:it|that|this|the|a|some)|file|log|raise|escalate|sign|return|pay"
    r"|add|cc|credit|tell(?! (?:you|me)\b)|walk(?! (?:you|in|out|away)\b)|copy you|present|propose|revise|redo|finali[sz]e|finish|complete|record|document|type|circulate|distribute"
    r"|have (?:our|my|the|her|his|their|an?|some|someone|somebody|it|that|this|you|[a-z]+ (?:send|call|ask))"
    r"|get (?!you to|there|started|into it|to (?:it|that|this|the)\b)(?:you|me|him|her|them|us|it|that|this|our|my|the|an?|some|something|someone|somebody|back|with|in touch|hold|on|[a-z]+)|"
    r"let you know|be in touch|keep you (?:posted|updated|in the loop)|mention|look (?:it|that|this) up|take (?:care|that|it|this|an action|a look|the action)|do (?:that|it|this|some)|be there|make (?:sure|an?|the|some|that))"
)
#: A bare verb asks; after one of these it tells ("we couldn't send it").
_UNSUBJECTED = "".join(
    f"(?<!{word} )" for word in ("'d", "'ll", "n't", "to", "did", "do", "can", "could", "would", "will")
)
_SELF = r"(?:i|we|somebody|someone)"
_WILL = rf"{_SELF}(?:'ll| will|'m going to|'re going to| am going to| are going to|'m gonna|'re gonna| am gonna| gonna| shall)"

COMMITMENTS = (
    cue(rf"{_WILL} {_ADVERB}{_VERB}", 0.6, "commitment"),
    cue(rf"{_SELF}(?:'d| would|'ll| will| can|'re going to| are going to|'m going to) have [^.;?!]{{1,40}}? (?:to you|over to you|back to you|done|ready|signed)", 0.6, "commitment"),
    cue(rf"(?:let me|{_SELF} can|{_SELF} could|{_SELF}'d be happy to|i'm happy to) {_ADVERB}{_VERB}", 0.4, "offer"),
    cue(r"you(?:'ll|'d| will| would| should) (?:have(?! (?:\w+ed|gotten|got|seen|heard|had|been)\b)|get|receive)", 0.5, "promise"),
    cue(r"(?:see|talk to|speak to|meet) you", 0.3, "meeting"),
    cue(r"let's (?:say|do|meet|talk|plan|reconvene|regroup|sync|speak|catch up|touch base|set|put|schedule|get)", 0.4, "meeting"),
    cue(r"(?:my|our) (?:action item|to-?do|homework)(?!(?: \w+){0,4} (?:was|were)\b)|(?:i|we) (?:owe|promise|commit)|will do|i'm on it|leave (?:it|that) (?:with|to) me", 0.6, "commitment"),
)  # fmt: skip
REQUESTS = (
    cue(rf"(?:can|could|would|will) you (?:guys |all |be the one to |maybe )?{_ADVERB}{_VERB}", 0.4, "request"),
    cue(rf"you(?:'ll| will) (?:please |also |still )*{_VERB}[^.;!]*\?", 0.4, "request"),
    cue(r"(?:please|just) (?:send|share|forward|e-?mail|schedule|confirm|check|get|bring|ask)", 0.4, "request"),
    cue(rf"{_UNSUBJECTED}(?:send|e-?mail|forward) (?:me|us|it|that)", 0.4, "request"),
    cue(r"(?:i|we)(?:'d| would) (?:need|like|love|appreciate) (?:you to|if you|to (?:get|see|have))", 0.4, "request"),
)
_ACCEPTS = re.compile(
    r"(?:(?:um|uh|oh|well|hm+|ah)[,.]? )*(?:yeah|yes|yep|yup|sure|okay|ok|absolutely|of course|will do|happy to|no problem"
    r"|definitely|certainly|can do|got it|done|perfect|sounds good|fine|gladly|you got it|i can|i will|i'll|put me down|that (?:would|'d|will) (?:help|be (?:good|great|perfect|helpful|lovely))|(?:that )?works for me)\b",
    re.IGNORECASE,
)
_HEDGED = re.compile(
    r"\b(?:if (?:i|you|we|they|he|she|it|that|only)|unless|would have|i don't know (?:if|whether)|never|not going to|won't|(?:was|were) told)\b",
    re.IGNORECASE,
)
_NOW = re.compile(
    r"\b(?:right now|for a second|for a minute|a moment|my screen|on (?:the|your) screen|here's|as you can see)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Promise:
    """What kind of promise a sentence makes, and how sure that is before its date and its listener are known."""

    kind: str
    weight: float


def promise_in(sentence: str) -> Promise | None:
    """The strongest commitment, offer or meeting in the sentence, or None."""
    return _weighed(sentence, COMMITMENTS)


def request_in(sentence: str) -> Promise | None:
    """What the sentence asks another to do, or None."""
    return _weighed(sentence, REQUESTS)


def accepts(reply: str) -> bool:
    """Whether a reply takes on what was asked."""
    return _ACCEPTS.match(reply.strip()) is not None


def _weighed(sentence: str, cues: Iterable[Cue]) -> Promise | None:
    found = strongest(without_told(sentence), cues)
    if found is None:
        return None
    weight = found.weight - 0.2 * bool(_HEDGED.search(sentence)) - 0.3 * bool(_NOW.search(sentence))
    return Promise(found.name, weight)
