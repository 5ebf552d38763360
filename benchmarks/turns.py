"""One client, one question after another, over HTTP: how long until it is accepted, until the first sentence, in all."""

import itertools
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import yaml

from api.sample import SAMPLE
from benchmarks.server import Server
from evals.graders import Opened, faults, opened

QUESTIONS = 500
WARM_UP = 20


@dataclass(frozen=True, slots=True)
class Turn:
    """Milliseconds from sending the question; `valid` when the answer passed the independent check."""

    accepted_ms: float
    first_sentence_ms: float
    whole_ms: float
    valid: bool


def questions() -> Iterator[str]:
    """The sample's questions over and over, each time in other words at the end, so that no whole answer is remembered."""
    truth = yaml.safe_load((SAMPLE / "truth.yaml").read_text(encoding="utf-8"))
    asked = [entry["question"] for entry in truth["questions"]]
    for number, question in enumerate(itertools.cycle(asked)):
        yield question if number < len(asked) else f"{question.rstrip('?.')} – {number // len(asked)}?"


def measure(server: Server, count: int = QUESTIONS) -> list[Turn]:
    """`count` turns after a warm-up, each on a thread of its own."""
    headers = {"Authorization": f"Bearer {server.owner.token}", "Accept": "text/event-stream"}
    with httpx2.Client(base_url=server.url, headers=headers, timeout=60, trust_env=False) as http:
        asked = list(itertools.islice(questions(), WARM_UP + count))
        for question in asked[:WARM_UP]:
            _turn(http, question)
        return [_turn(http, question) for question in asked[WARM_UP:]]


def _turn(http: httpx2.Client, question: str) -> Turn:
    began = time.perf_counter()
    at: dict[str, float] = {}
    sentences: list[dict[str, Any]] = []
    event = ""
    with http.stream("POST", "/v1/chat", json={"question": question}) as response:
        response.raise_for_status()
        for line in response.iter_lines():
            if line.startswith("event: "):
                event = line.removeprefix("event: ")
                at.setdefault(event, (time.perf_counter() - began) * 1000)
            elif line.startswith("data: ") and event == "sentence":
                sentences.append(json.loads(line.removeprefix("data: ")))
    found = {source["id"]: _open(http, source["url"]) for said in sentences for source in said["sources"]}
    valid = bool(sentences) and not list(faults(sentences, found, question=question))
    return Turn(at["run.accepted"], at.get("sentence", float("inf")), at["run.completed"], valid)


def _open(http: httpx2.Client, url: str) -> Opened | None:
    response = http.get(url, headers={"Accept": "application/json"})
    if response.status_code != 200:
        return None
    return opened(response.json())
