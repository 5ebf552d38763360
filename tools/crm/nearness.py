"""Which known name a misspelt one was probably meant to be."""

import re
from collections.abc import Collection
from dataclasses import dataclass

_NO_LETTER = re.compile(r"[\W_]+")
LONG, SHORT = 9, 5
"""From how many characters on two slips are looked for, and one."""


@dataclass(frozen=True, slots=True)
class Near:
    """The one known name that a value nearly is, and what they differ by."""

    name: str
    why: str


def near(value: str, known: Collection[str]) -> Near | None:
    """The one name that the value is nearly equal to; None where it is none, or nearly several.

    Names that differ in a number are different names.
    """
    same = [name for name in known if _bare(name) == _bare(value)]
    if len(same) == 1 and same[0] != value:
        return Near(same[0], "they differ in spaces, signs or capitals only")
    if same:
        return None
    slips = 2 if len(value) >= LONG else 1 if len(value) >= SHORT else 0
    close = {
        name: distance(value.casefold(), name.casefold(), slips) for name in known if _numbers(name) == _numbers(value)
    }
    found = [name for name, slipped in close.items() if slipped <= slips]
    if slips and len(found) == 1:
        return Near(found[0], f"they differ in {close[found[0]]} character{'s' if close[found[0]] > 1 else ''}")
    return None


def distance(a: str, b: str, most: int) -> int:
    """How many characters are left out, put in, changed or swapped with their neighbour (optimal string alignment).

    Anything above `most` is told as `most + 1`.
    """
    if abs(len(a) - len(b)) > most:
        return most + 1
    rows = [list(range(len(b) + 1))]
    for i, one in enumerate(a, 1):
        above, row = rows[-1], [i]
        for j, other in enumerate(b, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (one != other))
            if i > 1 and j > 1 and one == b[j - 2] and other == a[i - 2]:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        rows.append(row)
    return min(rows[-1][-1], most + 1)


def _bare(name: str) -> str:
    return _NO_LETTER.sub("", name).casefold()


def _numbers(name: str) -> list[str]:
    return re.findall(r"\d+", name)
