"""How long it takes to say something, told from the written words: syllables, and a pause at each mark.

Words differ in length and figures are written shorter than they are said, so that a count of words gives who reads out
numbers too little. Nothing here is fitted: docs/evals.md compares it with the seconds of real calls.
"""

import re
from functools import lru_cache

PAUSE = 1.0
"""A comma, a full stop, a question mark or an exclamation mark takes as long as so many syllables."""
_SOUNDLESS = re.compile(r"<\w+>|\[\w+\]")
_NUMBER = re.compile(r"[$€£]?\d[\d,]*(?:\.\d+)?(?:%|(?:st|nd|rd|th)\b)?")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W_]+)*")
_MARK = re.compile(r"[,.?!](?=\s|$)")
_VOWELS = re.compile(r"[aeiouy]+")
_ONES = (2, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1, 3, 1, 2, 2, 2, 2, 3, 2, 2)
_TENS = (0, 1, 2, 2, 2, 2, 2, 3, 2, 2)
_LARGE = ((10**12, 2), (10**9, 2), (10**6, 2), (10**3, 2), (10**2, 2))
_YEARS = range(1900, 2100)
_POINT, _CURRENCY, _PERCENT = 1, 2, 2
MOST_DIGITS = 15
"""A longer number is an identifier, and read digit by digit."""


def syllables(text: str, *, pause: float = PAUSE) -> float:
    """About how long the text takes to say, in syllables: those of its words and numbers, and its pauses."""
    heard = _SOUNDLESS.sub(" ", text)
    numbers = sum(_of_number(found.group()) for found in _NUMBER.finditer(heard))
    words = sum(_of_word(word) for word in _WORD.findall(_NUMBER.sub(" ", heard)))
    return float(words + numbers + pause * len(_MARK.findall(heard)))


@lru_cache(maxsize=32768)
def _of_word(word: str) -> int:
    """The groups of vowels, without a silent ending; an abbreviation in capitals is spelt out."""
    if word.isupper() and 2 <= len(word) <= 5:
        return len(word) + 2 * word.count("W")
    lower = word.lower().replace("'", "").replace("’", "")
    groups = len(_VOWELS.findall(lower))
    silent = (
        (lower.endswith("e") and not lower.endswith(("le", "ee", "ie", "oe", "ue")))
        or (lower.endswith("ed") and not lower.endswith(("ted", "ded")))
        or (lower.endswith("es") and not lower.endswith(("ses", "zes", "xes", "ches", "shes", "ces", "ges")))
    )
    return max(groups - silent, 1)


def _of_number(written: str) -> int:
    digits = written.strip("$€£%stndrh").replace(",", "")
    whole, _, fraction = digits.partition(".")
    signs = _CURRENCY * (written[0] in "$€£") + _PERCENT * written.endswith("%")
    after = _POINT + _one_by_one(fraction) if fraction else 0
    return signs + after + _of_whole(whole, is_year=digits == written)


def _of_whole(digits: str, *, is_year: bool) -> int:
    if len(digits) > MOST_DIGITS or (digits[0] == "0" and len(digits) > 1):
        return _one_by_one(digits)
    number = int(digits)
    if is_year and number in _YEARS:
        return _counted(number // 100) + (_counted(number % 100) if number % 100 else 2)
    return _counted(number)


def _counted(number: int) -> int:
    """The syllables of a number below a quadrillion."""
    if number < len(_ONES):
        return _ONES[number]
    if number < 100:
        return _TENS[number // 10] + (_ONES[number % 10] if number % 10 else 0)
    size, own = next(one for one in _LARGE if number >= one[0])
    rest = number % size
    return _counted(number // size) + own + (_counted(rest) if rest else 0)


def _one_by_one(digits: str) -> int:
    return sum(_ONES[int(digit)] for digit in digits)
