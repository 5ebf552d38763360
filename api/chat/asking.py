"""Putting a question: the one way in for HTTP and for the command line."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from api.runs.executor import Executor
from api.runs.journal import RETRY_AFTER_S, Journal
from api.runs.run import Event, Run, Status, WhenBusy
from api.runs.store import Runs
from api.security.keys import ASK, require
from core import telemetry
from core.errors import ClosingError, InvalidInputError, NotFoundError, TooLargeError
from core.identity import Principal
from memory.documents import Documents


@dataclass(frozen=True, slots=True)
class Asking:
    """Accepts questions and lets their answers be followed."""

    runs: Runs
    journal: Journal
    executor: Executor
    documents: Documents
    longest: int

    async def ask(
        self,
        question: str,
        *,
        principal: Principal,
        thread: str | None = None,
        calls: Sequence[str] = (),
        when_busy: WhenBusy = WhenBusy.ENQUEUE,
        within_s: float | None = None,
        at_once: int | None = None,
    ) -> Run:
        """Accepts the question; once this returns it will be answered even if nobody waits for it.

        The answer is wanted within `within_s` seconds, if that is given; `at_once` is how many unfinished questions the
        principal may have. InvalidInputError for an empty or overlong question, NotFoundError for a thread that is not the
        principal's and for a call that the principal may not read, RateLimitedError, and ClosingError while the server stops.
        """
        self.check_open()
        require(principal, ASK)
        await self._check_calls(calls, principal)
        run = await self.runs.accept(
            checked_question(question, self.longest),
            principal=principal,
            thread=thread,
            calls=calls,
            when_busy=when_busy,
            traceparent=telemetry.traceparent(),
            worker=self.executor.idle_worker,
            within=None if within_s is None else timedelta(seconds=within_s),
            at_once=at_once,
        )
        if run.status is Status.RUNNING:
            self.executor.begin(run)
        else:
            self.executor.wake(run)
        return run

    def check_open(self) -> None:
        """ClosingError while the server is about to stop."""
        if self.executor.draining:
            raise ClosingError("The server is about to stop: ask again in a moment", retry_after=RETRY_AFTER_S)

    async def cancel(self, run: str, *, principal: Principal) -> Run:
        """Calls a question off, wherever it stands; the run as it then is. NotFoundError, and EndedError for one that has ended."""
        cancelled = await self.journal.cancel(run, principal=principal)
        self.executor.stop(run)
        self.executor.wake()
        return cancelled

    async def close(self, grace_s: float) -> None:
        """Begins nothing more, waits `grace_s` seconds at most for the runs under way, and ends every stream with `server.closing`."""
        try:
            await self.executor.drain(grace_s)
        finally:
            self.journal.close()

    async def _check_calls(self, calls: Sequence[str], principal: Principal) -> None:
        readable = await self.documents.live(calls, principal) if calls else {}
        for call in calls:
            if call not in readable:
                raise NotFoundError(f"No document {call!r}: see GET /v1/documents for those you may read")

    def follow(self, run: str, *, after: int = 0, opening: Sequence[Event] = ()) -> AsyncGenerator[Event]:
        """The run's log behind `after`, until it is closed; `opening` is its beginning, where that is at hand."""
        return self.journal.follow(run, after=after, opening=opening)


def checked_question(question: str, longest: int) -> str:
    """The question without control characters and outer white space; InvalidInputError if nothing or too much is left."""
    try:
        question.encode()
    except UnicodeEncodeError as error:
        raise InvalidInputError(
            f"The question is not valid text: character {error.start} is half a surrogate pair"
        ) from None
    text = "".join(c if c.isprintable() or c.isspace() else " " for c in question).strip()
    if not text:
        raise InvalidInputError("The question is empty: ask something, such as 'What did they object to?'")
    if len(text) > longest:
        raise TooLargeError(
            f"The question has {len(text):,} characters; the limit is {longest:,} (SOPHIA_MAX_QUESTION_CHARS)"
        )
    return text
