"""LangGraph's checkpoints, written only by the worker that holds the run."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiosqlite
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import ChannelVersions, Checkpoint, CheckpointMetadata
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from core.errors import FencedError

HELD = "SELECT 1 FROM runs WHERE id = ? AND fence = ? AND status = 'running'"


class FencedSqliteSaver(AsyncSqliteSaver):
    """A saver that checks, in the transaction of each write, that the run's fence is still the writer's.

    It brings back plain data only: a checkpoint that names a type of another kind does not bring it to life.
    The config's `configurable` must carry `run` and `fence`; a write without them is refused.
    """

    def __init__(self, connection: aiosqlite.Connection) -> None:
        super().__init__(connection, serde=JsonPlusSerializer(allowed_msgpack_modules=None))
        self._writing = asyncio.Lock()

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        async with self._held(config):
            return await super().aput(config, checkpoint, metadata, new_versions)

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        async with self._held(config):
            await super().aput_writes(config, writes, task_id, task_path)

    @asynccontextmanager
    async def _held(self, config: RunnableConfig) -> AsyncIterator[None]:
        """Opens the transaction that the saver's own write will commit, and looks at the fence first."""
        await self.setup()
        claim = config["configurable"]
        async with self._writing:
            try:
                await self.conn.execute("BEGIN IMMEDIATE")
                found = await self.conn.execute_fetchall(HELD, (claim.get("run"), claim.get("fence")))
                if not list(found):
                    raise FencedError(
                        f"Run {claim.get('run')!r} is no longer this worker's (fence {claim.get('fence')})"
                    )
                yield
            except BaseException:
                # The connection's thread carries out what a cancelled caller has asked for, a BEGIN too.
                await asyncio.shield(self.conn.rollback())
                raise


@asynccontextmanager
async def open_checkpoints(database: Path) -> AsyncIterator[FencedSqliteSaver]:
    """A saver beside Sophia's own tables in the SQLite file, whose schema exists already."""
    async with aiosqlite.connect(database) as connection:
        await connection.execute("PRAGMA busy_timeout=10000")
        await connection.execute("PRAGMA synchronous=NORMAL")
        saver = FencedSqliteSaver(connection)
        await saver.setup()
        yield saver
