"""The one place that builds Sophia from its settings, and takes it apart in reverse."""

import os
import secrets
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from types import MappingProxyType

from agents.base import Turn
from agents.call_analysis.agent import build_call_analysis
from agents.call_analysis.intents import intents
from agents.crm_sync.agent import build_crm_sync
from agents.executive_briefing.agent import build_executive_briefing
from agents.infrastructure.agent import build_infrastructure
from api import telemetry
from api.approvals.opening import Outside, outside_over
from api.briefings.briefer import GraphBriefer
from api.briefings.forms import Forms
from api.briefings.making import Making
from api.briefings.store import Briefings
from api.call_facts import CallReading
from api.chat.asking import Asking
from api.chat.messages import Messages
from api.crm_sync import crm_remote, crm_tools
from api.decisions.opening import Decisions, open_decisions
from api.forgetting.forgetting import Forgetting
from api.languages import open_language
from api.owner import Owner, own
from api.platforms import ApprovalDesk, Platforms, open_estate
from api.runs.conduct import Conductor
from api.runs.executor import Executor
from api.runs.journal import Bells, Journal
from api.runs.run import Worker
from api.runs.store import Runs
from api.security.keys import Keys, OwnerToken, local_owner
from api.security.rates import Quotas, quotas
from api.settings import Settings
from api.warehouse import Figures, Origins, follow_writes, open_figures
from core.clock import Clock, new_id, utc_now
from core.database import Database, open_database, sqlite_url
from core.identity import Principal
from core.periods import Calendar
from core.remotes import Remote
from core.tickets import Tickets
from graphs.briefing import build_briefing
from graphs.checkpoints import open_checkpoints
from graphs.specialists import specialists
from graphs.supervisor import Subgraph, build_supervisor
from memory.citable import Citable, Shelf
from memory.company import Company, read_company
from memory.crm.citable import SHELVED, CitableRecords
from memory.crm.notes import PREFIX as NOTES
from memory.crm.notes import Notes
from memory.crm.store import EmbeddedCrm
from memory.decisions.citable import PREFIX as DECISIONS
from memory.decisions.citable import CitableDecisions
from memory.decisions.told import CHAT
from memory.documents import Documents
from memory.indexes.embedded import EmbeddedIndex
from memory.indexes.remembering import RememberingIndex
from memory.ingestion import Ingestion
from memory.retrieval.retriever import Retriever
from memory.usage import UsageLedger, open_usage
from memory.warehouse.facts import Score
from models.embeddings import Embedder, open_embedder
from models.language import Language
from tools.calls.playbook import playbook_in
from tools.crm.remote import SYSTEM as CRM
from tools.gateway.gateway import Gateway, open_gateway
from tools.platforms.base import SYSTEM
from tools.platforms.estate import Estate
from tools.platforms.remote import PlatformRemote
from tools.risks.call_outcomes import CallOutcomes
from tools.risks.customers import health_scores
from tools.risks.reading import Books
from tools.servers import business_intelligence, data_intelligence
from tools.servers.decision_tools import DecisionTools
from tools.servers.metric_tools import MetricTools
from tools.servers.note_tools import NoteTools
from tools.servers.principals import ByTicket
from tools.servers.risk_tools import RiskTools
from tools.servers.score_tools import ScoreTools


@dataclass(frozen=True, slots=True)
class Sophia:
    """Everything, built once. The HTTP app, the command line, the evals and the tests all use this object."""

    settings: Settings
    database: Database
    company: Company
    embedder: Embedder
    language: Language
    language_name: str
    documents: Documents
    citable: Citable
    retriever: Retriever
    ingestion: Ingestion
    crm: EmbeddedCrm
    usage: UsageLedger
    forgetting: Forgetting
    figures: Figures
    decisions: Decisions
    today: Clock
    tools: Gateway
    keys: Keys
    quotas: Quotas
    runs: Runs
    asking: Asking
    briefings: Making
    outside: Outside
    estate: Estate


@dataclass(frozen=True, slots=True)
class _Material:
    """What Sophia knows, and the tools that reach it."""

    company: Company
    embedder: Embedder
    documents: Documents
    citable: Citable
    retriever: Retriever
    ingestion: Ingestion
    crm: EmbeddedCrm
    usage: UsageLedger
    figures: Figures
    decisions: Decisions
    forgetting: Forgetting
    tools: Gateway


@asynccontextmanager
async def open_sophia(
    settings: Settings,
    *,
    token: str | None = None,
    serving: bool = False,
    clock: Clock = utc_now,
    embedder: Embedder | None = None,
    remotes: Mapping[str, Remote] = MappingProxyType({}),
) -> AsyncIterator[Sophia]:
    """Sophia on the settings' data directory, which this process owns until the block ends.

    `token` lets whoever presents it in as the directory's owner, and commands wait for one that is `serving`. BusyError
    if another process owns the directory. An `embedder` stands for the settings' own and is not closed here;
    `remotes` are the outside systems that approved plans may change, by name.
    """
    async with AsyncExitStack() as stack:
        stack.enter_context(own(settings.data_dir, Owner(os.getpid(), serving=serving)))
        telemetry.configure(settings)
        database = await stack.enter_async_context(open_database(sqlite_url(settings.database)))
        owner = OwnerToken(token or secrets.token_urlsafe(32), local_owner(settings.tenant))
        keys = Keys(database, clock=clock, owner=owner)
        estate = await stack.enter_async_context(open_estate(settings, database, clock, serving=serving))
        changed: dict[str, Remote] = {
            SYSTEM: PlatformRemote(estate, local_owner(settings.tenant), clock),
            CRM: crm_remote(settings, EmbeddedCrm(database, clock), keys.resolve),
            **remotes,
        }
        outside = outside_over(database, settings.data_dir, changed, keys.resolve, clock=clock, new_id=new_id)
        embedder = embedder or _embedder(settings, stack)
        platforms = Platforms(estate, outside)
        runs = Runs(database, clock=clock, new_id=new_id)
        material = await _open_material(settings, database, embedder, platforms, runs, clock, stack, kept=serving)
        outside.carrying.tell(partial(follow_writes, material.figures.freshness))
        await stack.enter_async_context(outside.carrying)
        known = ([specialist.option for specialist in specialists()], intents())
        language, name = await stack.enter_async_context(
            open_language(settings, material.embedder, known=known, ledger=material.usage, clock=clock)
        )
        asking = await _open_asking(settings, material, language, keys, runs, clock, stack)
        yield Sophia(
            settings=settings,
            database=database,
            company=material.company,
            embedder=material.embedder,
            language=language,
            language_name=name,
            documents=material.documents,
            citable=material.citable,
            retriever=material.retriever,
            ingestion=material.ingestion,
            crm=material.crm,
            usage=material.usage,
            figures=material.figures,
            forgetting=material.forgetting,
            decisions=material.decisions,
            today=material.company.clock(clock),
            tools=material.tools,
            keys=keys,
            quotas=_quotas(settings),
            runs=runs,
            asking=asking,
            briefings=_briefings(settings, material, language, database, clock),
            outside=outside,
            estate=estate,
        )


def _quotas(settings: Settings) -> Quotas:
    return quotas(
        settings.questions_a_minute,
        settings.questions_burst,
        settings.runs_at_once,
        owner=local_owner(settings.tenant),
        monotonic=time.monotonic,
    )


def _embedder(settings: Settings, stack: AsyncExitStack) -> Embedder:
    embedder = open_embedder(settings.embedder_weights)
    stack.callback(embedder.close)
    return embedder


async def _open_material(
    settings: Settings,
    database: Database,
    embedder: Embedder,
    platforms: Platforms,
    runs: Runs,
    clock: Clock,
    stack: AsyncExitStack,
    *,
    kept: bool,
) -> _Material:
    """Figures that are `kept` are refreshed in the background."""
    company = read_company(settings.company_file)
    chunks = await EmbeddedIndex.open(settings.index, embedder=embedder.id, dimensions=embedder.dimensions)
    stack.callback(chunks.close)
    index = RememberingIndex(chunks)
    documents = Documents(database, clock)
    ingestion = Ingestion(documents, index, embedder, limit=settings.max_document_bytes, sellers=company.sellers)
    await ingestion.recover()
    forgetting = Forgetting(documents, ingestion, index, platforms.outside.audit)
    await forgetting.recover()
    retriever = Retriever(index, embedder, documents)
    crm = EmbeddedCrm(database, clock)
    today = company.clock(clock)
    books, notes = Books(crm, documents, company.entities), Notes(crm)

    async def scores(reader: Principal) -> tuple[Score, ...]:
        return health_scores(await books.read(reader, today().date(), open_to_all=True))

    usage = await stack.enter_async_context(open_usage(database))
    origins, reader = Origins(crm, CallReading(documents, company), scores, usage.of), local_owner(settings.tenant)
    figures = await stack.enter_async_context(open_figures(settings, origins, reader, clock, kept=kept))
    shelves: dict[str, Shelf] = {
        NOTES: notes,
        CHAT: Messages(runs),
        **dict.fromkeys(SHELVED, CitableRecords(crm)),
    }
    decisions = open_decisions(
        database,
        documents,
        Citable(documents, shelves),
        embedder,
        figures.metrics,
        today=lambda: today().date(),
        clock=clock,
    )
    citable = Citable(documents, {**shelves, DECISIONS: CitableDecisions(decisions.ledger)})
    tickets = Tickets()
    known = ByTicket(tickets)
    servers = (
        business_intelligence.build_server(
            documents,
            retriever,
            known,
            company.entities,
            crm_tools(crm, books, company, ApprovalDesk(platforms.outside), known, lambda: today().date()),
            outcomes=CallOutcomes(crm, company.entities),
            playbook=playbook_in(settings.playbook_file),
        ),
        data_intelligence.build_server(
            MetricTools(figures.metrics, figures.warehouse, known, lambda: today().date()),
            RiskTools(books, known, lambda: today().date()),
            ScoreTools(books, known, lambda: today().date()),
            NoteTools(notes, embedder, known),
            DecisionTools(decisions.recall, known),
        ),
        platforms.server(known),
    )
    tools = await stack.enter_async_context(open_gateway(servers, tickets, clock=clock))
    return _Material(
        company, embedder, documents, citable, retriever, ingestion, crm, usage, figures, decisions, forgetting, tools
    )


async def _open_asking(
    settings: Settings,
    material: _Material,
    language: Language,
    keys: Keys,
    runs: Runs,
    clock: Clock,
    stack: AsyncExitStack,
) -> Asking:
    saver = await stack.enter_async_context(open_checkpoints(settings.database, runs.database))
    workers: dict[str, Subgraph] = {
        "call_analysis": build_call_analysis(),
        "crm_sync": build_crm_sync(),
        "executive_briefing": build_executive_briefing(),
        "infrastructure": build_infrastructure(),
    }
    graph = build_supervisor(workers, checkpointer=saver, patience_s=settings.specialist_timeout_s)
    journal = Journal(runs, Bells())
    turns = _turns(settings, material, language, clock)
    conductor = Conductor(graph, journal, keys.resolve, turns, material.citable, clock)
    executor = Executor(
        runs,
        journal,
        conductor,
        Worker(f"{socket.gethostname()}:{os.getpid()}", timedelta(seconds=settings.run_lease_s)),
        timeout=settings.run_timeout_s,
        concurrency=settings.run_concurrency,
        clock=clock,
    )
    await stack.enter_async_context(executor)
    return Asking(runs, journal, executor, material.documents, settings.max_question_chars)


def _briefings(settings: Settings, material: _Material, language: Language, database: Database, clock: Clock) -> Making:
    company = material.company
    name = company.seller.name if company.seller else settings.tenant
    turns = _turns(settings, material, language, clock)
    return Making(
        briefer=GraphBriefer(build_briefing(), turns, name, clock, new_id),
        kept=Briefings(database, material.citable),
        forms=Forms(),
        calendar=Calendar(),
        today=company.clock(clock),
        timeout_s=settings.run_timeout_s,
    )


def _turns(
    settings: Settings, material: _Material, language: Language, clock: Clock
) -> Callable[[Principal], Awaitable[Turn]]:
    """How the context of a principal's run is made: relative dates count from the company's day, deadlines from now."""
    today = material.company.clock(clock)

    async def turn(principal: Principal) -> Turn:
        return Turn(
            principal=principal,
            now=today(),
            deadline=clock() + timedelta(seconds=settings.run_timeout_s),
            language=language,
            tools=material.tools,
            entities=material.company.entities,
            decisions=material.decisions,
            present=clock(),
        )

    return turn
