"""Is every sentence of an answer true to its source? Asked through the whole product, checked from the outside."""

import json
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import yaml

from api.app import create_app
from api.bootstrap import Sophia, open_sophia
from api.sample import SAMPLE, install_company, sample_calls
from api.settings import Settings
from core.identity import Access
from evals.datasets.qmsum import Meeting, meetings
from evals.graders import Opened, faults, opened
from evals.run import Materials, Measures

TOKEN = "eval-token"  # noqa: S105
SHOWN_FAULTS = 20


@dataclass(frozen=True, slots=True)
class Put:
    """A question and the documents it is about; none means all."""

    question: str
    calls: tuple[str, ...] = ()


async def run(materials: Materials) -> Measures:
    """Share of valid sentences over the answers to the sample's questions and, where the set is there, QMSum's: each
    asked of its own meeting and of all meetings at once.
    """
    found = meetings(materials.data / "qmsum" / "val") if materials.data else []
    async with served(found) as (sophia, http):
        checked = [await _check(http, put) for put in [*_sample_questions(), *_meeting_questions(found)]]
    del sophia
    for fault in [fault for _, _, listed in checked for fault in listed][:SHOWN_FAULTS]:
        print(fault)
    sentences = sum(count for count, _, _ in checked)
    wrong = sum(len(listed) for _, _, listed in checked)
    return {
        "answers": len(checked),
        "answered": sum(answered for _, answered, _ in checked) / len(checked),
        "sentences": sentences,
        "valid": 1 - wrong / sentences,
    }


@asynccontextmanager
async def served(found: Sequence[Meeting]) -> AsyncIterator[tuple[Sophia, httpx2.AsyncClient]]:
    """The HTTP application over the sample and the meetings, in a data directory that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        install_company(settings)
        async with open_sophia(settings, token=TOKEN) as sophia:
            access = Access(settings.tenant, label=settings.label)
            await sophia.ingestion.ingest([*sample_calls(), *(meeting.transcript for meeting in found)], access)
            transport = httpx2.ASGITransport(create_app(sophia))
            headers = {"Authorization": f"Bearer {TOKEN}"}
            async with httpx2.AsyncClient(
                transport=transport, base_url="http://sophia", headers=headers, timeout=60
            ) as http:
                yield sophia, http


def _sample_questions() -> Iterator[Put]:
    truth = yaml.safe_load((SAMPLE / "truth.yaml").read_text(encoding="utf-8"))
    yield from (Put(entry["question"]) for entry in truth["questions"])


def _meeting_questions(found: Sequence[Meeting]) -> Iterator[Put]:
    for meeting in found:
        for asked in meeting.questions:
            yield Put(asked.text, (meeting.transcript.id,))
            yield Put(f"{asked.text} ({meeting.transcript.title})")


async def _check(http: httpx2.AsyncClient, put: Put) -> tuple[int, bool, list[str]]:
    """How many sentences the answer has, whether it answers, and what is wrong with it."""
    response = await http.post(
        "/v1/chat", json={"question": put.question, "calls": list(put.calls)}, headers={"Accept": "application/json"}
    )
    response.raise_for_status()
    run = response.json()
    log = (await http.get(f"/v1/runs/{run['id']}/events")).text
    sentences = list(_sentences(log))
    found = {source["id"]: await _open(http, source["url"]) for said in sentences for source in said["sources"]}
    return len(sentences), run["answer"]["answered"], list(faults(sentences, found))


def _sentences(log: str) -> Iterator[dict[str, Any]]:
    for block in log.split("\n\n"):
        lines = dict(line.partition(": ")[::2] for line in block.splitlines() if not line.startswith(":"))
        if lines.get("event") == "sentence":
            yield json.loads(lines["data"])


async def _open(http: httpx2.AsyncClient, url: str) -> Opened | None:
    response = await http.get(url)
    if response.status_code != 200:
        return None
    return opened(response.json())
