"""One client, one question after another, over HTTP: how long until it is accepted, until the first sentence, in all."""

import itertools
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import httpx2
import yaml

from api.sample import SAMPLE
from benchmarks.server import Server
from evals.graders import Opened, faults, opened

QUESTIONS = 500
FOR_SEVERAL = 200
OF_CALLS = (
    "What did Castellan say about the connector",
    "What did Marrowfield object to",
    "What did Ossery ask about single sign-on",
    "Which competitors did Castellan name",
    "What did we promise Marrowfield",
)
OF_FIGURES = (
    "how big is the pipeline",
    "what was our revenue in February",
    "what is our win rate this year",
    "how many support tickets did we have in January",
)
OF_THE_CRM = ("what stage is their deal in", "when does their deal close", "who owns their deal")
OF_PLATFORMS = ("how is the GPU pool doing", "is Sophia itself healthy")
WARM_UP = 20
#: No further question is asked once the clock shows this much; a turn that began is read to its end.
MOST_S = 900.0


@dataclass(frozen=True, slots=True)
class Turn:
    """Milliseconds from sending the question. `first_sentence_ms` is None where the answer has no sentence; `answered`
    as the answer says of itself; `faults` by the independent check of its sentences.
    """

    accepted_ms: float
    first_sentence_ms: float | None
    whole_ms: float
    answered: bool
    faults: tuple[str, ...]


def questions() -> Iterator[str]:
    """The sample's questions over and over, each time in other words at the end, so that no whole answer is remembered."""
    truth = yaml.safe_load((SAMPLE / "truth.yaml").read_text(encoding="utf-8"))
    asked = [entry["question"] for entry in truth["questions"]]
    for number, question in enumerate(itertools.cycle(asked)):
        yield question if number < len(asked) else f"{question.rstrip('?.')} – {number // len(asked)}?"


def questions_for_two() -> Iterator[str]:
    """Questions that a call and a figure answer together, over and over in other pairs and words."""
    return _joined(OF_CALLS, OF_FIGURES)


def questions_for_four() -> Iterator[str]:
    """Questions of which each specialist answers a part."""
    return _joined(OF_CALLS, OF_THE_CRM, OF_FIGURES, OF_PLATFORMS)


def _joined(*kinds: Sequence[str]) -> Iterator[str]:
    """One part of each kind in every combination, over and over, each time in other words at the end."""
    every = list(itertools.product(*kinds))
    for number, (*parts, last) in enumerate(itertools.cycle(every)):
        turn = number // len(every)
        yield f"{', '.join(parts)}, and {last}{f' – {turn}' if turn else ''}?"


def measure(server: Server, asked: Iterator[str], count: int = QUESTIONS, *, most_s: float = MOST_S) -> list[Turn]:
    """Up to `count` turns after a warm-up, each on a thread of its own; fewer when `most_s` seconds are over."""
    headers = {"Authorization": f"Bearer {server.owner.token}", "Accept": "text/event-stream"}
    with httpx2.Client(base_url=server.url, headers=headers, timeout=60, trust_env=False) as http:
        for question in itertools.islice(asked, WARM_UP):
            _turn(http, question)
        until = time.perf_counter() + most_s
        in_time = itertools.takewhile(lambda _: time.perf_counter() < until, itertools.islice(asked, count))
        return [_turn(http, question) for question in in_time]


def _turn(http: httpx2.Client, question: str) -> Turn:
    began = time.perf_counter()
    at: dict[str, float] = {}
    lines: list[tuple[str, dict[str, Any]]] = []
    for event, data in _events(http, question):
        at.setdefault(event, (time.perf_counter() - began) * 1000)
        lines.append((event, data))
    if "run.completed" not in at:
        raise RuntimeError(f"{question!r} was not answered: its run ended with {lines[-1]}")
    sentences = [data for event, data in lines if event == "sentence"]
    answer = next(data for event, data in lines if event == "answer")
    found = {source["id"]: _open(http, source["url"]) for said in sentences for source in said["sources"]}
    wrong = tuple(faults(sentences, found, question=question))
    return Turn(at["run.accepted"], at.get("sentence"), at["run.completed"], answer["answered"], wrong)


def _events(http: httpx2.Client, question: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The events of the answer's stream as they come, each with what it carries."""
    event = ""
    with http.stream("POST", "/v1/chat", json={"question": question}) as response:
        response.raise_for_status()
        for line in response.iter_lines():
            if line.startswith("event: "):
                event = line.removeprefix("event: ")
            elif line.startswith("data: "):
                yield event, json.loads(line.removeprefix("data: "))


def _open(http: httpx2.Client, url: str) -> Opened | None:
    response = http.get(url, headers={"Accept": "application/json"})
    if response.status_code != 200:
        return None
    return opened(response.json())
