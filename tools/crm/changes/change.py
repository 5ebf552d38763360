"""A change of one field of one record, as a call gives reason for it; and what speaks against making it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.identity import Label
from core.plans import Json
from memory.crm.edits import How
from models.evidence import Source, highest


class Side(StrEnum):
    """Who changed a field since, or beside, what a call says."""

    PERSON = "person"
    SYNC = "sync"


@dataclass(frozen=True, slots=True)
class Said:
    """A value that a call gives for a field, with the words that give it. `why` says how they were understood."""

    value: Json
    quote: Source
    confidence: float
    why: str

    @property
    def by(self) -> str:
        """Who said it."""
        return self.quote.utterances[0].speaker

    @property
    def turn(self) -> int:
        """The turn of the call in which it was said."""
        return self.quote.utterances[0].turn

    @property
    def words(self) -> str:
        """The exact words."""
        return self.quote.utterances[0].text


@dataclass(frozen=True, slots=True)
class Conflict:
    """Why a person must choose: the CRM's side was changed after the call, or after Sophia's own last change of it."""

    side: Side
    since: date
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What should read otherwise in the CRM. `now` is what it reads, `said` what a call says; the newest call wins.

    `record` is the id of a record that there is, or of the one that is created, with these other `values`. `earlier` is what
    earlier calls said otherwise. A change with a `conflict` is shown, and planned only when it is asked for by the name of its field. One that
    rests on a call `narrowed` to some readers is shown to them and never planned: others would read of it in the CRM.
    """

    table: str
    record: str
    title: str
    field: str
    now: Json
    said: Said
    label: Label
    day: date
    how: How = How.UPDATE
    account: str | None = None
    earlier: tuple[Said, ...] = ()
    conflict: Conflict | None = None
    narrowed: bool = False
    values: tuple[tuple[str, Json], ...] = ()

    @property
    def rests_on(self) -> Label:
        """The highest label of the record and of the words."""
        return highest([self.label, self.said.quote.label, *(one.quote.label for one in self.earlier)])
