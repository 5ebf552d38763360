"""Processes that forget a call and die by SIGKILL on the way: behind each transaction, and around the rewriting of the files."""

import asyncio
import gc
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from api.forgetting.forgetting import Forgetting
from api.security.keys import local_owner
from api.settings import Settings
from core.anchors import Anchors, audit_key
from core.audit import Audit
from core.clock import utc_now
from core.database import open_database, sqlite_url
from memory.documents import Documents
from memory.indexes.embedded import EmbeddedIndex
from memory.ingestion import Ingestion
from models.embeddings import open_embedder

BEFORE, AFTER = "VACUUM", ("COMMIT", "VACUUM", "PRAGMA wal_checkpoint")
LONGEST_S = 60


class Dying:
    """A server of processes that die; `dying` opens one."""

    def __init__(self, server: subprocess.Popen[str]) -> None:
        self._server = server

    def forget(self, directory: Path, weights: Path | None, document: str, nth: int) -> bool:
        """Whether the process was killed at the nth point of its way; False where the way has fewer."""
        assert self._server.stdin
        assert self._server.stdout
        order = [str(directory), weights and str(weights), document, nth]
        print(json.dumps(order), file=self._server.stdin, flush=True)
        status = int(self._server.stdout.readline())
        assert status in (0, -signal.SIGKILL)
        return status == -signal.SIGKILL


@contextmanager
def dying() -> Iterator[Dying]:
    """Each process is a fork of one server: imports take seconds, and are done once."""
    command = [sys.executable, "-m", "tests.api.forgetting.dying"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        yield Dying(server)


@asynccontextmanager
async def at_work(settings: Settings) -> AsyncIterator[Forgetting]:
    """What forgets, over a data directory that nothing else is opened of: Sophia as a whole takes seconds."""
    folder = settings.data_dir
    with closing(open_embedder(settings.embedder_weights)) as embedder:
        async with open_database(sqlite_url(settings.database)) as database:
            audit = Audit(
                database, Anchors(folder / "audit.anchor.json"), key=audit_key(folder / "audit.key"), clock=utc_now
            )
            index = await EmbeddedIndex.open(settings.index, embedder=embedder.id, dimensions=embedder.dimensions)
            with closing(index):
                documents = Documents(database)
                ingestion = Ingestion(documents, index, embedder)
                await ingestion.recover()
                yield Forgetting(documents, ingestion, index, audit)


async def _forget(directory: str, weights: str | None, document: str, nth: int) -> None:
    settings = Settings(data_dir=Path(directory), embedder_weights=Path(weights) if weights else None)
    async with at_work(settings) as forgetting:
        _die_at(nth)
        await forgetting.forget(document, local_owner(settings.tenant))
        os._exit(0)


def _die_at(nth: int) -> None:
    left = nth

    def before(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        passed(statement.startswith(BEFORE))

    def after(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        passed(statement.startswith(AFTER))

    def passed(point: bool) -> None:
        nonlocal left
        left -= point
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "after_cursor_execute", after)


def _serve() -> None:
    """A fork for each line of standard input, and how it ended."""
    gc.freeze()
    for line in sys.stdin:
        child = os.fork()
        if not child:
            signal.alarm(LONGEST_S)
            asyncio.run(_forget(*json.loads(line)))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    _serve()
