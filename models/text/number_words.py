"""Spelled numbers, months and days, as people say them."""

from decimal import Decimal

_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_FIRST = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
_MONTH_NAMES = "january february march april may june july august september october november december"

CARDINALS = {word: value for value, word in enumerate(_ONES.split())} | {
    word: value * 10 for value, word in enumerate(_TENS.split(), 2)
}
MAGNITUDES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
SCALES = MAGNITUDES | {
    "k": 1_000, "m": 1_000_000, "mn": 1_000_000, "mm": 1_000_000, "b": 1_000_000_000, "bn": 1_000_000_000,
}  # fmt: skip
MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES.split(), 1)} | {
    name[:3]: number for number, name in enumerate(_MONTH_NAMES.split(), 1)
} | {"sept": 9}  # fmt: skip
ORDINALS = {word: value for value, word in enumerate(_FIRST.split(), 1)} | {
    "twentieth": 20, "thirtieth": 30, "thirty-first": 31, "thirty first": 31,
    **{f"twenty{gap}{word}": 20 + value for gap in "- " for value, word in enumerate(_FIRST.split()[:9], 1)},
}  # fmt: skip


def spoken(words: str) -> tuple[Decimal, ...]:
    """The values of a run of number words: "forty-eight thousand" is one, "two twenty-five" is two.

    A lone "one" is a pronoun more often than a number and gives none; before a unit its reader knows better.
    """
    tokens = [word for word in words.lower().replace("-", " ").split() if word not in ("a", "and")]
    if tokens == ["one"]:
        return ()
    values: list[int] = []
    total = current = 0
    last: int | None = None
    for token in tokens:
        size = CARDINALS.get(token, 0)
        if token in MAGNITUDES:
            magnitude = MAGNITUDES[token]
            current = max(current, 1) * magnitude
            if magnitude > 100:
                total, current = total + current, 0
        elif last is None or _follows(size, last):
            current += size
        else:
            values.append(total + current)
            total, current = 0, size
        last = MAGNITUDES.get(token, size)
    return tuple(Decimal(value) for value in (*values, total + current))


def _follows(size: int, last: int) -> bool:
    """Whether a number word continues the previous one: a unit after a ten, anything smaller after a magnitude."""
    return (size < last and last >= 100) or (0 < size < 10 and 20 <= last <= 90)
