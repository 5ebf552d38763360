"""What the API refuses: always as a problem document, never as a crash."""

import pytest

from tests.api.served import JSON, OBJECTIONS, Served, ask, problem_of

pytestmark = pytest.mark.asyncio(loop_scope="session")
AS_JSON = {"Content-Type": "application/json", **JSON}


@pytest.mark.parametrize("question", ["", "   \n", "\x00\x01", "\u200b "])
async def test_an_empty_question_is_refused(served: Served, question: str) -> None:
    async with served.client() as client:
        refused = await client.post("/v1/chat", json={"question": question})
    assert "empty" in await problem_of(refused, 422, "E_INVALID_INPUT")


async def test_half_a_surrogate_pair_is_refused_and_named(served: Served) -> None:
    async with served.client() as client:
        refused = await client.post("/v1/chat", content=rb'{"question": "What \ud83d now?"}', headers=AS_JSON)
    assert "character 5" in await problem_of(refused, 422, "E_INVALID_INPUT")


@pytest.mark.parametrize("field", ["thread", "calls"])
async def test_half_a_surrogate_pair_in_an_id_is_refused(served: Served, field: str) -> None:
    value = rb'["\ud83d"]' if field == "calls" else rb'"\ud83d"'
    body = b'{"question": "Why?", "' + field.encode() + b'": ' + value + b"}"
    async with served.client() as client:
        refused = await client.post("/v1/chat", content=body, headers=AS_JSON)
    assert await problem_of(refused, 422, "E_INVALID_INPUT")


async def test_control_characters_in_a_question_are_dropped(served: Served) -> None:
    async with served.client() as client:
        lines = await ask(client, "What did\x00Marrowfield\x07object to?")
        run = (await client.get(f"/v1/runs/{lines[0].data['run']}")).json()
    assert run["question"] == OBJECTIONS


async def test_a_question_in_another_encoding_is_refused_and_its_first_wrong_byte_named(served: Served) -> None:
    async with served.client() as client:
        refused = await client.post(
            "/v1/chat", content='{"question": "Wie läuft es?"}'.encode("latin-1"), headers=AS_JSON
        )
    assert "byte 19 is 0xe4" in await problem_of(refused, 422, "E_INVALID_INPUT")


async def test_a_question_over_the_limit_is_refused_with_both_numbers(served: Served) -> None:
    async with served.client() as client:
        refused = await client.post("/v1/chat", json={"question": "x" * 4001})
        longest = await client.post("/v1/chat", json={"question": "x" * 4000}, headers=JSON)
    detail = await problem_of(refused, 413, "E_TOO_LARGE")
    assert "4,001" in detail
    assert "4,000" in detail
    assert longest.status_code == 200


async def test_a_megabyte_is_refused_before_it_is_parsed(served: Served) -> None:
    async with served.client() as client:
        refused = await client.post("/v1/chat", json={"question": "x" * 1_000_000})
    assert "65,536 bytes" in await problem_of(refused, 413, "E_TOO_LARGE")


@pytest.mark.parametrize(
    "body", [b"", b"{", b"null", b"[]", b'"Why?"', b"{}", b'{"question": 7}', b'{"question": NaN}']
)
async def test_a_body_that_is_no_question_is_refused(served: Served, body: bytes) -> None:
    async with served.client() as client:
        refused = await client.post("/v1/chat", content=body, headers=AS_JSON)
    assert await problem_of(refused, 422, "E_INVALID_INPUT")


@pytest.mark.parametrize(
    ("more", "at"),
    [
        ({"quesiton": "Why?"}, "body.quesiton"),
        ({"thread": ""}, "body.thread"),
        ({"thread": "x" * 201}, "body.thread"),
        ({"calls": "all"}, "body.calls"),
        ({"calls": ["c"] * 101}, "body.calls"),
        ({"when_busy": "interrupt"}, "body.when_busy"),
    ],
)
async def test_a_wrong_field_is_named(served: Served, more: dict[str, object], at: str) -> None:
    async with served.client() as client:
        refused = await client.post("/v1/chat", json={"question": "Why?", **more})
    assert at in await problem_of(refused, 422, "E_INVALID_INPUT")
    assert [fault["at"] for fault in refused.json()["errors"]] == [at]


async def test_a_call_that_is_not_there_is_named_and_nothing_is_asked(served: Served) -> None:
    async with served.client(await served.key("typist")) as client:
        known = (await client.get("/v1/documents")).json()[0]["id"]
        refused = await client.post("/v1/chat", json={"question": OBJECTIONS, "calls": [known, "call-nobody-held"]})
        assert "call-nobody-held" in await problem_of(refused, 404, "E_NOT_FOUND")
        assert (await client.get("/v1/threads")).json() == []


async def test_a_body_nested_too_deep_is_refused(served: Served) -> None:
    async with served.client() as client:
        refused = await client.post("/v1/chat", content=b"[" * 20_000, headers=AS_JSON)
    assert await problem_of(refused, 400, "E_REJECTED")


@pytest.mark.parametrize("last", ["-1", "abc", "1.5", "٣", "9999999999"])
async def test_a_last_event_id_that_is_no_line_is_refused(served: Served, last: str) -> None:
    async with served.client() as client:
        run = (await ask(client, "How do I bake sourdough bread?"))[0].data["run"]
        refused = await client.get(f"/v1/runs/{run}/events", headers=[(b"Last-Event-ID", last.encode())])
    assert await problem_of(refused, 422, "E_INVALID_INPUT")


async def test_a_route_that_is_not_there_and_a_method_it_does_not_take_are_problems(served: Served) -> None:
    async with served.client() as client:
        assert await problem_of(await client.get("/v1/nothing"), 404, "E_NOT_FOUND")
        refused = await client.put("/v1/chat", json={})
        assert await problem_of(refused, 405, "E_REJECTED")
    assert refused.headers["allow"] == "POST"


@pytest.mark.parametrize(
    "source", ["x", "a~b~c~d", f"c~{'0' * 64}~1-1~0-5", f"c~{'0' * 64}~9-1~9-5", "%00", "%ff", "..%2F"]
)
async def test_a_source_that_is_not_there_is_unknown(served: Served, source: str) -> None:
    async with served.client() as client:
        assert await problem_of(await client.get(f"/v1/sources/{source}"), 404, "E_NOT_FOUND")


async def test_a_place_that_its_document_does_not_have_is_unknown(served: Served) -> None:
    async with served.client() as client:
        answer = next(line.data for line in await ask(client) if line.type == "answer")
        prefix = "~".join(answer["sources"][0]["id"].split("~")[:2])
        for place in ("99999-99999~0-5", "0-0~5-5", "0-0~9-5", "3-1~0-5", "0-0~0-99999999", "0-99999~0-5"):
            refused = await client.get(f"/v1/sources/{prefix}~{place}")
            assert await problem_of(refused, 404, "E_NOT_FOUND"), place


@pytest.mark.parametrize(
    "query", ["", "?name=", f"?name={'x' * 301}", "?name=a.txt&label=secret", "?name=a.txt&readers=bob"]
)
async def test_an_upload_without_a_name_or_with_an_unknown_label_or_reader_is_refused(
    served: Served, query: str
) -> None:
    async with served.client() as client:
        refused = await client.post(f"/v1/documents{query}", content=b"Anna: We pay ten dollars.\nBen: Good.\n")
    assert await problem_of(refused, 422, "E_INVALID_INPUT")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"{", b"no speakers here", b'{"callTranscripts": []}'])
async def test_an_upload_that_is_no_transcript_is_refused_with_the_reason(served: Served, content: bytes) -> None:
    async with served.client() as client:
        refused = await client.post("/v1/documents", params={"name": "a.txt"}, content=content)
    assert await problem_of(refused, 422, "E_INVALID_INPUT")
