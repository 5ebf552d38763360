"""Whatever is changed in the audit log behind Sophia's back is found, and named."""

import json
import random
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from core.anchors import Anchors, audit_key
from core.audit import ALLOWED, WITHHELD, Audit, Entry
from core.errors import InvalidInputError, TamperedError
from tests.databases import fresh_database

ENTRIES = 12
TAMPERS = 150


class Log:
    """An audit log of some entries, and its files for tampering."""

    def __init__(self, folder: Path, audit: Audit) -> None:
        self.folder = folder
        self.audit = audit
        self.anchor = folder / "anchor.json"

    async def fill(self, count: int = ENTRIES, tenant: str = "acme") -> None:
        for n in range(count):
            entry = Entry(tenant, f"{tenant}/ann", "effect.done", f"key {n}", {"system": "pool", "attempt": n})
            await self.audit.write(tenant, partial(self.audit.note, entry=entry))

    def sql(self, *statements: tuple[Any, ...]) -> list[Any]:
        with sqlite3.connect(self.folder / "sophia.db") as connection:
            found = [connection.execute(*one).fetchall() for one in statements]
        connection.close()
        return found[-1]

    async def wrong_at(self) -> int:
        with pytest.raises(TamperedError) as raised:
            await self.audit.verify("acme")
        return raised.value.index


def noon() -> datetime:
    return datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
async def log(tmp_path: Path) -> AsyncIterator[Log]:
    async with fresh_database(tmp_path) as database:
        anchors = Anchors(tmp_path / "anchor.json")
        audit = Audit(database, anchors, key=audit_key(tmp_path / "audit.key"), clock=noon)
        opened = Log(tmp_path, audit)
        await opened.fill()
        yield opened


async def test_an_untouched_log_is_whole_and_shown_in_order(log: Log) -> None:
    assert await log.audit.verify("acme") == ENTRIES
    shown = await log.audit.shown("acme", after=3, most=2)
    assert [(one.n, one.subject) for one in shown] == [(4, "key 3"), (5, "key 4")]
    assert await log.audit.verify("nobody") == 0


async def test_tenants_have_chains_of_their_own(log: Log) -> None:
    await log.fill(2, "other")
    log.sql(("UPDATE audit SET actor = 'x' WHERE tenant = 'other' AND n = 1",))
    assert await log.audit.verify("acme") == ENTRIES
    with pytest.raises(TamperedError):
        await log.audit.verify("other")


async def test_an_entry_of_another_tenant_does_not_fit(log: Log) -> None:
    await log.fill(1, "other")
    log.sql(
        ("DELETE FROM audit WHERE tenant='acme' AND n=1",), ("UPDATE audit SET tenant='acme' WHERE tenant='other'",)
    )
    assert await log.wrong_at() == 1


async def test_the_end_cannot_be_cut_off_even_with_the_head_put_back(log: Log) -> None:
    [earlier] = log.sql(("SELECT count, digest, seal FROM audit_heads WHERE tenant = 'acme'",))
    await log.fill(3)
    log.sql(
        ("DELETE FROM audit WHERE n > ?", (ENTRIES,)),
        ("UPDATE audit_heads SET count = ?, digest = ?, seal = ?", earlier),
    )
    assert await log.wrong_at() == ENTRIES + 1


async def test_a_log_that_is_gone_altogether_is_missed(log: Log) -> None:
    log.sql(("DELETE FROM audit",), ("DELETE FROM audit_heads",))
    assert await log.wrong_at() == 1


async def test_a_head_or_an_anchor_that_is_missing_or_changed_is_found(log: Log) -> None:
    kept = log.anchor.read_text()
    log.anchor.unlink()
    assert await log.wrong_at() == ENTRIES
    log.anchor.write_text(kept.replace(f'"count": {ENTRIES}', '"count": 3'))
    assert await log.wrong_at() == ENTRIES
    log.anchor.write_text("{")
    with pytest.raises(InvalidInputError, match="damaged"):
        await log.audit.verify("acme")
    log.anchor.write_text(kept)
    log.sql(("DELETE FROM audit_heads",))
    assert await log.wrong_at() == ENTRIES


async def test_an_anchor_that_a_crash_left_behind_is_no_tampering(log: Log) -> None:
    earlier = log.anchor.read_text()
    await log.fill(2)
    log.anchor.write_text(earlier)
    assert await log.audit.verify("acme") == ENTRIES + 2


async def test_a_log_whose_first_entry_a_crash_left_unanchored_is_whole_and_one_without_any_anchor_is_not(
    log: Log,
) -> None:
    def anchored() -> str:
        return log.anchor.read_text()

    before_its_first = await log.audit.write("other", lambda _connection: anchored())
    await log.fill(1, "other")
    log.anchor.write_text(before_its_first)
    assert await log.audit.verify("other") == 1
    log.anchor.unlink()
    with pytest.raises(TamperedError, match="missing from the anchor"):
        await log.audit.verify("other")


async def test_what_is_undone_leaves_no_entry(log: Log) -> None:
    def failing(connection: Any) -> None:
        log.audit.note(connection, Entry("acme", "acme/ann", "effect.done", "x"))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await log.audit.write("acme", failing)
    assert await log.audit.verify("acme") == ENTRIES


async def test_details_that_nobody_allowed_are_noted_by_name_alone(log: Log) -> None:
    entry = Entry("acme", "acme/ann", "effect.done", "x", {"token": "sk-secret", "system": "pool", "fields": ["size"]})
    await log.audit.write("acme", lambda connection: log.audit.note(connection, entry))
    [noted] = await log.audit.shown("acme", after=ENTRIES)
    assert noted.details == {"system": "pool", "fields": ["size"], WITHHELD: ["token"]}
    assert b"sk-secret" not in (log.folder / "sophia.db").read_bytes() + (log.folder / "sophia.db-wal").read_bytes()
    assert not {"arguments", "before", "after", "note", "outcome", "reason"} & ALLOWED


def test_the_key_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "audit.key"
    assert audit_key(file) == audit_key(file)
    assert file.stat().st_mode & 0o777 == 0o600
    file.write_bytes(b"short")
    with pytest.raises(InvalidInputError, match="key"):
        audit_key(file)


COLUMNS = ("at", "actor", "action", "subject", "details", "previous", "digest")
Row = dict[str, Any]


def tampered(rows: list[Row], rng: random.Random) -> tuple[list[Row], int]:
    """The rows after one random change of each kind of attack, and the first entry that is wrong then."""
    rows = [dict(row) for row in rows]
    n = rng.randrange(len(rows))
    kind = rng.choice(["edit", "delete", "close up", "insert", "swap", "cut"])
    if kind == "edit":
        column = rng.choice(COLUMNS)
        rows[n][column] = rng.choice(["", "x", rows[n][column] + " ", b"x", 3])
    elif kind in {"delete", "close up"}:
        n = rng.randrange(len(rows) - 1)
        del rows[n]
        for later in rows[n:] if kind == "close up" else ():
            later["n"] -= 1
    elif kind == "insert":
        rows.insert(n, {**rows[n], "subject": "forged"})
        for at, row in enumerate(rows, 1):
            row["n"] = at
    elif kind == "swap":
        n, other = sorted(rng.sample(range(len(rows)), 2))
        rows[n], rows[other] = {**rows[other], "n": rows[n]["n"]}, {**rows[n], "n": rows[other]["n"]}
    else:
        rows = rows[:n]
    return rows, n + 1


async def test_every_random_tampering_is_found_where_it_begins(log: Log) -> None:
    columns = ("tenant", "n", *COLUMNS)
    original = [dict(zip(columns, row, strict=True)) for row in log.sql((f"SELECT {','.join(columns)} FROM audit",))]
    rng = random.Random(7)
    for _ in range(TAMPERS):
        rows, wrong = tampered(original, rng)
        log.sql(("DELETE FROM audit",), *((_insert(columns), tuple(row[one] for one in columns)) for row in rows))
        assert await log.wrong_at() == wrong, json.dumps(rows, default=str, indent=1)
    log.sql(("DELETE FROM audit",), *((_insert(columns), tuple(row.values())) for row in original))
    assert await log.audit.verify("acme") == ENTRIES


def _insert(columns: tuple[str, ...]) -> str:
    return f"INSERT INTO audit ({','.join(columns)}) VALUES ({','.join('?' * len(columns))})"
