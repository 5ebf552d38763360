"""Speech that gives orders to the assistant that will read the transcript: it is text, and it is marked as such."""

from functools import lru_cache

from models.text.sentences import sentence_spans
from tools.calls.cues import cue, score

_READER = (
    r"(?:(?:the|this|that|your|our|their|my) )?(?:ai|a\.i\.|artificial intelligence|(?:ai |virtual |digital )?assistants?|bots?"
    r"|chat ?bots?|robots?|ai agents?|llms?|language models?|(?:ai )?(?:note[- ]?takers?|summari[sz]ers?|recorders?)"
    r"|transcribers?|transcription(?: \w+)?|co-?pilots?|ai tools?|recording|transcript"
    r"|(?:thing|tool|software|system|machine|program|whatever|whoever)(?: that| which)?(?:'s| is| are)? ?"
    r"(?:taking|tak(?:es|ing)|writ(?:es|ing)|typ(?:es|ing)|read(?:s|ing)|listen(?:s|ing)|summari[sz](?:es|ing)|record(?:s|ing))"
    r"(?: \w+){0,3})"
)
_WHO_DOES = (
    r",? (?:that|who|which)(?:'s| is|'re| are)? (?:writ|read|listen|record|tak|typ|summari[sz]|transcrib|not)(?:es|ing|s)"
    r"(?: \w+){0,3}"
)
_RECORD = r"(?:summary|summaries|recap|minutes|meeting notes|call notes|notes|crm|write-?up|transcript|report)"
_ORDER = (
    r"(?:say|write|put|mark|note|add|state|record|leave|remove|delete|include|omit|skip|send|approve|set|update|change"
    r"|list|log|report|conclude|flag|tell|show)"
)
_CUES = (
    cue(rf"(?:notes?|messages?|memo|reminder|instructions?|attention|word|request|command)s?,? (?:to|for) {_READER}", 0.6),
    cue(rf"(?:if|when|because|since|in case) (?:you are|you're|any|an?|the) (?:an? )?{_READER}", 0.6),
    cue(rf"(?:tell|ask|have|let|get|make|want) {_READER} (?:to )?{_ORDER}", 0.6),
    cue(
        r"(?:if|since|because|when) (?:you|anything|something|anyone|somebody|a machine|a computer)(?:'re| are|'s| is)? "
        r"(?:listening|reading|transcribing|summari[sz]ing|writing|taking notes)",
        0.6,
    ),
    cue(rf"(?:hey|dear|okay|ok|hello|hi|attention|listen),? {_READER}", 0.5),
    cue(rf"{_READER}[,:]? (?:please |should |must |shall |needs? to |has to |can |will |i want you to |just |make sure to )+{_ORDER}", 0.6),
    cue(rf"{_READER}[,:] {_ORDER}", 0.6),
    cue(rf"{_READER}{_WHO_DOES}[,:]? (?:please |should |must |shall |i want you to |make sure to )*{_ORDER}", 0.6),
    cue(
        r"(?:ignore|disregard|forget|override|bypass|overwrite)(?: \w+){0,3} (?:instructions?|prompts?|rules|guidelines"
        r"|guardrails|directives|directions|training|programming)",
        0.7,
    ),
    cue(r"(?:ignore|disregard|forget) (?:everything|all|anything|what|whatever)(?: \w+){0,2} (?:told|given|instructed|asked|above)", 0.7),
    cue(r"(?:system|developer|hidden) (?:prompt|message|instructions?)", 0.6),
    cue(r"(?:your )?new (?:instructions?|task|role) (?:is|are)|you are now|from now on,? you", 0.5),
    cue(
        r"(?:mark|log|record|report|set|move|flag|list) (?:this|the|our|that) (?:\w+ )?"
        r"(?:deal|opportunity|call|stage|account|lead|amount|forecast)(?: \w+)? (?:as|to|in)",
        0.3,
    ),
    cue(rf"(?:in|for|to|from|into) (?:the|your|its|whatever) (?:\w+ )?{_RECORD}[,:]? (?:please |just |always |you (?:should|must|can) )*{_ORDER}", 0.6),
    cue(rf"{_ORDER}(?: \S+){{0,8}} (?:in|out of|from|into|to) (?:the|your) (?:\w+ )?{_RECORD}", 0.5),
    cue(rf"(?:the|your|this) (?:\w+ )?{_RECORD} (?:should|must|has to|needs to|ought to) (?:say|read|state|show|mention|include|list|report)", 0.6),
)  # fmt: skip
THRESHOLD = 0.6


@lru_cache(maxsize=8192)
def instruction_confidence(sentence: str) -> float | None:
    """How sure it is that the sentence addresses whoever reads the transcript, or None when it does not.

    Remembered, because the passages of one call are read again and again.
    """
    reached = score(sentence, _CUES)
    return min(0.95, reached) if reached >= THRESHOLD else None


@lru_cache(maxsize=4096)
def orders_in(text: str) -> tuple[tuple[int, int], ...]:
    """The half-open ranges of the sentences that address whoever reads the transcript."""
    spans = sentence_spans(text)
    return tuple((start, end) for start, end in spans if instruction_confidence(text[start:end]) is not None)
