"""Pieces of speech, as captions and tables give them, put together into a conversation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from memory.transcripts.cleaning import apart, clean, clean_name, clean_title, id_from_stem, numbered, unknown_speaker
from memory.transcripts.faults import UnreadableError
from memory.transcripts.model import NAMELESS_ID, Properties, Speaker, Transcript, Turn


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of one speaker, None where the source does not say whose; `line` is where the file says when.

    Times are milliseconds from the start of the conversation. `role` is "seller", "buyer" or None.
    """

    line: int
    speaker: str | None
    words: str
    start_ms: int | None = None
    end_ms: int | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a conversation comes from: the file as it is named in messages, its name's stem, whom the call is with, and the
    folder that the file lies in, if the file is named without.
    """

    file: str
    stem: str
    account: str | None = None
    folder: str | None = None

    def fault(self, line: int, reason: str) -> UnreadableError:
        """What is wrong in a line of the file."""
        return UnreadableError(self.file, reason, place=f"line {line}")


def conversation(
    pieces: Sequence[Piece], origin: Origin, *, name: str | None = None, properties: Properties = ()
) -> Transcript:
    """The pieces in turns: what one speaker says without another beginning is one. Pieces without words are left out.

    `name` gives id and title in place of the file's. Letters' case tells no speakers apart. UnreadableError where nobody
    says a word or nobody is named, for a time before that of an earlier piece, and for an end before its start.
    """
    spoken = [piece for piece in pieces if clean(piece.words)]
    first = pieces[0].line if pieces else 1
    if not spoken:
        raise origin.fault(first, "nobody says a word: export the conversation once it is transcribed")
    if not any(clean_name(piece.speaker or "") for piece in spoken):
        raise origin.fault(first, "no speaker is named: name who speaks, or nobody can be quoted")
    _check_times(pieces, origin)
    cast = _cast(spoken, origin)
    named = name or origin.stem
    return Transcript(
        id=id_from_stem(named, origin.file),
        title=clean_title(named) or id_from_stem(named, origin.file),
        speakers=tuple(cast.values()),
        turns=tuple(_turns(spoken, cast)),
        account=origin.account,
        properties=properties,
    )


def _check_times(pieces: Iterable[Piece], origin: Origin) -> None:
    latest = 0
    for piece in pieces:
        if piece.start_ms is None:
            continue
        if piece.start_ms < latest:
            raise origin.fault(
                piece.line, "it begins before what stands above it: put them in the order of their times"
            )
        if piece.end_ms is not None and piece.end_ms < piece.start_ms:
            raise origin.fault(piece.line, "it ends before it begins: correct the times, or export the file again")
        latest = piece.start_ms


def _key(piece: Piece) -> str:
    return clean_name(piece.speaker or "").casefold()


def _cast(pieces: Iterable[Piece], origin: Origin) -> dict[str, Speaker]:
    """Speakers by their names without case, in the order in which they begin; those without a name are one."""
    spellings: dict[str, str] = {}
    roles: dict[str, str] = {}
    for piece in pieces:
        key = _key(piece)
        spellings.setdefault(key, clean_name(piece.speaker or ""))
        if piece.role and key and roles.setdefault(key, piece.role) != piece.role:
            raise origin.fault(
                piece.line, f"{spellings[key]!r} is the {piece.role} here and the {roles[key]} above: keep one"
            )
    cast: dict[str, Speaker] = {}
    ids, shown = {NAMELESS_ID}, {unknown_speaker(spellings.values())}
    (nameless,) = shown
    for key, spelling in spellings.items():
        own = numbered(spelling, ids) if key else NAMELESS_ID
        cast[key] = Speaker(own, apart(spelling, shown) if key else nameless, roles.get(key))
        ids.add(own)
        shown.add(cast[key].name)
    return cast


def _turns(pieces: Iterable[Piece], cast: dict[str, Speaker]) -> Iterable[Turn]:
    index, held = 0, list[Piece]()
    for piece in pieces:
        if held and _key(held[0]) != _key(piece):
            yield _turn(index, held, cast)
            index, held = index + 1, []
        held.append(piece)
    yield _turn(index, held, cast)


def _turn(index: int, pieces: Sequence[Piece], cast: dict[str, Speaker]) -> Turn:
    return Turn(
        index,
        cast[_key(pieces[0])].id,
        " ".join(clean(piece.words) for piece in pieces),
        next((piece.start_ms for piece in pieces if piece.start_ms is not None), None),
        max((piece.end_ms for piece in pieces if piece.end_ms is not None), default=None),
    )
