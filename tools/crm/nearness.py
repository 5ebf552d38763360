"""Which known name a misspelt one was probably meant to be."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

_NO_LETTER = re.compile(r"[\W_]+")
LONG, SHORT = 9, 5
"""From how many characters on two slips are looked for, and one."""


@dataclass(frozen=True, slots=True)
class Near:
    """The one known name that a value nearly is, and what they differ by."""

    name: str
    why: str


class Nearness:
    """Known names, put in order once so that thousands of values can be held against thousands of names."""

    def __init__(self, known: Iterable[str]) -> None:
        self._by_bare: dict[str, list[str]] = {}
        self._by_length: dict[int, list[tuple[str, str, int]]] = {}
        for name in sorted(set(known)):
            folded = name.casefold()
            self._by_bare.setdefault(_bare(name), []).append(name)
            self._by_length.setdefault(len(folded), []).append((name, folded, _letters(folded)))

    def near(self, value: str, allowed: Callable[[str], bool] = lambda _name: True) -> Near | None:
        """The one allowed name that the value is nearly equal to; None where it is none, or nearly several.

        Names that differ in a number are different names.
        """
        same = [name for name in self._by_bare.get(_bare(value), ()) if allowed(name)]
        if len(same) == 1 and same[0] != value:
            return Near(same[0], "they differ in spaces, signs or capitals only")
        if same:
            return None
        slips = 2 if len(value) >= LONG else 1 if len(value) >= SHORT else 0
        found = [(name, slipped) for name, slipped in self._close(value.casefold(), slips) if allowed(name)]
        if len(found) != 1:
            return None
        [(name, slipped)] = found
        return Near(name, f"they differ in {slipped} character{'s' if slipped > 1 else ''}")

    def _close(self, folded: str, slips: int) -> Iterator[tuple[str, int]]:
        """The names within so many slips, and how many there are. One slip changes at most two of the letters used."""
        letters, numbers = _letters(folded), _numbers(folded)
        for length in range(len(folded) - slips, len(folded) + slips + 1) if slips else ():
            for name, other, used in self._by_length.get(length, ()):
                if (letters ^ used).bit_count() <= 2 * slips and _numbers(other) == numbers:
                    slipped = distance(folded, other, slips)
                    if slipped <= slips:
                        yield name, slipped


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


def _letters(folded: str) -> int:
    """A bit for each character that is used; some share one."""
    used = 0
    for one in folded:
        used |= 1 << (ord(one) & 63)
    return used


def _numbers(name: str) -> list[str]:
    return re.findall(r"\d+", name)
