"""Asking over HTTP: the stream, the whole answer, coming back, conversations."""

import asyncio
import json
from collections.abc import MutableMapping
from typing import Any

import httpx2
import pytest

from api.runs.events import Answered, Planned, RunAccepted, RunCompleted, RunStarted, SentenceWritten
from models.citations import NEAREST
from tests.api.served import JSON, OBJECTIONS, SSE, TOKEN, Line, Served, ask, problem_of, read_stream

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def finished(client: httpx2.AsyncClient, run: str) -> dict[str, Any]:
    """The run as it is read later, once it has ended."""
    async with asyncio.timeout(30):
        while True:
            view: dict[str, Any] = (await client.get(f"/v1/runs/{run}")).json()
            if view["status"] in {"completed", "failed"}:
                return view
            await asyncio.sleep(0.02)


async def test_an_answer_streams_as_documented_events_in_order(served: Served) -> None:
    async with served.client() as client:
        response = await client.post("/v1/chat", json={"question": OBJECTIONS}, headers=SSE)
    lines = read_stream(response.text)
    kinds = [type(line.payload) for line in lines]
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["cache-control"] == "no-store"
    assert [line.id for line in lines] == list(range(1, len(lines) + 1))
    assert kinds[:3] == [RunAccepted, RunStarted, Planned]
    assert kinds[-2:] == [Answered, RunCompleted]
    assert set(kinds[3:-2]) == {SentenceWritten}
    assert response.headers["x-sophia-run"] == lines[0].data["run"]
    assert response.headers["x-sophia-thread"] == lines[0].data["thread"]


async def test_the_sentences_that_stream_are_the_whole_answer(served: Served) -> None:
    async with served.client() as client:
        lines = await ask(client)
    sentences = [line.data for line in lines if line.type == "sentence"]
    answer = next(line.data for line in lines if line.type == "answer")
    assert [sentence["index"] for sentence in sentences] == list(range(len(sentences)))
    assert answer["text"].split("\n") == [sentence["text"] for sentence in sentences]
    assert answer["sources"] == [source for sentence in sentences for source in sentence["sources"]]


async def test_the_same_answer_comes_whole_to_whoever_asks_for_json(served: Served) -> None:
    async with served.client() as client:
        streamed = next(line.data for line in await ask(client) if line.type == "answer")
        whole = await client.post("/v1/chat", json={"question": OBJECTIONS}, headers=JSON)
        assert whole.status_code == 200
        assert whole.json() == await finished(client, whole.json()["id"])
    assert whole.json()["status"] == "completed"
    assert whole.json()["answer"] == streamed


async def test_every_number_opens_the_words_that_stand_in_the_source(served: Served) -> None:
    async with served.client() as client:
        answer = next(line.data for line in await ask(client) if line.type == "answer")
        assert len(answer["sources"]) > 1
        for source in answer["sources"]:
            sentence = next(text for text in answer["text"].split("\n") if text.endswith(f"[{source['n']}]"))
            opened = (await client.get(source["url"])).json()
            cited = [turn for turn in opened["context"] if turn["cited"]]
            assert (opened["id"], opened["title"], opened["current"]) == (source["id"], source["title"], True)
            assert opened["quote"] in sentence
            assert opened["quote"] in " ".join(turn["text"] for turn in cited)
            assert cited[0]["speaker"] == source["speaker"]
            assert len(opened["context"]) > len(cited)


async def test_a_reader_comes_back_at_any_line_without_loss_or_doubling(served: Served) -> None:
    async with served.client() as client:
        whole = await ask(client)
        events = f"/v1/runs/{whole[0].data['run']}/events"
        assert read_stream((await client.get(events)).text) == whole
        for line in whole[:-1]:
            resumed = await client.get(events, headers={"Last-Event-ID": str(line.id)})
            assert read_stream(resumed.text) == whole[line.id :]


async def test_a_reader_who_leaves_after_the_first_event_finds_the_answer_later(served: Served) -> None:
    seen = await first_event_then_leave(served, OBJECTIONS)
    async with served.client() as client:
        view = await finished(client, seen.data["run"])
        log = read_stream((await client.get(f"/v1/runs/{seen.data['run']}/events")).text)
    assert view["status"] == "completed"
    assert view["answer"]["answered"]
    assert [line.type for line in log].count("run.completed") == 1


async def first_event_then_leave(served: Served, question: str) -> Line:
    """Reads a stream as the server writes it, and hangs up when the first event has come."""
    body = json.dumps({"question": question}).encode()
    seen: list[bytes] = []
    left = asyncio.Event()
    asked: list[MutableMapping[str, Any]] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> MutableMapping[str, Any]:
        if asked:
            return asked.pop()
        await left.wait()
        return {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        if message.get("body"):
            seen.append(message["body"])
            left.set()

    headers = [(b"authorization", f"Bearer {TOKEN}".encode()), (b"content-type", b"application/json")]
    scope: dict[str, Any] = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": "/v1/chat", "raw_path": b"/v1/chat", "query_string": b"", "root_path": "", "headers": headers,
        "server": ("sophia", 80), "client": ("test", 1),
    }  # fmt: skip
    async with asyncio.timeout(10):
        await served.app(scope, receive, send)
    return read_stream(b"".join(seen).decode())[0]


async def test_a_conversation_keeps_its_questions_and_answers(served: Served) -> None:
    async with served.client(await served.key("historian")) as client:
        first = await ask(client)
        thread = first[0].data["thread"]
        second = await ask(client, "And what did Castellan object to?", thread=thread)
        listed = (await client.get("/v1/threads")).json()
        history = (await client.get(f"/v1/threads/{thread}")).json()
    assert [(one["id"], one["title"]) for one in listed] == [(thread, OBJECTIONS)]
    assert second[0].data["position"] == 2
    assert [(run["position"], run["status"]) for run in history["runs"]] == [(1, "completed"), (2, "completed")]
    answers = [next(line.data for line in lines if line.type == "answer") for lines in (first, second)]
    assert [run["answer"] for run in history["runs"]] == answers


async def test_two_questions_on_one_thread_are_answered_one_after_the_other(served: Served) -> None:
    async with served.client() as client:
        thread = (await ask(client))[0].data["thread"]
        logs = await asyncio.gather(*(ask(client, OBJECTIONS, thread=thread) for _ in range(3)))
        history = (await client.get(f"/v1/threads/{thread}")).json()["runs"]
    assert sorted(lines[0].data["position"] for lines in logs) == [2, 3, 4]
    assert [run["position"] for run in history] == [1, 2, 3, 4]
    ended = [run["ended_at"] for run in history]
    assert ended == sorted(ended)
    assert all(run["status"] == "completed" for run in history)


async def test_a_question_that_does_not_want_to_wait_is_refused_while_another_is_answered(served: Served) -> None:
    async with served.client() as client:
        first = await first_event_then_leave(served, "Summarise the call Marrowfield order form w/ procurement")
        busy = {"question": OBJECTIONS, "thread": first.data["thread"], "when_busy": "reject"}
        detail = await problem_of(await client.post("/v1/chat", json=busy), 409, "E_BUSY")
        await finished(client, first.data["run"])
    assert first.data["thread"] in detail


async def test_a_question_about_named_calls_is_answered_from_them_alone(served: Served) -> None:
    async with served.client() as client:
        catalogue = (await client.get("/v1/documents")).json()
        chosen = next(entry["id"] for entry in catalogue if "Castellan" in entry["title"])
        lines = await ask(client, "What did they object to?", calls=[chosen])
    answer = next(line.data for line in lines if line.type == "answer")
    assert {source["document"] for source in answer["sources"]} == {chosen}


async def test_a_question_outside_of_what_sophia_does_says_so(served: Served) -> None:
    async with served.client() as client:
        lines = await ask(client, "How do I bake sourdough bread?")
    answer = next(line.data for line in lines if line.type == "answer")
    assert (answer["answered"], answer["sources"]) == (False, [])


async def test_what_only_comes_nearest_to_a_question_is_shown_and_is_no_answer(served: Served) -> None:
    async with served.client() as client:
        lines = await ask(client, "What would Castellan's drivers do about a late connector in winter?")
    answer = next(line.data for line in lines if line.type == "answer")
    assert answer["text"].startswith(NEAREST)
    assert answer["sources"]
    assert not answer["answered"]


async def test_whatever_a_reader_takes_for_the_end_of_a_line_an_event_is_one_line(served: Served) -> None:
    question = "What did\u2028Marrowfield\x85object\u2029to?"
    async with served.client() as client, client.stream("POST", "/v1/chat", json={"question": question}) as response:
        data = [line.removeprefix("data: ") async for line in response.aiter_lines() if line.startswith("data: ")]
    planned = [json.loads(one) for one in data][2]
    assert planned["tasks"][0]["question"] == question
