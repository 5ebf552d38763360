"""A chat language over the peer, through the real client, and the call that asks it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from core.identity import Label, Principal
from evals.outside.openai_peer import Body, OpenAIPeer, Reply, openai_peer
from models.endpoints import Endpoints, open_endpoints
from models.entities import Entity
from models.language import Brief, Call, Language, Sentence
from tests.models.material import BRIEF

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
ASKER = Principal(tenant="acme", user="eva", groups=frozenset({"sales"}))
CASTELLAN = Entity("account", "Castellan", ("Castellan Foods", "CST"))


def call(**more: object) -> Call:
    terms = {"principal": ASKER, "purpose": "test", "now": NOW, "entities": (CASTELLAN,)} | more
    return Call(**terms)  # type: ignore[arg-type]


@asynccontextmanager
async def chat(
    answer: Callable[[Body], Reply] | Reply, *, local: bool = False, within: float = 10.0, key: str | None = None
) -> AsyncIterator[tuple[Language, OpenAIPeer]]:
    async with openai_peer(answer) as peer:
        endpoint = {"base_url": peer.url, "model": "peer-1", "local": local, "timeout": within}
        if key:
            endpoint["api_key_env"] = "PEER_KEY"
        config = Endpoints.model_validate(
            {"endpoints": {"peer": endpoint}, "routing": {"default": ["peer"], "remote_up_to": Label.INTERNAL}}
        )
        async with open_endpoints(config, {"PEER_KEY": key} if key else {}) as languages:
            yield languages["peer"], peer


async def written(language: Language, brief: Brief = BRIEF, **more: object) -> list[Sentence]:
    return [sentence async for sentence in language.write(brief, call=call(**more))]
