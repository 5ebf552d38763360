"""QMSum's meetings (Zhong et al., NAACL 2021): `meeting_transcripts` is a list of `{speaker, content}`.

A turn's index is its index in the source, empty turns included, because the gold spans of the data set refer to it.
"""

from collections.abc import Mapping

from pydantic import BaseModel, ValidationError

from memory.transcripts.cleaning import clean, id_from_stem
from memory.transcripts.faults import UnreadableError, misfit
from memory.transcripts.model import Speaker, Transcript, Turn


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
    names = [clean(turn.speaker) for turn in said]
    if not any(names):
        raise UnreadableError(file, "no turn names a speaker: fill in 'speaker'", place="meeting_transcripts")
    if not any(clean(turn.content) for turn in said):
        raise UnreadableError(file, "nobody says a word: fill in 'content'", place="meeting_transcripts")
    cast = {name: Speaker(id=name or "unknown", name=name or "Unknown speaker 1") for name in names}
    turns = (
        Turn(i, cast[name].id, clean(turn.content)) for i, (name, turn) in enumerate(zip(names, said, strict=True))
    )
    return (
        Transcript(
            id=id_from_stem(stem, file),
            title=clean(stem),
            speakers=tuple(cast.values()),
            turns=tuple(turns),
            account=account,
        ),
    )
