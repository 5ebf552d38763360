"""The one place that builds Sophia from its settings, and takes it apart in reverse."""

import os

os.environ["LANGGRAPH_STRICT_MSGPACK"] = "true"  # before the first langgraph import: its default revives any type

import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from api import telemetry
from api.chat.asking import Asking
from api.owner import Owner, own
from api.runs.store import Runs
from api.security.keys import Keys
from api.settings import Settings
from core.clock import Clock, utc_now
from memory.company import Company
from memory.documents import Documents
from memory.ingestion import Ingestion
from memory.retrieval.retriever import Retriever
from models.embeddings import Embedder
from models.language import Language
from tools.gateway.gateway import Gateway


@dataclass(frozen=True, slots=True)
class Sophia:
    """Everything, built once. The HTTP app, the command line, the evals and the tests all use this object."""

    settings: Settings
    engine: AsyncEngine
    company: Company
    embedder: Embedder
    language: Language
    language_name: str
    documents: Documents
    retriever: Retriever
    ingestion: Ingestion
    tools: Gateway
    keys: Keys
    runs: Runs
    asking: Asking
    clock: Clock


@asynccontextmanager
async def open_sophia(settings: Settings, *, token: str | None = None, clock: Clock = utc_now) -> AsyncIterator[Sophia]:
    """Sophia on the settings' data directory, which this process owns until the block ends.

    `token` lets whoever presents it in as the directory's owner; BusyError if another process owns the directory.
    """
    async with AsyncExitStack() as stack:
        stack.enter_context(own(settings.data_dir, Owner(os.getpid())))
        telemetry.configure(settings)
        yield await _build(settings, token or secrets.token_urlsafe(32), clock, stack)
