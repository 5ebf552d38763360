"""What an embedded index holds, read from outside while somebody else may write it."""

from dataclasses import dataclass
from pathlib import Path

from memory.indexes.embedded import TABLE
from memory.indexes.lance import lancedb
from memory.indexes.rows import EMBEDDER

Version = tuple[str, str, str]
"""Tenant, id and version of a document."""


@dataclass(frozen=True, slots=True)
class Holding:
    """Whose vectors an index holds, and how many chunks of each version of a document."""

    embedder: str
    chunks: dict[Version, int]


async def inspect(folder: Path) -> Holding | None:
    """What the index in the folder holds; None where there is none yet."""
    if not _is_made(folder):
        return None
    with await lancedb.connect_async(folder) as connection:
        if TABLE not in (await connection.list_tables()).tables:
            return None
        with await connection.open_table(TABLE) as table:
            metadata = (await table.schema()).metadata or {}
            rows = await table.query().select(["tenant", "document", "version"]).to_arrow()
    chunks: dict[Version, int] = {}
    for row in rows.to_pylist():
        version = (row["tenant"], row["document"], row["version"])
        chunks[version] = chunks.get(version, 0) + 1
    return Holding(metadata.get(EMBEDDER, b"").decode(), chunks)


def _is_made(folder: Path) -> bool:
    return folder.exists()
