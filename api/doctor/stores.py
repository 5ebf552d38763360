"""The embedded stores: the database's version, whether the index holds what the database says, and the clock."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from api.doctor.finding import Finding, State
from core.clock import Clock
from core.database import known_versions
from memory.documents import LIVE
from memory.indexes.inspection import Holding, Version, inspect

NO_DATABASE = Finding("database", State.MISSING, "made by the first command", "sophia ingest --sample")
LEAP = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Stored:
    """What the database says of itself: its version, the documents that are live and the others, the newest question."""

    version: Finding
    live: frozenset[Version] = frozenset()
    others: frozenset[Version] = frozenset()
    newest: str | None = None


async def look_at_stores(database: Path, index: Path, *, embedder: str | None, clock: Clock) -> list[Finding]:
    """The database, the index of this embedder beside it, and the clock against what was written last."""
    stored = _read(database)
    if stored.version.state is not State.WORKS:
        return [stored.version]
    held = await inspect(index)
    return [
        stored.version,
        _compared(held, stored.live, stored.others, embedder),
        _clock(stored.newest, clock()),
    ]


def _read(database: Path) -> _Stored:
    if not database.exists():
        return _Stored(NO_DATABASE)
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            version = _version(connection)
            if version.state is State.BROKEN:
                return _Stored(version)
            live, others = _documents(connection)
            [newest] = connection.execute("SELECT max(accepted_at) FROM runs").fetchone()
            return _Stored(version, live, others, newest)
    except sqlite3.Error as error:
        remedy = "Put back a copy of the file, or set SOPHIA_DATA_DIR"
        return _Stored(Finding("database", State.BROKEN, f"{database.name} cannot be read: {error}", remedy))


def _version(connection: sqlite3.Connection) -> Finding:
    [version] = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    known = known_versions()
    if version == known[-1]:
        return Finding("database", State.WORKS, f"version {version}")
    if version in known:
        return Finding("database", State.WORKS, f"version {version}; the next start brings it to {known[-1]}")
    remedy = "Install the Sophia that wrote it, or a newer one"
    return Finding("database", State.BROKEN, f"version {version} is newer than this Sophia ({known[-1]})", remedy)


def _documents(connection: sqlite3.Connection) -> tuple[frozenset[Version], frozenset[Version]]:
    """The versions that are live, and the others."""
    rows = connection.execute("SELECT tenant, id, version, state FROM documents").fetchall()
    live = frozenset((tenant, id_, version) for tenant, id_, version, state in rows if state == LIVE)
    return live, frozenset((tenant, id_, version) for tenant, id_, version, _ in rows) - live


def _compared(
    held: Holding | None, live: frozenset[Version], others: frozenset[Version], embedder: str | None
) -> Finding:
    if held is None:
        return _index(State.BROKEN if live else State.MISSING, f"no index, {len(live)} documents", _again(live))
    if embedder and held.embedder != embedder:
        said = f"vectors of {held.embedder!r}, and the embedder is {embedder!r}"
        return _index(
            State.BROKEN, said, "Start with the embedder it was made with, or remove the folder and ingest again"
        )
    said = f"{sum(held.chunks.values())} chunks of {len(live)} documents"
    if lost := live - held.chunks.keys():
        return _index(State.BROKEN, f"{said}; {len(lost)} of them are not in it", _again(lost))
    if left := held.chunks.keys() - live:
        said = f"{said}; chunks of {len(left)} versions that are not live, {len(left - others)} of them unknown"
        return _index(State.WORKS, said, "The next start sweeps them")
    return _index(State.WORKS, said)


def _index(state: State, said: str, remedy: str | None = None) -> Finding:
    return Finding("index", state, said, remedy)


def _again(lost: Iterable[Version]) -> str:
    names = sorted(id_ for _, id_, _ in lost)
    return f"Delete and ingest again: {', '.join(names[:3])}{' …' if names[3:] else ''}" if names else "sophia ingest"


def _clock(newest: str | None, now: datetime) -> Finding:
    said = f"{now:%Y-%m-%d %H:%M} UTC"
    if newest and datetime.fromisoformat(newest) > now + LEAP:
        remedy = "Set the clock: leases and deadlines count by it"
        return Finding("clock", State.BROKEN, f"{said}, before the last question ({newest[:16]})", remedy)
    return Finding("clock", State.WORKS, said)
