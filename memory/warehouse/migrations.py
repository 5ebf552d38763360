"""The tables of the star, made step by step: each file of `sql/migrations` is applied once, in the order of their names.

A file that was applied may not change: what comes later goes into a new one. Each definition is committed on its own, as
Snowflake does it, so a file must bear being applied again after a failure (`IF NOT EXISTS`).
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.clock import Clock
from core.errors import ConflictError
from memory.warehouse.base import Statement, Warehouse

FOLDER = Path(__file__).parent / "sql" / "migrations"
LEDGER = (
    "CREATE TABLE IF NOT EXISTS SCHEMA_VERSIONS (NAME VARCHAR NOT NULL, SHA256 VARCHAR NOT NULL, APPLIED_AT TIMESTAMP)"
)


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: its name without the ending, and its statements."""

    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """What tells whether the file is still the one that was applied."""
        return hashlib.sha256(self.sql.encode()).hexdigest()

    @property
    def statements(self) -> list[Statement]:
        """The statements, which end with a semicolon at the end of a line."""
        parts = re.split(r";[ \t]*(?:\n|$)", re.sub(r"^--.*\n", "", self.sql, flags=re.MULTILINE))
        return [Statement(part.strip()) for part in parts if part.strip()]


def read_migrations(folder: Path = FOLDER) -> list[Migration]:
    """The files of the folder in the order in which they are applied."""
    return [Migration(file.stem, file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.sql"))]


async def migrate(warehouse: Warehouse, clock: Clock, migrations: Sequence[Migration] | None = None) -> list[str]:
    """Apply what has not been applied yet; the names of these. ConflictError if an applied file has changed since.

    ConflictError too for a warehouse with migrations that this Sophia does not know.
    """
    known = read_migrations() if migrations is None else list(migrations)
    await warehouse.write([Statement(LEDGER)])
    rows = await warehouse.query(Statement("SELECT NAME, SHA256 FROM SCHEMA_VERSIONS"))
    applied = {str(name): str(sha256) for name, sha256 in rows.values}
    _refuse_what_differs(known, applied)
    fresh = [migration for migration in known if migration.name not in applied]
    for migration in fresh:
        noted = Statement(
            "INSERT INTO SCHEMA_VERSIONS VALUES (?, ?, ?)",
            (migration.name, migration.sha256, clock().replace(tzinfo=None)),
        )
        for statement in [*migration.statements, noted]:
            await warehouse.write([statement])
    return [migration.name for migration in fresh]


def _refuse_what_differs(known: Sequence[Migration], applied: dict[str, str]) -> None:
    if unknown := sorted(applied.keys() - {migration.name for migration in known}):
        raise ConflictError(f"The warehouse has the migration {unknown[0]!r} of a newer Sophia: start that one")
    for migration in known:
        if applied.get(migration.name, migration.sha256) != migration.sha256:
            raise ConflictError(
                f"The migration {migration.name!r} has changed since the warehouse applied it: put it back as it was, and "
                "write the change into a new file"
            )
