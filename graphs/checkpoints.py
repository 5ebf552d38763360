"""LangGraph's checkpoints, written only by the worker that holds the run."""

import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import ChannelVersions, Checkpoint, CheckpointMetadata, CheckpointTuple
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite import SqliteSaver
from sqlalchemy import Connection

from core.database import Database
from core.errors import FencedError

HELD = "SELECT 1 FROM runs WHERE id = ? AND fence = ? AND status = 'running'"

R = TypeVar("R")


class FencedSqliteSaver(SqliteSaver):
    """A saver that checks, in the transaction of each write, that the run's fence is still the writer's.

    It writes in the database's one writing thread, a checkpoint in one hop. It brings back plain data only: a checkpoint
    that names a type of another kind does not bring it to life. The config's `configurable` must carry `run` and
    `fence`; a write without them is refused.
    """

    def __init__(self, connection: sqlite3.Connection, database: Database) -> None:
        super().__init__(connection, serde=JsonPlusSerializer(allowed_msgpack_modules=None))
        self._database = database

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        return await self._database.beside(lambda: self.get_tuple(config))

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        return await self._held(config, lambda: self.put(config, checkpoint, metadata, new_versions))

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        await self._held(config, lambda: self.put_writes(config, writes, task_id, task_path))

    async def adelete_thread(self, thread_id: str) -> None:
        await self._database.beside(lambda: self.delete_thread(thread_id))

    async def _held(self, config: RunnableConfig, write: Callable[[], R]) -> R:
        """Opens the transaction that the saver's own write will commit, and looks at the fence first."""
        claim = config["configurable"]

        def fenced() -> R:
            self.conn.execute("BEGIN IMMEDIATE")
            try:
                if not self.conn.execute(HELD, (claim.get("run"), claim.get("fence"))).fetchone():
                    raise FencedError(
                        f"Run {claim.get('run')!r} is no longer this worker's (fence {claim.get('fence')})"
                    )
                return write()
            except BaseException:
                self.conn.rollback()
                raise

        return await self._database.beside(fenced)


def delete_checkpoints(connection: Connection, thread: str) -> None:
    """Deletes what is kept of a thread, within a transaction of the caller."""
    for statement in ("DELETE FROM writes WHERE thread_id = ?", "DELETE FROM checkpoints WHERE thread_id = ?"):
        connection.exec_driver_sql(statement, (thread,))


def threads_holding(connection: Connection, text: str) -> list[str]:
    """The threads whose checkpoints have this text as a value somewhere: a document's id, say."""
    _, packed = JsonPlusSerializer().dumps_typed(text)
    held = (
        "SELECT thread_id FROM checkpoints WHERE instr(checkpoint, ?) "
        "UNION SELECT thread_id FROM writes WHERE instr(value, ?)"
    )
    return list(connection.exec_driver_sql(held, (packed, packed)).scalars())


@asynccontextmanager
async def open_checkpoints(file: Path, database: Database) -> AsyncIterator[FencedSqliteSaver]:
    """A saver beside Sophia's own tables in the SQLite file, whose schema exists already."""
    connection = sqlite3.connect(file, check_same_thread=False)
    try:
        connection.execute("PRAGMA busy_timeout=10000")
        connection.execute("PRAGMA synchronous=NORMAL")
        saver = FencedSqliteSaver(connection, database)
        saver.setup()
        yield saver
    finally:
        # In the writing thread, behind the writes whose callers were cancelled: SQLite crashes when closed amid one.
        await database.beside(connection.close)
