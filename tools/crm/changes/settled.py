"""Whether a sentence settles something: what is only supposed, asked, denied, reported, past or mocked settles nothing."""

import re

from models.reporting import denies
from models.text.sentences import sentence_spans

_SUPPOSED = re.compile(
    r"(?:\b(?i:if|unless|suppos\w+|imagin\w+|hypothetical\w*|theoretical\w*|assuming|in case|what about|how about|would|could"
    r"|should|might|maybe|perhaps|probably|possibly|ideally|hop(?:e|es|ed|ing|efully)|wish\w*|dream\w*|ballpark|roughly"
    r"|somewhere|thinking|depends?|tempt\w*|wondering|try(?:ing)? to|let me see|say we|either|whether)\b|\bmay\b|'d\b)"
)
_PAST = re.compile(r"\b(?:was|were|had|last week|yesterday)\b", re.IGNORECASE)
_LONG_AGO = re.compile(
    r"\b(?:(?<!get )(?<!getting )used to|last (?:time|year|month|quarter|spring|summer|fall|autumn|winter)|back (?:in|then)|ago|previous(?:ly)?|originally"
    r"|at first|at the time|once upon|in (?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_MOCKED = re.compile(
    r"\b(?:yeah,? right|sure,? (?:sure|why not)|oh,? (?:great|sure|yeah|wonderful|perfect|lovely|terrific)|in your dreams|as if"
    r"|when pigs|when hell|good luck with|kidding|joking|jokes?|clos(?:e|ed|ing) my eyes|with my eyes closed|eyes shut|fat chance"
    r"|i'll just|magic\w*|fantas(?:y|ize)|very funny|ha(?:ha)+|no thanks|while (?:we're|you're) at it|and a pony|sell my)\b|^\W*ha\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(?:if|unless|once|provided|jok\w+|kidding|somebody|someone else|he said|she said|they said)\b", re.IGNORECASE
)
_REPORTED = re.compile(
    r"\b(?:(?:he|she|they|it|somebody|someone|everybody|everyone|people|procurement|finance|legal|the (?:other|last) \w+)"
    r" (?:said|says|say|told|tells|thinks?|claims?|wants?|wanted|asked|quoted|offered|promised|heard)"
    r"|(?:i|we) (?:heard|was told|were told|read)|rumou?rs?|apparently|supposedly|allegedly)\b",
    re.IGNORECASE,
)
_AGREES = re.compile(
    r"\b(?:yes|yep|yup|agreed|deal|done|that(?:'s| is) (?:it|right|correct|the deal|agreed|what we(?:'re| are) doing|fine|good)(?! to\b)"
    r"|(?:that|this|it) works|works for (?:me|us)|sounds (?:good|right)|we(?:'ll| will) (?:take|do) (?:it|that)"
    r"|(?:you(?:'ve| have)? got|we(?:'ve| have)?(?: got)?) a deal|let's do (?:it|that)|we(?:'re| are) (?:good|agreed|aligned)(?: with| on)?|confirmed|perfect"
    r"|absolutely|happy with that|(?:i|we) can sign that)\b",
    re.IGNORECASE,
)
_RESERVED = re.compile(
    r"\b(?:but|except|although|however|let me|need to|have to|first|wait|hold on|depends?|not sure)\b", re.IGNORECASE
)


def settles(sentence: str, *, denial: bool = False, past: bool = False) -> bool:
    """Whether the sentence states what is the case or agreed. With `denial` or `past` it may deny, or tell of what was done
    lately.
    """
    said = sentence.replace("’", "'").strip()
    if said.endswith("?") or (denies(said) and not denial) or (_PAST.search(said) and not past):
        return False
    return not any(pattern.search(said) for pattern in (_SUPPOSED, _LONG_AGO, _MOCKED, _REPORTED))


def agrees(turn: str) -> bool:
    """Whether what somebody answers agrees without a reservation or mockery; a bare "okay" does not."""
    said = turn.replace("’", "'").strip()
    if _MOCKED.search(said) or _RESERVED.search(said):
        return False
    sentences = (said[start:end] for start, end in sentence_spans(said))
    return any(_AGREES.search(one) and not one.endswith("?") and not denies(one) for one in sentences)


def stated(sentence: str, at: re.Match[str], *, denial: bool = False) -> bool:
    """Whether the words found in a sentence are settled, whatever is added to them behind a comma."""
    cut = re.search(r"[,;]", sentence[at.end() :])
    end = at.end() + cut.start() if cut else len(sentence)
    open_ = _CONDITION.search(sentence[end:]) or sentence.rstrip().endswith("?")
    return not open_ and settles(sentence[:end], denial=denial, past=True)
