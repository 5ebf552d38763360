"""Who says that they will do what: commitments, and requests that are taken on, sentence by sentence.

A cue of weight FAINT alone is no promise: said of a day that can be told, it is ("I'll mark it up", "by Friday").
"""

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
    r"|add|cc|credit|walk(?! (?:you|in|out|away)\b)|copy you|present|propose|revise|redo|finali[sz]e|finish|complete|record|document|type|circulate|distribute"
    r"|have (?:[a-z]+ ){1,4}(?:send|call|ask|e-?mail|get|look|check|write|reach|pull|bring|prepare|put|review|ring|text|ship|follow|contact|run|draft|mail|set|book|arrange)"
    r"|get (?!you to|there|started|into it|to (?:it|that|this|the)\b)(?:you|me|him|her|them|us|it|that|this|our|my|the|an?|some|something|someone|somebody|back|with|in touch|hold|on|[a-z]+)|"
    r"let you know|be in touch|keep you (?:posted|updated|in the loop)|mention|look (?:it|that|this) up|take (?:care|it (?:to|up|back|out)|that (?:to|up|back|on)|this (?:to|up|back)|an action|a look|the action)|do some|be there|make (?:sure|an?|the|some|that|you)|text (?:it|you|that|them|him|her)|mark up|redline|export|upload|install|replace|drop (?:it|that|them) (?:off|in|round|over))"
)
#: A bare verb asks; after one of these it tells ("we couldn't send it").
_UNSUBJECTED = "".join(
    f"(?<!{word} )"
    for word in ("'d", "'ll", "n't", "to", "did", "do", "can", "could", "would", "will", "cannot", "not")
)
_SELF = r"(?:i|we|somebody|someone)"
_THAT = r"do (?:that|it|this)"
FAINT = 0.3
#: What "I'll" begins without anything being undertaken for later.
_IDLE = (
    r"(?:be|have|say|admit|tell|let|see|need|never|not|go on|go ahead|go first|start|stop|wait|think|guess|bet|grant|pass|give you (?:that|one|an?)"
    r"|believe|remember|know|understand|leave it|leave you|keep|stay|try|live|survive|take (?:it|that|those)|say|explain|show|skip|jump|move on|continue|assume|hold|hang|miss|love|like|hate|regret|get (?:to|there)|my|your|our|the|an?|his|her|their|to|that|it|be)"
)
_TO_HAND = r"(?:send|make|ask|bring|give|put|write|prepare|check|call|ring|fill|return|upload|take)"
_WILL = rf"{_SELF}(?:'ll| will|'m going to|'re going to| am going to| are going to|'m gonna|'re gonna| am gonna| gonna| shall)"

COMMITMENTS = (
    cue(rf"{_WILL} {_ADVERB}{_VERB}", 0.6, "commitment"),
    cue(rf"{_SELF}(?:'d| would|'ll| will| can|'re going to| are going to|'m going to) have [^.;?!]{{1,40}}? (?:to you|over to you|back to you|done|up|out|ready|signed)", 0.6, "commitment"),
    cue(rf"(?:{_SELF} can|{_SELF} could|{_SELF}'d be happy to|i'm happy to) {_ADVERB}(?:{_VERB}|{_THAT})", 0.4, "offer"),
    cue(rf"let me {_ADVERB}{_VERB}", 0.4, "notice"),
    cue(r"you(?:'ll|'d| will| would| should) (?:have(?! (?:\w+ed|\w+en|\w+wn|got|heard|had|met|thought|read)\b)|get|receive)", 0.5, "promise"),
    cue(r"(?:see|talk to|speak to|meet) you", 0.3, "meeting"),
    cue(r"let's (?:say|do|meet|talk|plan|reconvene|regroup|sync|speak|catch up|touch base|set|put|schedule|get)", 0.4, "meeting"),
    cue(rf"{_WILL} {_ADVERB}(?!{_IDLE}\b)[a-z]+|{_WILL} {_ADVERB}(?:tell (?!you\b|me\b)\w+|have (?!\w+(?:ed|en|wn)\b|been\b|had\b|got\b|to\b|my\b)\w+)", FAINT, "commitment"),
    cue(rf"i {_TO_HAND} (?:you|it|them|this|that|the|our|my|these|those)|we {_TO_HAND} you|you have it(?: back)?|you have (?:the|that|your) [a-z]+ (?:on|by|until)", FAINT, "commitment"),
    cue(r"(?:i|we) (?:make|send|do) (?:you )?(?:the|an) invit\w+|i send you", 0.5, "commitment"),
    cue(r"(?:i'm|i am) (?:sending|putting|mailing|bringing|calling|writing|shipping|replacing|fixing|installing|uploading)", FAINT, "commitment"),
    cue(r"(?:my|our) (?:action item|to-?do|homework)(?!(?: \w+){0,4} (?:was|were)\b)|(?:i|we) (?:owe|promise|commit)", 0.6, "commitment"),
    cue(r"will do|i'm on it|leave (?:it|that) (?:with|to) me", FAINT, "commitment"),
)  # fmt: skip
REQUESTS = (
    cue(
        rf"(?:can|could|would|will) you (?:guys |all |be the one to |maybe )?{_ADVERB}(?:{_VERB}|{_THAT})",
        0.4,
        "request",
    ),
    cue(rf"you(?:'ll| will|'d) (?:please |also |still |then )*{_VERB}[^.;!]*\?", 0.4, "request"),
    cue(r"(?:please|just) (?:send|share|forward|e-?mail|schedule|confirm|check|get|bring|ask)", 0.4, "request"),
    cue(rf"{_UNSUBJECTED}(?:send|e-?mail|forward) (?:me|us|it|that)", 0.4, "request"),
    cue(r"(?:i|we)(?:'d| would) (?:need|like|love|appreciate) (?:you to|if you|to (?:get|see|have))", 0.4, "request"),
)
_ACCEPTS = re.compile(
    r"(?:(?:um|uh|oh|well|hm+|ah)[,.]? )*(?:yeah|yes|yep|yup|sure|okay|ok|absolutely|of course|will do|happy to|no problem"
    r"|definitely|certainly|can do|got it|done|perfect|sounds good|fine|gladly|you got it|i can|i will|i'll|put me down|that (?:would|'d|will) (?:help|be (?:good|great|perfect|helpful|lovely))|(?:that )?works for me)\b",
    re.IGNORECASE,
)
_REFUSES = re.compile(
    r"(?:(?:um|uh|oh|well|hm+|ah|ha)[,.]? )*(?:no\b[,.]? (?:no\b|don't|need|thank|please|i(?:'d| would) rather|i(?:'ll| will)|leave|we(?:'re| are) (?:fine|good)|[a-z]+\.)"
    r"|please,? (?:no\b|don't)|don't\b|i(?:'d| would) (?:really )?rather (?:you )?(?:didn't|not)|i'd say leave|no need|leave it\b|[a-z]+\. stop\b|stop\b|not necessary"
    r"|that won't be|you don't (?:have|need) to|there(?:'s| is| isn't|'s not) (?:no\b|nobody|a\b)|forget it)",
    re.IGNORECASE,
)
_TAKEN_BACK = re.compile(
    r"\b(?:actually,? no|no,? wait|scratch that|scrap that|forget (?:it|that|i said)|never ?mind|on second thoughts?|(?:oh|--)[,.]? no\b|strike that)",
    re.IGNORECASE,
)
_NOT_AFTER_ALL = re.compile(r"(?:well,? |no,? |but )*(?:i|we) (?:won't|can't|cannot|am not|'m not)\b", re.IGNORECASE)
_PLEASED = re.compile(
    r"(?:(?:um|uh|oh|well|ah|that|that's|that'd|that would)[,.]? )*(?:great|lovely|brilliant|thanks|thank you|please|good|wonderful|super|excellent|beautiful|nice|cool|help|be|works?|\w+(?: the \w+)?(?:'s| is) (?:great|fine|good|perfect|lovely|super))\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(?<!ask )(?<!see )(?<!know )(?<!check )(?<!out )(?<!tell )(?<!hear )(?<!sure )(?<!as )(?<!wonder )(?:if|unless|assuming|provided) (?!(?:you (?:like|want|don't mind|prefer)|that's|that is|it's|it is|that works|it helps|i may|i can))\b",
    re.IGNORECASE,
)
_HEDGED = re.compile(
    r"\b(?:would have|i don't know (?:if|whether)|never|not going to|won't|(?:was|were) told)\b",
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


def refuses(reply: str) -> bool:
    """Whether a reply wants nothing of what was offered."""
    return _REFUSES.match(reply.strip().replace("’", "'")) is not None


def welcomes(reply: str) -> bool:
    """Whether a reply takes up what was offered, or is glad of it."""
    plain = reply.strip().replace("’", "'")
    return accepts(plain) or _PLEASED.match(plain) is not None


def takes_back(promise: str, rest: str) -> bool:
    """Whether a promise is taken back in the same breath; `rest` is what the speaker says after it."""
    return bool(_TAKEN_BACK.search(f"{promise} {rest}") or _NOT_AFTER_ALL.match(rest))


def _weighed(sentence: str, cues: Iterable[Cue]) -> Promise | None:
    found = strongest(without_told(sentence), cues)
    if found is None:
        return None
    plain = sentence.replace("’", "'")
    against = 0.2 * bool(_HEDGED.search(plain)) + 0.3 * bool(_NOW.search(plain)) + 0.4 * bool(_CONDITION.search(plain))
    return Promise(found.name, found.weight - against)
