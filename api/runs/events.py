"""The lines of a run's event log: their names and payloads are public, and documented in docs/events.md.

A client renders `sentence` events as they come and trusts `answer` for the whole. A `run.started` whose `attempt` is
above 1 means that an earlier attempt was cut off: forget the sentences seen before it; they come again.
"""

from typing import ClassVar

from pydantic import BaseModel, Field


class Payload(BaseModel):
    """The data of an event; `type` is the event's name on the wire."""

    type: ClassVar[str]


class RunAccepted(Payload):
    """The question is stored and will be answered, whatever happens to this connection."""

    type = "run.accepted"
    run: str
    thread: str
    position: int = Field(description="The run's place in its thread, counted from 1")


class RunStarted(Payload):
    """An executor has begun, or has taken the run over from one that stopped."""

    type = "run.started"
    attempt: int


class PlannedTask(BaseModel):
    """One specialist's share of the question."""

    specialist: str
    question: str
    confidence: float


class Planned(Payload):
    """Which specialists will answer which part; empty when the question is out of scope."""

    type = "plan"
    tasks: list[PlannedTask]


class SourceRef(BaseModel):
    """What a `[n]` in a sentence stands for; `GET` the `url` to read it in its place."""

    n: int = Field(description="The number in square brackets")
    id: str
    url: str
    document: str
    content_hash: str
    title: str
    turns: tuple[int, int] = Field(description="First and last turn, both included, counted from 0")
    span: tuple[int, int] = Field(description="Half-open character range in the document's text")
    speaker: str | None = None
    at: str | None = Field(default=None, description="Time in the call, mm:ss")
    part: str | None = Field(default=None, description="What the turn is of a text that nobody spoke, as 'reason'")


class ChangeRef(BaseModel):
    """How a figure differs from the same one of an earlier period."""

    before: float
    delta: float
    relative: float | None = Field(description="Delta over before: 0.04 for 4 %; null where there was nothing before")
    direction: str = Field(description="up, down or flat")
    text: str
    against: str = Field(description="The period compared with")


class FigureRef(BaseModel):
    """A number in a sentence, with the query that gave it."""

    metric: str
    value: float
    unit: str
    text: str
    subject: str
    query: str
    as_of: str
    title: str | None = Field(default=None, description="The metric in words")
    parameters: dict[str, str] = Field(default_factory=dict, description="What the query was asked with")
    period: str | None = Field(default=None, description="What it was measured over")
    change: ChangeRef | None = None
    query_hash: str | None = Field(default=None, description="Over metric, parameters, as-of and query")


class SentenceWritten(Payload):
    """One finished, checked sentence of the answer, with the sources its numbers refer to."""

    type = "sentence"
    index: int
    text: str
    sources: list[SourceRef]
    figures: list[FigureRef]


class SentenceWithheld(Payload):
    """A drafted sentence failed the citation check and is not shown."""

    type = "withheld"
    reason: str


class Answered(Payload):
    """The whole answer."""

    type = "answer"
    text: str
    sources: list[SourceRef]
    figures: list[FigureRef]
    specialists: list[str]
    answered: bool = Field(description="False when nothing in the material answers the question, or it is out of scope")
    withheld: int = Field(description="How many drafted sentences failed the citation check")
    label: str = Field(description="The highest label of what entered the answer")
    documents: list[str] = Field(default=[], description="Ids of the documents it rests on, those of its figures too")


class RunCompleted(Payload):
    """The run has ended well; the log is closed."""

    type = "run.completed"
    seconds: float


class RunFailed(Payload):
    """The run has ended without an answer; the log is closed. `code` is one of docs/errors.md."""

    type = "run.failed"
    code: str
    message: str


class RunCancelled(Payload):
    """Somebody who may do so has called the question off; the log is closed."""

    type = "run.cancelled"
    by: str = Field(description="Who did, as tenant and user")


class ServerClosing(Payload):
    """The server stops before the run has ended. This is on the stream, not in the log.

    The run goes on where a server is started again: ask that one for the lines behind `last_event_id`.
    """

    type = "server.closing"
    run: str
    last_event_id: int = Field(description="The last line that this stream has sent; send it as `Last-Event-ID`")
    retry_after: int = Field(description="Seconds after which it is worth trying")


EVENTS: tuple[type[Payload], ...] = (
    RunAccepted,
    RunStarted,
    Planned,
    SentenceWritten,
    SentenceWithheld,
    Answered,
    RunCompleted,
    RunFailed,
    RunCancelled,
    ServerClosing,
)
LAST = frozenset({RunCompleted.type, RunFailed.type, RunCancelled.type})
