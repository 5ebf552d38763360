"""QMSum's meetings (Zhong et al., NAACL 2021): `meeting_transcripts` is a list of `{speaker, content}`.

A turn's index is its index in the source, empty turns included, because the gold spans of the data set refer to it.
"""

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ValidationError

from memory.transcripts.cleaning import apart, clean, clean_name, clean_title, id_from_stem, numbered, unknown_speaker
from memory.transcripts.faults import UnreadableError, misfit
from memory.transcripts.model import NAMELESS_ID, Speaker, Transcript, Turn


class Said(BaseModel):
    """A turn of a meeting."""

    speaker: str
    content: str


class Meeting(BaseModel):
    """A file; its questions and gold answers are no part of the conversation."""

    meeting_transcripts: tuple[Said, ...]


def read(document: Mapping[str, object], *, file: str, stem: str, account: str | None = None) -> tuple[Transcript, ...]:
    """The meeting; id and title come from the file's name. UnreadableError names the path of what does not fit."""
    try:
        said = Meeting.model_validate(document).meeting_transcripts
    except ValidationError as error:
        raise misfit(file, error, "give each turn a speaker and a content") from None
    if not any(clean_name(turn.speaker) for turn in said):
        raise UnreadableError(file, "no turn names a speaker: fill in 'speaker'", place="meeting_transcripts")
    if not any(clean(turn.content) for turn in said):
        raise UnreadableError(file, "nobody says a word: fill in 'content'", place="meeting_transcripts")
    cast = _cast([turn.speaker for turn in said])
    turns = (Turn(index, cast[turn.speaker].id, clean(turn.content)) for index, turn in enumerate(said))
    return (
        Transcript(
            id=id_from_stem(stem, file),
            title=clean_title(stem) or id_from_stem(stem, file),
            speakers=tuple(dict.fromkeys(cast.values())),
            turns=tuple(turns),
            account=account,
        ),
    )


def _cast(spellings: Sequence[str]) -> dict[str, Speaker]:
    """Speakers by the name as the source spells it; those without a visible one are one nameless person."""
    names = {spelling: clean_name(spelling) for spelling in spellings}
    nameless = Speaker(id=NAMELESS_ID, name=unknown_speaker(names.values()))
    ids = {NAMELESS_ID}
    shown = {nameless.name}
    cast: dict[str, Speaker] = {}
    for spelling, name in names.items():
        own = numbered(name, ids) if name else NAMELESS_ID
        ids.add(own)
        cast[spelling] = Speaker(id=own, name=apart(name, shown)) if name else nameless
        shown.add(cast[spelling].name)
    return cast
