"""Audit logs that somebody changed behind Sophia's back, entry by entry, and where each is wrong first."""

import random
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]
Tampering = Callable[[Sequence[Row], random.Random], tuple[list[Row], int]]
COLUMNS = ("tenant", "n", "at", "actor", "action", "subject", "details", "previous", "digest")
EDITED = COLUMNS[1:]
DIGITS = "0123456789abcdef"


def edited(rows: Sequence[Row], rng: random.Random) -> tuple[list[Row], int]:
    """One column of one entry says something else: a character, a kind of value, or what another entry says."""
    at = rng.randrange(len(rows))
    column = rng.choice(EDITED)
    said = rows[at][column]
    if column == "n":
        return [*rows[:at], {**rows[at], "n": said + len(rows)}, *rows[at + 1 :]], at + 1
    wanted = [_one_character(said, rng), said + " ", said[:-1], said.encode(), 3, ""]
    wanted += [row[column] for row in rng.sample(rows, min(2, len(rows)))]
    changed = rng.choice([one for one in wanted if one != said])
    return [*rows[:at], {**rows[at], column: changed}, *rows[at + 1 :]], at + 1


def deleted(rows: Sequence[Row], rng: random.Random) -> tuple[list[Row], int]:
    """One entry is gone; those behind it keep their numbers, or are counted anew."""
    at = rng.randrange(len(rows))
    left = [*rows[:at], *rows[at + 1 :]]
    return (_counted(left) if rng.random() < 0.5 else left), at + 1


def inserted(rows: Sequence[Row], rng: random.Random) -> tuple[list[Row], int]:
    """An entry that another one resembles, whole or forged, stands where it did not."""
    at = rng.randrange(len(rows) + 1)
    forged = dict(rng.choice(rows))
    if rng.random() < 0.5:
        forged["subject"] = "forged"
    if at:
        forged["previous"] = rows[at - 1]["digest"]
    grown = _counted([*rows[:at], forged, *rows[at:]])
    return grown, next(n for n, (old, new) in enumerate(zip([*rows, None], grown, strict=True), 1) if old != new)


def reordered(rows: Sequence[Row], rng: random.Random) -> tuple[list[Row], int]:
    """Two entries stand in each other's places, under each other's numbers."""
    first, second = sorted(rng.sample(range(len(rows)), 2))
    moved = list(rows)
    moved[first], moved[second] = rows[second], rows[first]
    return _counted(moved), first + 1


def truncated(rows: Sequence[Row], rng: random.Random) -> tuple[list[Row], int]:
    """The log ends earlier."""
    left = rng.randrange(len(rows))
    return list(rows[:left]), left + 1


TAMPERINGS: tuple[Tampering, ...] = (edited, deleted, inserted, reordered, truncated)


def read_log(database: Path) -> list[Row]:
    """The log's entries in their order."""
    with closing(sqlite3.connect(database)) as connection:
        found = connection.execute(f"SELECT {','.join(COLUMNS)} FROM audit ORDER BY tenant, n")  # noqa: S608
        return [dict(zip(COLUMNS, row, strict=True)) for row in found]


def put_log(database: Path, rows: Sequence[Row]) -> None:
    """Puts the entries in place of those that are there, past everything that guards them."""
    values = [tuple(row[column] for column in COLUMNS) for row in rows]
    places = ",".join("?" * len(COLUMNS))
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("BEGIN")
        connection.execute("DELETE FROM audit")
        connection.executemany(f"INSERT INTO audit ({','.join(COLUMNS)}) VALUES ({places})", values)  # noqa: S608
        connection.execute("COMMIT")


def _counted(rows: Sequence[Row]) -> list[Row]:
    return [{**row, "n": n} for n, row in enumerate(rows, 1)]


def _one_character(text: str, rng: random.Random) -> str:
    at = rng.randrange(len(text))
    return text[:at] + rng.choice([one for one in DIGITS if one != text[at]]) + text[at + 1 :]
