"""A peer on 127.0.0.1 that speaks OpenAI's chat completions: whole or streamed, with refusals, stalls and broken lines."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

Body = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """What the peer answers. `pieces` are streamed one by one; `calls` are (function, arguments) pairs.

    `stalls` keeps silent instead of going on after so many pieces, `breaks` cuts the line there.
    """

    pieces: tuple[str, ...] = ()
    calls: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    finish: str = "stop"
    status: int = 200
    code: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    stalls: int | None = None
    breaks: int | None = None
    usage: tuple[int, int] | None = (120, 30)
    raw: bytes | None = None


def says(text: str, **more: Any) -> Reply:
    """An answer in pieces of some characters, as a model's tokens come."""
    return Reply(pieces=tuple(text[at : at + 7] for at in range(0, len(text), 7)), **more)


def calls(*made: tuple[str, Mapping[str, Any]]) -> Reply:
    """An answer of function calls."""
    return Reply(calls=made, finish="tool_calls")


def fills(**fields: Any) -> Reply:
    """An answer in JSON."""
    return says(json.dumps(fields))


@dataclass
class OpenAIPeer:
    """What was asked (`requests`, with the bearer keys in `keys`) and answered (`responses`)."""

    answer: Callable[[Body], Reply]
    url: str = ""
    requests: list[Body] = field(default_factory=list)
    responses: list[tuple[str, Body]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    left_early: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, request after request."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                await self._exchange(head.decode(), reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()

    async def _exchange(self, head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        headers = {
            name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head.split("\r\n")[1:])
        }
        body: Body = json.loads(await reader.readexactly(int(headers["content-length"])))
        self.requests.append(body)
        self.keys.append(headers.get("authorization", "").removeprefix("Bearer "))
        reply = self.answer(body)
        if head.split()[1] != "/v1/chat/completions":
            reply = Reply(status=404, code="unknown_url")
        if reply.raw is not None or reply.status != 200 or not body.get("stream"):
            await self._whole(reply, reader, writer)
        else:
            await self._stream(reply, reader, writer)

    async def _whole(self, reply: Reply, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if reply.stalls is not None:
            await self._stall(reader)
        schema, body = ("CreateChatCompletionResponse", _completion(reply)) if reply.status == 200 else _error(reply)
        content = reply.raw if reply.raw is not None else json.dumps(body).encode()
        if reply.raw is None:
            self.responses.append((schema, body))
        extra = "".join(f"{name}: {value}\r\n" for name, value in reply.headers.items())
        writer.write(
            f"HTTP/1.1 {reply.status} X\r\ncontent-type: application/json\r\n{extra}"
            f"content-length: {len(content)}\r\n\r\n".encode()
            + content
        )
        await writer.drain()

    async def _stream(self, reply: Reply, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
        for place, chunk in enumerate(_chunks(reply)):
            if place == reply.breaks:
                writer.transport.abort()
                raise ConnectionResetError
            if place == reply.stalls:
                await self._stall(reader)
            self.responses.append(("CreateChatCompletionStreamResponse", chunk))
            _write_chunk(writer, b"data: " + json.dumps(chunk).encode() + b"\n\n")
            await writer.drain()
        _write_chunk(writer, b"data: [DONE]\n\n")
        _write_chunk(writer, b"")
        await writer.drain()

    async def _stall(self, reader: asyncio.StreamReader) -> None:
        """Says nothing until the client goes away."""
        await reader.read()
        self.left_early.set()
        raise ConnectionResetError


@asynccontextmanager
async def openai_peer(answer: Callable[[Body], Reply] | Reply) -> AsyncIterator[OpenAIPeer]:
    """A running peer; `answer` is a reply or makes one from the request's body."""
    peer = OpenAIPeer(answer if callable(answer) else lambda _body: answer)
    connections: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(peer.serve(reader, writer))
        connections.add(task)
        task.add_done_callback(connections.discard)

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    peer.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    try:
        yield peer
    finally:
        server.close()
        for task in tuple(connections):
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)


def _write_chunk(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")


def _completion(reply: Reply) -> Body:
    message: Body = {"role": "assistant", "content": "".join(reply.pieces) or None, "refusal": None}
    if reply.calls:
        message["tool_calls"] = [
            {"id": f"call_{n}", "type": "function", "function": {"name": name, "arguments": json.dumps(arguments)}}
            for n, (name, arguments) in enumerate(reply.calls)
        ]
    choice = {"index": 0, "message": message, "finish_reason": reply.finish, "logprobs": None}
    whole = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "peer", "choices": [choice]}
    return whole | ({"usage": _usage(reply.usage)} if reply.usage else {})


def _chunks(reply: Reply) -> Iterator[Body]:
    def chunk(choices: list[Body], **more: Any) -> Body:
        return {
            "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "peer", "choices": choices, **more,
        }  # fmt: skip

    for place, piece in enumerate(reply.pieces):
        delta = {"content": piece} | ({"role": "assistant"} if place == 0 else {})
        yield chunk([{"index": 0, "delta": delta, "finish_reason": None}])
    yield chunk([{"index": 0, "delta": {}, "finish_reason": reply.finish}])
    if reply.usage:
        yield chunk([], usage=_usage(reply.usage))


def _error(reply: Reply) -> tuple[str, Body]:
    message = "Incorrect API key provided: sk-very-secret. The request was: We pay $48,000 today."
    return "ErrorResponse", {"error": {"message": message, "type": "error", "param": None, "code": reply.code}}


def _usage(counts: tuple[int, int]) -> Body:
    return {"prompt_tokens": counts[0], "completion_tokens": counts[1], "total_tokens": sum(counts)}
