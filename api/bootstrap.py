"""The one place that builds Sophia from its settings, and takes it apart in reverse."""

import os

os.environ["LANGGRAPH_STRICT_MSGPACK"] = "true"  # before the first langgraph import: its default revives any type

import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from agents.base import Turn
from agents.call_analysis.agent import build_call_analysis
from api import telemetry
from api.chat.asking import Asking
from api.languages import open_language
from api.owner import Owner, own
from api.runs.conduct import Conductor
from api.runs.executor import Executor
from api.runs.journal import Bells, Journal
from api.runs.store import Runs
from api.security.keys import Keys, OwnerToken, local_owner
from api.settings import Settings
from core.clock import Clock, new_id, utc_now
from core.database import open_database
from core.identity import Principal
from graphs.checkpoints import open_checkpoints
from graphs.specialists import specialists
from graphs.supervisor import build_supervisor
from memory.company import Company, read_company
from memory.documents import Documents
from memory.indexes.embedded import open_index
from memory.ingestion import Ingestion
from memory.retrieval.retriever import Retriever
from models.embeddings import Embedder, open_embedder
from models.language import Entity, Language
from tools.gateway.gateway import Gateway
from tools.servers.business_intelligence import build_server


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
