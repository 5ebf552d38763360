"""How people ask a ledger: the words that only ask, which would make all such questions alike."""

import re

_ASKING = re.compile(
    r"\b(?:"
    r"(?:was|were|did|has|have|had|is|are)(?: (?:it|we|anybody|anyone|somebody|someone|already|ever|there))*"
    r"|why (?:did|do|does|is|are|was|were|can|may|must|should)(?: (?:we|i|one|the company))?(?: not)?"
    r"|reject(?:ed)?|refused?|turn(?:ed)? (?:away|down)|thr(?:ow|own|ew) out|rul(?:e|ed) out|(?:say|said) no(?: to)?"
    r"|declined?|proposed?|suggest(?:ed)?|consider(?:ed)?|look(?:ed)? at|discuss(?:ed)?|decided? against|drop(?:ped)?"
    r"|already|earlier|before|ever"
    r")\b",
    re.I,
)


def bare(question: str) -> str:
    """What a question is about, without the words that ask whether it was turned down; as it is where nothing else is left."""
    return " ".join(_ASKING.sub(" ", question).split()).strip(" ?.,!") or question
