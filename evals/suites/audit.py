"""Is every change of the audit log found, and the first entry named that is not as it was written?

The changes are made in the database's file, past everything that guards it. Where a log is cut short, half of the time its
head in the database is put back as well, to what it was when the log was so long.
"""

import random
import sqlite3
import tempfile
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from core.anchors import Anchors, audit_key
from core.audit import Audit, Entry
from core.database import open_database, sqlite_url
from core.errors import TamperedError
from evals.outside.logs import TAMPERINGS, Row, put_log, read_log, truncated
from evals.run import Materials, Measures

LENGTHS = (2, 3, 8, 21, 34)
TAMPERED = 2000
HALF = 0.5
TENANT = "acme"
SYSTEMS = ("crm", "platforms", "pool")


async def run(_materials: Materials) -> Measures:
    """Shares of 10,000 changed logs that were found, and whose first wrong entry was named."""
    counted: Counter[str] = Counter()
    for length in LENGTHS:
        with tempfile.TemporaryDirectory() as folder:
            counted += await _judged(Path(folder), length, random.Random(length))  # noqa: S311
    logs = counted["logs"]
    return {
        "tampered": logs,
        "found": counted["found"] / logs,
        "named": counted["named"] / logs,
        "false_alarms": counted["false alarm"],
    }


async def _judged(folder: Path, length: int, rng: random.Random) -> Counter[str]:
    counted: Counter[str] = Counter()
    file = folder / "sophia.db"
    async with open_database(sqlite_url(file)) as database:
        audit = Audit(
            database, Anchors(folder / "anchor.json"), key=audit_key(folder / "audit.key"), clock=partial(_noon, rng)
        )
        heads = [await _one_more(audit, file, n) for n in range(length)]
        written = read_log(file)
        for place in range(TAMPERED):
            tampering = TAMPERINGS[place % len(TAMPERINGS)]
            rows, wrong = tampering(written, rng)
            put_log(file, rows)
            cut_with_its_head = tampering is truncated and rows and rng.random() < HALF
            if cut_with_its_head:
                _put_head(file, heads[len(rows) - 1])
            named = await _named(audit)
            if cut_with_its_head:
                _put_head(file, heads[-1])
            counted += Counter({"logs": 1, "found": named is not None, "named": named == wrong})
            if named != wrong:
                print(f"{tampering.__name__}, entry {wrong} of {length}: {named}")
        put_log(file, written)
        counted["false alarm"] = await _named(audit) is not None
    return counted


async def _named(audit: Audit) -> int | None:
    """The first entry that is said to be wrong; None where the log is said to be whole."""
    try:
        await audit.verify(TENANT)
    except TamperedError as error:
        return error.index
    return None


async def _one_more(audit: Audit, file: Path, n: int) -> Row:
    """Writes another entry; the head that the database has then."""
    entry = Entry(
        TENANT,
        f"{TENANT}/{'ann' if n % 3 else 'ben'}",
        "effect.done" if n % 2 else "approval.asked",
        f"apr_{n:04}",
        {"system": SYSTEMS[n % len(SYSTEMS)], "attempt": n, "fields": ["amount", "stage"][: 1 + n % 2]},
    )
    await audit.write(TENANT, partial(audit.note, entry=entry))
    with closing(sqlite3.connect(file)) as connection:
        [(count, digest, seal)] = connection.execute("SELECT count, digest, seal FROM audit_heads")
    return {"count": count, "digest": digest, "seal": seal}


def _put_head(file: Path, head: Row) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("UPDATE audit_heads SET count = :count, digest = :digest, seal = :seal", head)


def _noon(rng: random.Random) -> datetime:
    return datetime(2026, 3, 2, 12, rng.randrange(60), tzinfo=UTC)
