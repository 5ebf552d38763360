"""What lies behind when it is said: events that have a day, and promises that are only told of."""

import re

_SUBJECT = r"(?:i|we|he|she|they|who|what|which)"
_HAD = r"(?:'d|'ve| had| have| has)?(?: (?:already|just|also|last|even|all|never))?"
_HAPPENED = (
    r"met|sent|spoke|talked|had|did|made|gave|went|saw|showed|shown|wrote|was|were|came|took|ran|put|broke|called"
    r"|asked|looked|worked|signed|started|happened|discussed|promised|tried|moved|failed|launched|shipped|reviewed"
    r"|e-?mailed|shared|presented|installed|finished|decided"
)
#: "I'll have it signed by Friday" has no such subject; what was agreed or said on a day may well be that day.
_EVENT = re.compile(
    rf"\b(?:{_SUBJECT}{_HAD} (?:{_HAPPENED})|(?:i|we|he|she|they) got|(?:it|that|there) (?:was|were|broke|failed|went|came)"
    r"|(?:was|were) (?:all )?(?:live|done|ready|finished|up and running|in place|through)"
    rf"|as (?:(?:i|we|you|they){_HAD} )?(?:agreed|said|discussed|promised|mentioned|planned))\b",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"(?:'ll|'m going to|'re going to|\b(?:will|shall|can|let's|let me|gonna|by|until))\b", re.IGNORECASE
)
_TOLD = re.compile(
    r"\b(?:i|we|you|he|she|they)(?:"
    r"(?:'d| had| have|'ve)? (?:was told|were told|said|told|agreed|promised|thought|figured|understood|heard|asked)"
    r"(?=[^,;.?!]*?(?:'d\b|\b(?:would|could|should|to)\b))(?![^,;.?!]*'ll\b)"
    r"|(?:'d| had) (?:agreed|promised|said|planned|meant|hoped|wanted)"
    r"|(?: was| were) (?:going|supposed|meant|about|planning) to"
    r"|(?: could| couldn't| used to) [^,;.?!]*\b(?:last|ago|yesterday|because)"
    r")[^,;.?!]*?(?=[,;.?!]|(?:,| and| but| so) (?:i|we|you|let)\b|$)",
    re.IGNORECASE,
)


def tells_of_event(lead: str) -> bool:
    """Whether the words before a date tell of something that happened ("We sent it on"), after all that lies ahead."""
    plain = lead.replace("’", "'")
    ahead = max((found.end() for found in _AHEAD.finditer(plain)), default=0)
    return _EVENT.search(plain, ahead) is not None


def without_told(sentence: str) -> str:
    """The sentence without promises that it only tells of: "I was told you'd get it, and I'll ask" keeps "and I'll ask"."""
    return _TOLD.sub(" ", sentence.replace("’", "'"))
