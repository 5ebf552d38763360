"""What the chat API takes and gives."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.runs.events import Answered
from api.runs.run import Status, WhenBusy

Id = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Question(BaseModel):
    """A question on a thread; without `thread` a new one is opened."""

    model_config = ConfigDict(extra="forbid")

    question: str
    thread: Id | None = None
    calls: list[Id] = Field(
        default=[], max_length=100, description="Ids of the documents the question is about; default: all"
    )
    when_busy: WhenBusy = WhenBusy.ENQUEUE
    deadline_s: float | None = Field(
        default=None,
        gt=0,
        description="Seconds from now after which the answer is of no use: the run then ends with E_DEADLINE. "
        "SOPHIA_RUN_TIMEOUT_S is the most that a run takes by itself",
    )


class RunView(BaseModel):
    """A run as its owner sees it."""

    id: str
    thread: str
    position: int
    question: str
    status: Status
    accepted_at: datetime
    ended_at: datetime | None
    error: str | None
    answer: Answered | None
    withheld: str | None = Field(
        default=None, description="Why an answer that was given is not shown: what it rests on may no longer be read"
    )


class CancelledView(BaseModel):
    """A run that was called off."""

    id: str
    thread: str
    status: Status
    ended_at: datetime | None


class ThreadView(BaseModel):
    """A conversation in a list."""

    id: str
    title: str
    created_at: datetime


class ThreadHistory(BaseModel):
    """A conversation with its runs in order."""

    id: str
    runs: list[RunView]


class CitedTurn(BaseModel):
    """A turn as it stands in the document."""

    turn: int
    speaker: str
    role: str | None
    at: str | None
    part: str | None = Field(default=None, description="What the turn is of a text that nobody spoke, as 'reason'")
    text: str
    cited: bool


class SourceView(BaseModel):
    """What a citation points at, in its place."""

    id: str
    document: str
    title: str
    held: datetime | None
    content_hash: str
    current: bool = Field(description="False when the document has been edited since the answer was given")
    turns: tuple[int, int]
    span: tuple[int, int]
    quote: str = Field(description="The characters of the span")
    context: list[CitedTurn] = Field(description="The cited turns with two before and two behind them")


class DocumentView(BaseModel):
    """A document in the catalogue."""

    id: str
    title: str
    held: datetime | None
    account: str | None
    label: str
    readers: list[str]
    speakers: list[str]
    turns: int


class SpeakerView(BaseModel):
    """A speaker of a document."""

    name: str
    role: str | None
    title: str | None
    turns: int


class SpeakersView(BaseModel):
    """The speakers of a document, and the groups of names that may be one person's."""

    speakers: list[SpeakerView]
    may_be_one: list[list[str]]


class SameSpeaker(BaseModel):
    """The other names of a speaker, and the one that stays."""

    model_config = ConfigDict(extra="forbid")

    names: list[str] = Field(min_length=1, max_length=100)
    name: str


class AccessChange(BaseModel):
    """Who may read a document from now on; what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    label: str | None = None
    readers: list[str] | None = Field(
        default=None, min_length=1, max_length=100, description="everyone, user:<name>, group:<name>"
    )


class AccessView(BaseModel):
    """Who may read a document."""

    id: str
    label: str
    readers: list[str]


class IngestedView(BaseModel):
    """What became of one document of an upload."""

    document: str | None
    outcome: str = Field(description="added, replaced, unchanged or failed")
    reason: str | None = None


class NewKey(BaseModel):
    """Whom a key stands for, and what it may do."""

    model_config = ConfigDict(extra="forbid")

    user: Id
    roles: list[str] = ["ask"]
    groups: list[str] = []
    clearance: str = "internal"


class HolderView(BaseModel):
    """Somebody who holds keys; the rights are those of the newest."""

    user: str
    roles: list[str]
    groups: list[str]
    clearance: str
    keys: int = Field(description="How many keys there are that are not revoked")
    newest_at: datetime


class KeyView(BaseModel):
    """A new key. It is shown this once."""

    key: str
    user: str
    tenant: str
