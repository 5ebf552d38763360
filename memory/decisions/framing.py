"""How people ask a ledger: the words that only ask, which would make all such questions alike."""

import re

_HELPING = r"(?:was|were|did|has|have|had|is|are|am|do|does|can|could|may|might|must|shall|should|will|would)(?:n't)?"
_WHO = r"(?:it|we|i|you|one|anybody|anyone|somebody|someone|there|the company)"
_GROUNDS = r"(?:reasons?|reasoning|rationale|thinking|grounds|policy|decision)"
_ASKING = re.compile(
    r"\b(?:"
    rf"(?:why |how come |what if )?(?:{_HELPING}|can't|won't)(?: {_WHO})?(?: (?:not|ever|already|still|now|just))*"
    rf"|(?:how come|what if|what about|why)(?: {_WHO})?(?: (?:not|never))?"
    rf"|(?:what(?:'s)? )?(?:(?:the|our) )?{_GROUNDS}(?: (?:for|behind|on|about|against|with|of|that))?"
    r"|(?:what )?(?:speaks|spoke) (?:for|against)|wrong with|make sense to|end(?:ed)? up|take to"
    r"|(?:made?|take|took) the decision"
    r")\b(?!')",
    re.I,
)
"""Who asks, and for what: "Should we ever …", "How come we …", "What's the reasoning behind …"."""
_SETTLING = re.compile(
    r"\b(?:"
    r"reject(?:ed|ing)?|refused?|turn(?:ed|ing)? (?:away|down)|thr(?:ow|own|ew) out|rul(?:e|ed) out|(?:say|said) no(?: to)?"
    r"|declined?|proposed?|suggest(?:ed)?|consider(?:ed|ing)?|(?:look|looked) (?:at|into)|(?:think|thought) about"
    r"|discuss(?:ed)?|decided?(?: (?:against|to|on|about))?|asked for|drop(?:ped|ping)?|settled|allowed to"
    r"|(?:get|got|getting) rid of|(?:stop|quit|end)(?:p?ed|t?ing|ping)?|(?:revisit|reconsider|reintroduce|abandon)(?:e?d|ing)?"
    r"|(?:go|went|going|gone|bring|brought) back(?: to)?|(?:put|putting|hold|holding) off(?: on)?"
    r"|(?:off|on) the table|on hold|already|earlier|before|ever|again|any ?more|still(?: holds?| stands?| believe)?|altogether"
    r")\b(?!')",
    re.I,
)
"""What is done with an idea: it is proposed, turned down, ended or taken up again, which is no part of the idea."""


def bare(question: str) -> str:
    """What a question is about, without the words that ask whether it was turned down; as it is where nothing else is left."""
    plain = question.replace("’", "'")
    return " ".join(_SETTLING.sub(" ", _ASKING.sub(" ", plain)).split()).strip(" ?.,!") or question
