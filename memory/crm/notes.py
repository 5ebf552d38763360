"""What people noted in the CRM, as conversations of one turn that can be cited, opened and held against rights."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from core.errors import NotFoundError
from core.identity import Label, Principal
from memory.crm.base import Crm
from memory.crm.records import Activity
from memory.transcripts.model import Speaker, Transcript, Turn

PREFIX = "crm:activities:"
UNKNOWN = "CRM"


@dataclass(frozen=True, slots=True)
class Note:
    """An activity with words: what citations of it point into, and how secret it is."""

    transcript: Transcript
    label: Label
    day: date
    account: str | None


class Notes:
    """The notes of the CRM's activities. The CRM keeps no earlier wording: a citation of one that changed opens nothing."""

    def __init__(self, crm: Crm) -> None:
        self._crm = crm

    async def between(self, first: date, last: date, principal: Principal) -> list[Note]:
        """The notes of these days that the principal may read, by day."""
        found = await self._crm.find(Activity, principal)
        notes = [_note(one) for one in found if first <= one.day <= last and (one.text or "").strip()]
        return sorted(notes, key=lambda note: (note.day, note.transcript.id))

    async def readable(self, ids: Collection[str], principal: Principal) -> dict[str, set[str]]:
        """The version of each of these notes that the principal may read now."""
        return {id_: {version} for id_, version in (await self.live(ids, principal)).items()}

    async def live(self, ids: Collection[str], principal: Principal) -> dict[str, str]:
        """The present version of each of these notes that the principal may read."""
        records = [id_.removeprefix(PREFIX) for id_ in ids if id_.startswith(PREFIX)]
        found = await self._crm.find(Activity, principal, records) if records else []
        return {note.id: note.content_hash for note in (_note(one).transcript for one in found if one.text)}

    async def transcript(self, document: str, principal: Principal, version: str | None = None) -> Transcript:
        """The note; NotFoundError for one that there is not, that may not be read, or that reads otherwise by now."""
        found = await self._crm.find(Activity, principal, [document.removeprefix(PREFIX)])
        notes = [_note(one).transcript for one in found if one.text]
        if not notes or version not in (None, notes[0].content_hash):
            raise NotFoundError(f"No document {document!r}: the CRM holds no such note, or it reads otherwise by now")
        return notes[0]


def _note(activity: Activity) -> Note:
    who = Speaker("owner", activity.owner or UNKNOWN)
    title = f"CRM {activity.type}, {activity.subject}" if activity.subject else f"CRM {activity.type}"
    transcript = Transcript(
        id=f"{PREFIX}{activity.id}",
        title=title,
        speakers=(who,),
        turns=(Turn(0, who.id, " ".join((activity.text or "").split())),),
        held=datetime.combine(activity.day, time(12), tzinfo=UTC),
        account=activity.account,
    )
    return Note(transcript, activity.label, activity.day, activity.account)
