"""An undertaking as a CRM holds it: "I'm sending you the order form this afternoon" is "Send the order form".

Only rewritten by rule, and only where the sentence alone tells what is meant: who speaks and the day stand beside it, whom it
is for is said in its place. Anything else stays as it was said, in quotation marks.
"""

import re

LONGEST = 140
_SPEAKER = r"(?:i|we)"
_WILL = rf"(?:{_SPEAKER}(?:'ll| will| shall| can|(?:'m|'re| am| are) (?:going to|gonna))|let me)"
_FILLER = r"(?:(?:so|and|then|okay|ok|yes|yep|yeah|sure|well|great|perfect|um|uh|no|absolutely|alright|fine|(?-i:[A-Z][a-z]+)),? )*"
_ADVERBS = (
    r"(?:(?:also|just|definitely|then|certainly|gladly|personally|go ahead and|make sure to|be sure to|try and) )*"
)
_UNDERTAKEN = re.compile(
    rf"^\W*{_FILLER}(?:{_WILL} {_ADVERBS}(?P<verb>[a-z-]+)|{_SPEAKER}(?:'m|'re| am| are) {_ADVERBS}(?P<doing>[a-z-]+ing))\b",
    re.IGNORECASE,
)
_GIVING = "send e-mail email mail forward share ship text write show give bring fax hand pass"
_DOING = (
    f"{_GIVING} ask arrange book build call check complete confirm draft discuss finalize finish fix follow get have install"
    " introduce invite look loop make meet order organize pay pick plan prepare present put raise read replace review revise"
    " schedule set sign speak start submit take talk update upload visit work"
)
_DOUBLED = frozenset({"get", "put", "set", "ship", "submit", "plan"})
_NEXT_CLAUSE = re.compile(
    r"\s*(?:[;–—]|\s--|,?\s(?:and|but|so|because|or|then)\s(?:then\s)?(?=(?:i|we|you|he|she|they|it|that|there|let|please)\b))",
    re.IGNORECASE,
)
_TO_THEM = re.compile(r"^ (?:you (?:guys|all)|y'all|you)\b(?: (?:over|across))?|\b (?:over )?to you\b", re.IGNORECASE)
_UNTOLD = re.compile(
    r"\b(?:i|i'\w+|we|we'\w+|me|my|mine|it|its|it's|him|his|her|hers|he|she|they|them|their|there|so)\b"
    r"|\b(?:that|this|those|these)\b(?!\s[a-z]{3})|\?",
    re.IGNORECASE,
)
_OURS = re.compile(r"\b(?:us|our|ours)\b", re.IGNORECASE)


def _gerund(verb: str) -> str:
    if verb in _DOUBLED:
        return f"{verb}{verb[-1]}ing"
    return f"{verb[:-1]}ing" if verb.endswith("e") else f"{verb}ing"


_BASE = {_gerund(verb): verb for verb in _DOING.split()}
_GIVES = frozenset(_GIVING.split())


def worded(said: str, *, due: str, other: str, ours: bool) -> str:
    """The step in the imperative, without its day; `due` is how that was said, `other` the name of the customer.

    `ours` tells whether one of ours undertook it, to whom "you" is the customer. What cannot be told so is quoted.
    """
    text = " ".join(said.replace("’", "'").split())
    return _imperative(text, due, other, ours=ours) or f'"{_short(" ".join(said.split()))}"'


def _imperative(text: str, due: str, other: str, *, ours: bool) -> str | None:
    found = _UNDERTAKEN.match(text)
    if found is None:
        return None
    verb = (found["verb"] or _BASE.get((found["doing"] or "").lower()) or "").lower()
    rest = _clause(text[found.end() :], due)
    if verb in _GIVES:
        rest = _TO_THEM.sub("", rest)
    if not verb or not re.search(r"\w", rest) or _UNTOLD.search(rest) or (_OURS.search(rest) and not ours):
        return None
    step = f"{verb.capitalize()}{_addressed(rest, other if ours else None)}".rstrip(" .,!-")
    return step if len(step) <= LONGEST else None


def _clause(rest: str, due: str) -> str:
    """What is undertaken, without the day and what is said besides."""
    if due:
        day = rf"(?:,? (?:by|before|on|until|no later than|at|in|within|for|of|the|like))*,? ?\b{re.escape(due)}(?:\b|(?=\W|$))"
        rest = re.sub(f"{day}(?: at the latest)?", "", rest, count=1, flags=re.IGNORECASE)
    cut = _NEXT_CLAUSE.search(rest)
    return rest[: cut.start()] if cut else rest


def _addressed(rest: str, customer: str | None) -> str:
    """Whom "you" means to who speaks: the customer, else us."""
    your, you = (f"{customer}'s", customer) if customer else ("our", "us")
    return re.sub(r"\byou\b", you, re.sub(r"\byour\b", your, rest, flags=re.IGNORECASE), flags=re.IGNORECASE)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0] + " …"
