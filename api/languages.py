"""Which language Sophia speaks: the extractive one, or chat models with the extractive one behind them."""

import os
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from api.settings import Settings
from core.clock import Clock
from core.resilience import Breaker
from models.budget import Budgeted, DailyBudgets
from models.cached import Cached
from models.embeddings import Embedder
from models.endpoints import open_endpoints, read_endpoints
from models.extractive.language import Extractive
from models.language import Language, Option
from models.remembering import RememberingEmbedder
from models.router import Routed, table
from models.traced import Traced
from models.usage import Ledger

EXTRACTIVE = "extractive"


@asynccontextmanager
async def open_language(
    settings: Settings, embedder: Embedder, *, known: Sequence[Sequence[Option]], ledger: Ledger, clock: Clock
) -> AsyncIterator[tuple[Language, str]]:
    """The language that the settings ask for, and its name. InvalidInputError for a file of endpoints that is wrong.

    The sets of options in `known` are learnt here rather than at the first question. What endpoints take is told to the
    `ledger`; the extractive language takes nothing.
    """
    extractive = await _open_extractive(settings, embedder, known)
    if settings.models is None:
        yield Traced(extractive, model=EXTRACTIVE), EXTRACTIVE
        return
    config = read_endpoints(settings.models)
    wanted = {endpoint.api_key_env for endpoint in config.endpoints.values() if endpoint.api_key_env}
    keys = {name: os.environ[name] for name in wanted if name in os.environ}
    async with open_endpoints(config, keys, ledger=ledger) as endpoints:
        remembering = {
            name: Cached(language, model=config.endpoints[name].model, monotonic=time.monotonic)
            for name, language in endpoints.items()
        }
        breakers = {name: Breaker(name, time.monotonic) for name in endpoints}
        routed = Routed(remembering, table(config), last=extractive, breakers=breakers, clock=clock)
        budgets = DailyBudgets(settings.daily_tokens, clock)
        name = ", ".join(f"{name} ({endpoint.model})" for name, endpoint in config.endpoints.items())
        yield Traced(Budgeted(routed, budgets.of), model="routed"), name


async def _open_extractive(settings: Settings, embedder: Embedder, known: Sequence[Sequence[Option]]) -> Extractive:
    """The extractive language; the vectors of examples are kept in the data directory between starts."""
    library = RememberingEmbedder(embedder, settings.data_dir)
    extractive = Extractive(embedder, library=library)
    for options in known:
        await extractive.prepare(options)
    library.save()
    return extractive
