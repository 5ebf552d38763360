"""Gong's transcripts: the response of `/v2/calls/transcript`, alone or with the `calls` of `/v2/calls/extensive`, and the
other shapes in which such calls are published (`gong_exports.py`).

One monologue is one turn, its sentences joined by one space. Monologues are ordered by their start, so that people who
interrupt each other stand in the order in which they began.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, ValidationError, field_validator
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError
from pydantic_core.core_schema import ValidationInfo

from memory.transcripts.cleaning import LONGEST_ID, apart, clean, clean_name, clean_title, numbered, unknown_speakers
from memory.transcripts.faults import UnreadableError, misfit
from memory.transcripts.gong_exports import Gathered
from memory.transcripts.model import NAMELESS_ID, Speaker, Transcript, Turn

ROLES = {"Internal": "seller", "External": "buyer"}
REMEDY = "correct it, or export the call from Gong again"

T = TypeVar("T")
Many = Annotated[tuple[T, ...], BeforeValidator(lambda value: () if value is None else value)]
"""A list that Gong may leave out or send as null."""


class _Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, coerce_numbers_to_str=True, frozen=True)


class Sentence(_Wire):
    """What is said between two moments, in milliseconds from the start of the call."""

    start: int = Field(ge=0)
    end: int
    text: str

    @field_validator("end")
    @classmethod
    def _after_start(cls, end: int, info: ValidationInfo) -> int:
        start = info.data.get("start", end)
        if end < start:
            raise PydanticCustomError(
                "backwards",
                "the sentence ends at {end} ms, before its start at {start} ms",
                {"end": end, "start": start},
            )
        return end


class Monologue(_Wire):
    """What one speaker says without another beginning."""

    speaker_id: str | None = None
    topic: str | None = None
    sentences: Many[Sentence] = ()

    @property
    def start(self) -> int | None:
        return min((sentence.start for sentence in self.sentences), default=None)

    @property
    def end(self) -> int | None:
        return max((sentence.end for sentence in self.sentences), default=None)


class CallTranscript(_Wire):
    """The monologues of one call."""

    call_id: str = Field(pattern=rf"^[\w.:-]{{1,{LONGEST_ID}}}$")
    transcript: Many[Monologue] = ()


class MetaData(_Wire):
    """What Gong knows of a call; the duration is in seconds."""

    id: str
    title: str | None = None
    started: datetime | None = None
    duration: int | None = Field(default=None, ge=0)
    url: str | None = None
    primary_user_id: str | None = None
    direction: str | None = None
    scope: str | None = None
    system: str | None = None
    media: str | None = None
    language: str | None = None


class ContextField(_Wire):
    """A field of a record in the CRM."""

    name: str | None = None
    value: JsonValue = None


class ContextObject(_Wire):
    """A record in the CRM that Gong linked to the call."""

    object_type: str | None = None
    fields: Many[ContextField] = ()

    def value(self, name: str) -> str | None:
        """The text of the field with this name, in any case."""
        found = (field.value for field in self.fields if (field.name or "").casefold() == name.casefold())
        return next((clean(value) for value in found if isinstance(value, str) and clean(value)), None)


class Context(_Wire):
    """The links of a call to one outside system."""

    objects: Many[ContextObject] = ()


class Party(_Wire):
    """Someone invited to a call, or heard in it."""

    speaker_id: str | None = None
    name: str | None = None
    title: str | None = None
    user_id: str | None = None
    affiliation: str | None = None


class Call(_Wire):
    """One of `calls`: what `/v2/calls/extensive` says of a call."""

    meta_data: MetaData
    context: Many[Context] = ()
    parties: Many[Party] = ()

    def linked(self, kind: str, field: str = "Name") -> str | None:
        """A field of the first linked record of this kind, such as the name of the Account."""
        records = (record for context in self.context for record in context.objects if record.object_type == kind)
        return next((value for record in records if (value := record.value(field))), None)


class Export(_Wire):
    """A file: transcripts, and where it has them the details of the calls."""

    call_transcripts: Many[CallTranscript]
    calls: Many[Call] = ()


def read(gathered: Gathered, *, file: str, account: str | None = None) -> tuple[Transcript, ...]:
    """Every call of the file. `account` is for calls that Gong links to none. UnreadableError names the path."""
    try:
        export = Export.model_validate(gathered.document)
    except ValidationError as error:
        raise misfit(file, error, REMEDY, path=gathered.place) from None
    if not export.call_transcripts:
        raise UnreadableError(file, f"it holds no call: {REMEDY}", place="callTranscripts")
    details = _details(export.calls)
    seen: set[str] = set()
    read_calls = []
    for position, call in enumerate(export.call_transcripts):
        place = gathered.place(("callTranscripts", position))
        if call.call_id in seen:
            raise UnreadableError(file, f"call {call.call_id!r} a second time: keep one", place=f"{place}.callId")
        seen.add(call.call_id)
        _check_spoken(call, file=file, place=f"{place}.transcript")
        read_calls.append(_transcript(call, details.get(call.call_id), account))
    return tuple(read_calls)


def _details(calls: Sequence[Call]) -> dict[str, Call]:
    """The details by call; of several for one call those that name its parties, else the last."""
    best: dict[str, Call] = {}
    for call in calls:
        known = best.get(call.meta_data.id)
        if known is None or call.parties or not known.parties:
            best[call.meta_data.id] = call
    return best


def _check_spoken(call: CallTranscript, *, file: str, place: str) -> None:
    if not any(clean(sentence.text) for said in call.transcript for sentence in said.sentences):
        raise UnreadableError(
            file, f"nobody says a word in call {call.call_id!r}: export it once Gong has transcribed it", place=place
        )
    if not any(said.speaker_id for said in call.transcript):
        raise UnreadableError(
            file, f"call {call.call_id!r} names no speaker: each monologue needs a speakerId", place=place
        )


def _transcript(call: CallTranscript, details: Call | None, account: str | None) -> Transcript:
    about = details.meta_data if details else MetaData(id=call.call_id)
    speakers = _speakers(call.transcript, details.parties if details else ())
    return Transcript(
        id=call.call_id,
        title=clean_title(about.title or "") or f"Call {call.call_id}",
        speakers=tuple(speakers.values()),
        turns=tuple(_turns(call.transcript, speakers)),
        held=_aware(about.started),
        duration_ms=None if about.duration is None else about.duration * 1000,
        account=(details.linked("Account") if details else None) or account,
        properties=_properties(about, details),
    )


def _aware(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def _speakers(monologues: Sequence[Monologue], parties: Sequence[Party]) -> dict[str | None, Speaker]:
    """Those who speak by the id that Gong gives them, in the order in which they begin.

    Their own ids are cleaned, and differ; so do the names of different people. One user with two ids has one name. Whom
    Gong does not name is `Unknown speaker 1`, `2`, …
    """
    known = {party.speaker_id: party for party in parties if party.speaker_id}
    nameless = unknown_speakers({clean_name(party.name or "") for party in parties})
    ids, shown = {NAMELESS_ID}, set[str]()
    by_user: dict[str, str] = {}
    speakers: dict[str | None, Speaker] = {}
    for id_ in (monologue.speaker_id or None for monologue in _by_start(monologues)):
        if id_ in speakers:
            continue
        party = known.get(id_ or "", Party())
        own_name = clean_name(party.name or "")
        name = by_user.get(party.user_id or "") or apart(own_name, shown) if own_name else next(nameless)
        shown.add(name)
        if party.user_id:
            by_user.setdefault(party.user_id, name)
        own = NAMELESS_ID if id_ is None else numbered(clean(id_) or NAMELESS_ID, ids)
        ids.add(own)
        speakers[id_] = Speaker(
            id=own,
            name=name,
            role=ROLES.get(party.affiliation or ""),
            title=clean_title(party.title or "") or None,
            user=party.user_id or None,
        )
    return speakers


def _turns(monologues: Sequence[Monologue], speakers: Mapping[str | None, Speaker]) -> Sequence[Turn]:
    return [
        Turn(
            index=index,
            speaker=speakers[said.speaker_id or None].id,
            text=" ".join(filter(None, (clean(part.text) for part in sorted(said.sentences, key=lambda s: s.start)))),
            start_ms=said.start,
            end_ms=said.end,
            topic=clean(said.topic or "") or None,
        )
        for index, said in enumerate(_by_start(monologues))
    ]


def _by_start(monologues: Sequence[Monologue]) -> Sequence[Monologue]:
    """In order of start; one without sentences stays behind the one before it."""
    keyed: list[tuple[int, Monologue]] = []
    for said in monologues:
        before = keyed[-1][0] if keyed else 0
        keyed.append((before if said.start is None else said.start, said))
    return [said for _, said in sorted(keyed, key=lambda pair: pair[0])]


def _properties(about: MetaData, details: Call | None) -> tuple[tuple[str, str], ...]:
    found = {
        "url": about.url,
        "host": about.primary_user_id,
        "direction": about.direction,
        "scope": about.scope,
        "system": about.system,
        "media": about.media,
        "language": about.language,
        "opportunity": details.linked("Opportunity") if details else None,
        "stage": details.linked("Opportunity", "StageName") if details else None,
    }
    return tuple((name, clean(value)) for name, value in found.items() if value and clean(value))
