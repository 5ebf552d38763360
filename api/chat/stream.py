"""A run's log as server-sent events."""

import asyncio
import json
from collections.abc import AsyncIterator

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.types import Receive, Scope, Send

from api.runs.run import Event
from core.errors import InvalidInputError

SEND_TIMEOUT_S = 30.0


class EventStream(EventSourceResponse):
    """A response that also ends in good order when the server stops; its reader comes back with `Last-Event-ID`."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await super().__call__(scope, receive, send)
        if self.active:  # neither at its end nor left by its reader
            await send({"type": "http.response.body", "body": b"", "more_body": False})


def event_stream(events: AsyncIterator[Event], *, run: str, thread: str, ping_s: float) -> EventSourceResponse:
    """The events as they come; `id` is the line's number, from which `Last-Event-ID` resumes."""
    return EventStream(
        _encoded(events),
        headers={
            "X-Accel-Buffering": "no",
            "Cache-Control": "no-store",
            "X-Sophia-Run": run,
            "X-Sophia-Thread": thread,
        },
        ping=ping_s,
        send_timeout=SEND_TIMEOUT_S,
        sep="\n",
    )


async def _encoded(events: AsyncIterator[Event]) -> AsyncIterator[ServerSentEvent]:
    async for event in events:
        yield ServerSentEvent(
            json.dumps(event.payload, ensure_ascii=False), event=event.type, id=str(event.seq), sep="\n"
        )
        await asyncio.sleep(0)  # a reader that has left is noticed between two events, not after all of them


def resume_point(last_event_id: str | None) -> int:
    """The line a client has seen last; InvalidInputError if it is no line number."""
    if not last_event_id:
        return 0
    if not last_event_id.isascii() or not last_event_id.isdigit() or len(last_event_id) > 9:
        raise InvalidInputError(f"Last-Event-ID {last_event_id!r} is not the id of an event of this stream")
    return int(last_event_id)
