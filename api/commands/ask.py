"""Ask a question and read the answer with its sources."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass
from functools import partial
from typing import Any

import click

from api.client import connect
from api.embedded import server_or_here
from api.owner import Owner
from api.runs.events import Answered, RunAccepted, RunCancelled, RunFailed, SentenceWithheld, SentenceWritten
from api.runs.run import Event
from api.security.keys import local_owner
from api.settings import Settings, load_settings
from api.terminal import tell, tell_json
from core.errors import ConflictError, InvalidInputError, RunCancelledError, UnavailableError, revived


@click.command()
@click.argument("question")
@click.option("--thread", metavar="ID", help="Go on with this conversation.")
@click.option("--call", "calls", metavar="ID", multiple=True, help="Ask about this document only; may be repeated.")
@click.option(
    "--within",
    "within_s",
    metavar="SECONDS",
    type=click.FloatRange(min=0, min_open=True),
    help="Give up after so long.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the whole answer as one JSON object.")
def command(question: str, thread: str | None, calls: tuple[str, ...], within_s: float | None, as_json: bool) -> None:
    """Ask QUESTION and read the answer with its sources.

    Use `-` to read the question from standard input. Beside a running server the question goes through it. Ctrl-C leaves,
    and asks whether to cancel the question, which otherwise is still answered.
    """
    if question == "-":
        question = _standard_input()
    asyncio.run(_ask(load_settings(), question, thread, calls, within_s, as_json))


def _standard_input() -> str:
    raw = sys.stdin.buffer.read()
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"The question is not UTF-8: byte {error.start} is {raw[error.start]:#04x}") from None


async def _ask(
    settings: Settings, question: str, thread: str | None, calls: Sequence[str], within_s: float | None, as_json: bool
) -> None:
    async with AsyncExitStack() as stack:
        reached = await server_or_here(settings, stack)
        if isinstance(reached, Owner):
            client = await stack.enter_async_context(connect(reached))
            asked = client.ask(question, thread=thread, calls=calls, within_s=within_s)
            events = await stack.enter_async_context(aclosing(asked))
            await show_or_cancel(events, as_json, cancel=client.cancel)
            return
        principal = local_owner(settings.tenant)
        run = await reached.asking.ask(question, principal=principal, thread=thread, calls=calls, within_s=within_s)
        cancel = partial(reached.asking.cancel, principal=principal)
        async with aclosing(reached.asking.follow(run.id)) as followed:
            await show_or_cancel(followed, as_json, cancel=cancel)


@dataclass
class Asked:
    """The run that a question became, once it is accepted."""

    run: str | None = None


def _wants_to_cancel() -> bool:
    """Asks whoever sits at the terminal; nobody there, and no answer, leave the question as it is."""
    if not sys.stdin.isatty():
        return False
    tell(err=True)
    return click.confirm("Cancel the question? It is answered otherwise, see sophia threads", err=True)


async def show_or_cancel(
    events: AsyncIterator[Event],
    as_json: bool,
    *,
    cancel: Callable[[str], Awaitable[object]],
    wanted: Callable[[], bool] = _wants_to_cancel,
) -> None:
    """As `show`. Whoever interrupts it is asked whether the question, once it is accepted, is `wanted` to be cancelled."""
    asked = Asked()
    try:
        await show(events, as_json, asked)
    except asyncio.CancelledError:
        if asked.run and wanted():
            with contextlib.suppress(ConflictError):
                await cancel(asked.run)
            tell("Cancelled", err=True)
        raise


async def show(events: AsyncIterator[Event], as_json: bool, asked: Asked | None = None) -> None:
    """Prints a run's events as they come: sentences, then the sources; or the whole answer as JSON. Raises its failure.
    Notes in `asked` which run it is.

    UnavailableError when the events end without an answer.
    """
    accepted: dict[str, Any] = {}
    async for event in events:
        if event.type == RunFailed.type:
            raise revived(event.payload["code"], event.payload["message"])
        if event.type == RunCancelled.type:
            raise RunCancelledError(f"The question was cancelled by {event.payload['by']}")
        if event.type == RunAccepted.type:
            accepted = event.payload
            if asked:
                asked.run = accepted["run"]
        elif event.type == Answered.type:
            _show_answer(accepted, event.payload, as_json)
            return
        elif not as_json:
            _show_progress(event)
    raise UnavailableError(
        f"The server stopped before the answer was whole: it goes on at its next start, see GET /v1/runs/{accepted['run']}"
        if accepted
        else "The server stopped before it took the question: ask again"
    )


def _show_progress(event: Event) -> None:
    if event.type == SentenceWritten.type:
        tell(event.payload["text"])
    elif event.type == SentenceWithheld.type:
        tell(f"(a sentence was withheld: {event.payload['reason']})", dim=True, err=True)


def _show_answer(accepted: dict[str, Any], answer: dict[str, Any], as_json: bool) -> None:
    if as_json:
        tell_json({"thread": accepted["thread"], "run": accepted["run"], **answer})
        return
    if answer["sources"]:
        tell()
        tell("Sources")
        for source in answer["sources"]:
            tell(f"  [{source['n']}] {describe_source(source)}")
    if answer["figures"]:
        tell()
        tell("Figures")
        for figure in answer["figures"]:
            tell(f"  {describe_figure(figure)}")
    tell()
    if answer["sources"]:
        tell(f"Read a source in its place: sophia sources {accepted['run']} {answer['sources'][0]['n']}", dim=True)
    tell(f'Go on with: sophia ask --thread {accepted["thread"]} "…"', dim=True)


def describe_figure(figure: dict[str, Any]) -> str:
    """`$1.44M  pipeline value, 2026-03-20, by pipeline_value(…)`."""
    title = figure.get("title") or figure["metric"].replace("_", " ")
    told = (title, figure["subject"], figure.get("period"))
    return f"{figure['text']}  {', '.join(filter(None, told))}, by {figure['query']}"


def describe_source(source: dict[str, Any]) -> str:
    """`Title, 12:04, turn 41`; of a text that nobody spoke `Title, reason`."""
    first, last = source["turns"]
    turns = f"turn {first}" if first == last else f"turns {first}-{last}"
    return ", ".join(part for part in (source["title"], source["at"], source.get("part") or turns) if part)
