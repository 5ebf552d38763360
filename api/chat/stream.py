"""A run's log as server-sent events."""

import asyncio
import json
from collections.abc import AsyncIterator

from sse_starlette import EventSourceResponse, ServerSentEvent

from api.runs.events import ServerClosing
from api.runs.run import Event
from core.errors import InvalidInputError

_SOME_END_LINES = {ord(one): f"\\u{ord(one):04x}" for one in "\x85\u2028\u2029"}
"""Characters at which some readers of lines end one, though event streams do not; JSON has another way to write them."""


def event_stream(events: AsyncIterator[Event], *, run: str, thread: str, ping_s: float) -> EventSourceResponse:
    """The events as they come; `id` is the line's number, from which `Last-Event-ID` resumes."""
    return EventSourceResponse(
        _encoded(events),
        headers={
            "X-Accel-Buffering": "no",
            "Cache-Control": "no-store",
            "X-Sophia-Run": run,
            "X-Sophia-Thread": thread,
        },
        ping=ping_s,
        sep="\n",
    )


async def _encoded(events: AsyncIterator[Event]) -> AsyncIterator[ServerSentEvent]:
    async for event in events:
        wait_ms = event.payload["retry_after"] * 1000 if event.type == ServerClosing.type else None
        data = json.dumps(event.payload, ensure_ascii=False).translate(_SOME_END_LINES)
        yield ServerSentEvent(data, event=event.type, id=str(event.seq), retry=wait_ms, sep="\n")
        await asyncio.sleep(0)  # a reader that has left is noticed between two events, not after all of them


def resume_point(last_event_id: str | None) -> int:
    """The line a client has seen last; InvalidInputError if it is no line number."""
    if not last_event_id:
        return 0
    if not last_event_id.isascii() or not last_event_id.isdigit() or len(last_event_id) > 9:
        raise InvalidInputError(f"Last-Event-ID {last_event_id!r} is not the id of an event of this stream")
    return int(last_event_id)
