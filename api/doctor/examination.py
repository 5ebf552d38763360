"""One look at all parts of an installation."""

from collections.abc import Sequence

from api.doctor.configured import (
    look_at_company,
    look_at_encoder,
    look_at_platforms,
    look_at_playbook,
    look_at_telemetry,
    look_at_warehouse,
)
from api.doctor.directory import look_at_directory
from api.doctor.endpoints import look_at_language
from api.doctor.extras import look_at_extras
from api.doctor.finding import Finding
from api.doctor.stores import look_at_stores
from api.settings import Settings
from core.clock import Clock


async def examine(settings: Settings, clock: Clock) -> Sequence[Finding]:
    """Every finding, the data directory's first. Nothing is changed, and no server is needed or in the way."""
    encoder, embedder = look_at_encoder(settings)
    return [
        *await look_at_directory(settings.data_dir),
        *await look_at_stores(settings.database, settings.index, embedder=embedder, clock=clock),
        encoder,
        *await look_at_language(settings.models),
        await look_at_warehouse(settings, clock),
        look_at_platforms(settings),
        look_at_company(settings),
        look_at_playbook(settings),
        *await look_at_telemetry(settings),
        *look_at_extras(_needed(settings)),
    ]


def _needed(settings: Settings) -> set[str]:
    """The extras that the settings cannot do without."""
    asked = {
        "openai": settings.models,
        "snowflake": settings.warehouse_url,
        "sql": settings.warehouse_sql,
        "otlp": settings.otlp_endpoint,
    }
    return {extra for extra, value in asked.items() if value}
