"""What kind of answer a question expects, where its first words tell: a date, an amount, a price."""

import re

_NUMBER = (
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|"
    r"seventy|eighty|ninety|hundred|thousand|million|half|third|quarter|percent|dozen)\b"
)
_DATE = (
    r"\d|\b(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|may|june|july|august|"
    r"september|october|november|december|today|tomorrow|yesterday|spring|summer|autumn|fall|winter|"
    r"(?:next|last|this|each|every)\s(?:day|week|month|quarter|year)|(?:days?|weeks?|months?|quarters?|years?))\b"
)
_MONEY = r"[$€£]\s?\d|\b\d[\d,.]*\s?(?:dollars|euros|pounds|percent|%|k\b|thousand|million)|\b\d{2,}[\d,.]*\b"
_EXPECTATIONS = (
    (
        re.compile(
            r"(?:^|\b(?:and|or|until|since|by) )when\b|\bwhen (?:am|is|are|was|were|do|does|did|has|have|had|will|would|can|could|should|must|may)\b"
            r"|\bwhat (?:date|day|time|year|month)\b|\bwhich (?:date|day|year|month)\b",
            re.I,
        ),
        _DATE,
    ),
    (
        re.compile(
            r"\bhow (?:much|many|long|often|far|big|large|high|old)\b|\bwhat (?:price|cost|percentage|share)\b", re.I
        ),
        _NUMBER,
    ),
    (
        re.compile(
            r"\bwhat\b.*\b(?:pay|pays|paid|paying|costs?|charg\w+|quot\w+|spend|spends|spent|spending)\b"
            r"|\bwhat (?:is|are|was|were|would)\b(?: \S+){0,3} prices?\b|\bwhat price",
            re.I,
        ),
        _MONEY,
    ),
)


def expected(question: str) -> re.Pattern[str] | None:
    """What an answer to the question is likely to hold; None where its words do not tell."""
    kinds = [answer for asks, answer in _EXPECTATIONS if asks.search(question)]
    return re.compile("|".join(kinds), re.IGNORECASE) if kinds else None
