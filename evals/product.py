"""The whole product over the sample, asked through its HTTP API as anybody would ask it."""

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx2

from api.app import create_app
from api.bootstrap import open_sophia
from api.sample import install_company, sample_calls, sample_crm
from api.security.keys import local_owner
from api.settings import Settings
from core.identity import Access
from memory.transcripts.model import Transcript
from models.citations import NEAREST
from models.embeddings import open_embedder
from models.remembering import RememberingEmbedder
from tools.crm.importing import Terms, import_crm

Q = TypeVar("Q")
R = TypeVar("R")

TOKEN = "eval-token"  # noqa: S105
AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Put:
    """A question and the documents it is about; none means all. `after` is asked before it, on the same thread."""

    question: str
    calls: tuple[str, ...] = ()
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: whether it answers, its text, and its sentences as the `sentence` events carry them."""

    answered: bool
    text: str
    sentences: tuple[dict[str, Any], ...]

    @property
    def turns(self) -> frozenset[tuple[str, int]]:
        """Every cited turn, by document."""
        return frozenset(
            (source["document"], turn)
            for said in self.sentences
            for source in said["sources"]
            for turn in range(source["turns"][0], source["turns"][1] + 1)
        )

    @property
    def answers(self) -> bool:
        """Whether it cites something, and does not say itself that this only comes nearest."""
        return bool(self.turns) and NEAREST not in self.text

    @property
    def figures(self) -> int:
        """How many figures its sentences carry."""
        return sum(len(said["figures"]) for said in self.sentences)


@asynccontextmanager
async def served(
    cache: Path, more: Sequence[Transcript] = (), *, crm: bool = False
) -> AsyncIterator[httpx2.AsyncClient]:
    """The HTTP application over the sample and more calls, in a data directory that is gone afterwards.

    With `crm` it has the sample's CRM data and figures too. Vectors are kept in the folder `cache`.
    """
    with tempfile.TemporaryDirectory() as folder, _remembering(cache) as embedder:
        settings = Settings(data_dir=Path(folder))
        install_company(settings)
        async with open_sophia(settings, token=TOKEN, embedder=embedder) as sophia:
            access = Access(settings.tenant, label=settings.label)
            owner = local_owner(settings.tenant)
            await sophia.ingestion.ingest([*sample_calls(), *more], access, principal=owner)
            if crm:
                await import_crm(*sample_crm(), Terms(owner, access.label, sophia.today().date()), sophia.crm)
                await sophia.figures.freshness.refresh()
            transport = httpx2.ASGITransport(create_app(sophia))
            headers = {"Authorization": f"Bearer {TOKEN}"}
            async with httpx2.AsyncClient(
                transport=transport, base_url="http://sophia", headers=headers, timeout=60
            ) as http:
                yield http


async def asked(
    http: httpx2.AsyncClient, put: Iterable[Q], judge: Callable[[httpx2.AsyncClient, Q], Awaitable[R]]
) -> list[R]:
    """What `judge` returns for each question, in their order; a few are under way at once."""
    free = asyncio.Semaphore(AT_ONCE)

    async def one(question: Q) -> R:
        async with free:
            return await judge(http, question)

    return list(await asyncio.gather(*map(one, put)))


@contextmanager
def _remembering(cache: Path) -> Iterator[RememberingEmbedder]:
    embedder = open_embedder()
    remembering = RememberingEmbedder(embedder, cache)
    try:
        yield remembering
        remembering.save()
    finally:
        embedder.close()


async def reply(http: httpx2.AsyncClient, put: Put) -> Reply:
    """Puts the question on a thread of its own and waits for the answer."""
    before = await _run(http, {"question": put.after}) if put.after else None
    on = {"thread": before["thread"]} if before else {}
    run = await _run(http, {"question": put.question, "calls": list(put.calls), **on})
    log = (await http.get(f"/v1/runs/{run['id']}/events")).text
    return Reply(run["answer"]["answered"], run["answer"]["text"], tuple(_sentences(log)))


async def _run(http: httpx2.AsyncClient, question: Mapping[str, Any]) -> dict[str, Any]:
    response = await http.post("/v1/chat", json=question, headers={"Accept": "application/json"})
    response.raise_for_status()
    run: dict[str, Any] = response.json()
    return run


async def source(http: httpx2.AsyncClient, url: str) -> dict[str, Any] | None:
    """What a citation's address opens; None where it does not open."""
    response = await http.get(url)
    read: dict[str, Any] | None = response.json() if response.status_code == 200 else None
    return read


def _sentences(log: str) -> Iterator[dict[str, Any]]:
    for block in log.split("\n\n"):
        lines = dict(line.partition(": ")[::2] for line in block.splitlines() if not line.startswith(":"))
        if lines.get("event") == "sentence":
            yield json.loads(lines["data"])
