"""What a decision that was heard is called: the words that settled it, as what is done or not done."""

import re

from memory.decisions.framing import bare
from models.text.words import STOP_WORDS, content_stems

MOST_WORDS = 14
LEAST_WORDS_OF_A_TOPIC = 3
"""Words of content that a sentence must have to be what a later one points at."""

_OURS = r"(?:we|i)"
_ARE = r"(?:'re|'m| are| am)"
_THIS = r"(?:it|that|this|them|those|so)"
_LEAD = re.compile(
    r"^\W*(?:(?:so|and|but|well|okay|ok|look|um|uh|yeah|yes|no|now|then|honestly|good|anyway|also|i just|i mean|i think"
    r"|what i'd rather do is|as of (?:today|now)|today|finally)\b[\s,.:–—-]*)+",
    re.IGNORECASE,
)
_REST = re.compile(
    r"[,;:–—-]*\s+(?:because|since|so that|otherwise|as far as|and i (?:should|want|know|think|told)|but|though|after all)\b.*$"
    r"|,\s*(?:as of (?:today|now)|right|okay|so)\b.*$|;.*$",
    re.IGNORECASE | re.DOTALL,
)
_SETTLED = rf".*?\b{_OURS}(?:'ve| have)?(?: (?:just|finally|all|both))* (?:decided|agreed|settled|concluded|resolved)"
_SUBJECT = rf"(?:{_OURS}(?:'ll| will|'re| are|'d)? )?"
_FORMS = tuple(
    (re.compile(pattern, re.IGNORECASE | re.DOTALL), title)
    for pattern, title in (
        (rf"(.+?),? {_OURS}(?:{_ARE} not (?:doing|going to do)| won't do| don't do) {_THIS}\W*$", "Not doing {}"),
        (rf"{_SETTLED} (?:against|not to) (.+)", "Not {}"),
        (rf"{_SETTLED} (?:to |on |that )?{_SUBJECT}(.+)", "{}"),
        (rf".*?\b(?:{_OURS}{_ARE}? (?:going|gone|went)|{_OURS}(?:'ll| will) go|let's go) with (.+)", "Go with {}"),
        (rf".*?\b{_OURS}{_ARE} not going to (.+)", "Don't {}"),
        (rf".*?\b{_OURS}{_ARE} not (\w+ing .+)", "Not {}"),
        (rf".*?\b{_OURS} (?:won't|will not|don't|do not) (.+)", "Don't {}"),
        (rf".*?\b{_OURS}(?:'ll| will|'d rather| would rather) (.+)", "{}"),
        (
            r"(?:the |an? )?(.+?)(?:'s| is| are) (?:off the table|not an option|not on the table|not something .+)",
            "No {}",
        ),
        (r"(?:the decision is|it's decided|from now on|going forward)[,:]?(?: that)? (.+)", "{}"),
    )
)
"""How people say that something is settled, and the title that its words make."""
_ANNOUNCES = re.compile(
    r"\b(?:here's what|what i think we do|say it in one go|so that's (?:it|the)|to recap|let me (?:recap|say)|just so we)\b|^\W*(?:second|first|third) thing\b",
    re.IGNORECASE,
)
_POINTS = re.compile(
    rf"\b(?:do|doing|take|offer|have|keep|honou?r|sign|buy|pay) {_THIS}\b|^\W*(?:not |no |don't )?{_THIS}\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"(?:it|that|this|they|he|she|those|which|there)\b", re.IGNORECASE)
_WEIGHED = re.compile(
    r"^(?:i|we)(?:'d| had|'ve)? (?:thought|talked|been thinking|asked) about |^what about |^how about ", re.IGNORECASE
)


def titled(settled: str) -> str | None:
    """The settling sentence as a title, `Not moving six branches in April`; None where it only points at other words."""
    text = _plain(settled)
    made = (title.format(_lowered(found[1])) for form, title in _FORMS if (found := form.match(text)))
    title = _cut(next(made, text))
    own = set(content_stems(title))
    return None if not own or (len(own) == 1 and _POINTS.search(title)) else title


def titled_by(stated: str, *, rejected: bool) -> str:
    """A title from what was said before it: what is refused, or what is agreed to without the words that announce it."""
    if rejected:
        asked = bare(stated) if stated.rstrip().endswith("?") else stated
        return _cut(f"Turned down: {_lowered(_WEIGHED.sub('', _plain(asked)))}")
    parts = [part for part in re.split(r"(?<=[.!?])\s+", stated) if not _ANNOUNCES.search(part)]
    return _cut(
        "; ".join(_lowered(_plain(part)) if place else _plain(part) for place, part in enumerate(parts or [stated]))
    )


def names_something(text: str) -> bool:
    """Whether a sentence says what it is about by itself, rather than going on about "it"."""
    return len(set(content_stems(text))) >= LEAST_WORDS_OF_A_TOPIC and not _GOES_ON.match(_plain(text))


def shortened(text: str) -> str:
    """The sentence without what only leads up to it and what only explains it."""
    return _cut(_plain(text))


def _plain(text: str) -> str:
    """On one line, without what only leads up to it and what only explains it."""
    return _REST.sub("", _LEAD.sub("", " ".join(text.replace("’", "'").split()))).strip(" ,;:.!–—-")


def _cut(text: str) -> str:
    words = text.strip(" ,;:.!–—-").split()
    short = " ".join(words[:MOST_WORDS]).rstrip(" ,;:.") + (" …" if len(words) > MOST_WORDS else "")
    return short[:1].upper() + short[1:]


def _lowered(text: str) -> str:
    """With a small first letter, unless it may begin a name: only words that carry no content surely do not."""
    first = text.partition(" ")[0].strip(",").lower()
    is_plain = first in STOP_WORDS or re.fullmatch(r"(?:any|every|no|some)(?:thing|body|one)?", first)
    return text[:1].lower() + text[1:] if is_plain and not re.match(r"I\b", text) else text
