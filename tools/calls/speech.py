"""Who spoke how long, without counting a listener's "mm-hm" as a turn of the conversation."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from memory.transcripts.model import Speaker, Transcript, Turn
from tools.calls.pace import syllables

SELLER, BUYER = "seller", "buyer"

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_BACK_CHANNEL = frozenset(
    [
        "mm",
        "mmm",
        "hm",
        "hmm",
        "mhm",
        "mm-hm",
        "mm-hmm",
        "mhmm",
        "uh-huh",
        "uhhuh",
        "huh",
        "yeah",
        "yep",
        "yup",
        "yes",
        "ya",
        "right",
        "okay",
        "ok",
        "sure",
        "exactly",
        "totally",
        "absolutely",
        "definitely",
        "cool",
        "great",
        "nice",
        "good",
        "wow",
        "oh",
        "ah",
        "aha",
        "really",
        "true",
        "fair",
        "indeed",
        "correct",
        "perfect",
        "gotcha",
        "got",
        "it",
        "i",
        "see",
        "no",
        "of",
        "course",
        "for",
        "that's",
        "that",
        "makes",
        "sense",
        "understood",
        "interesting",
        "lovely",
        "thanks",
        "thank",
        "you",
    ]
)
LONGEST_BACK_CHANNEL = 3


class Basis(StrEnum):
    """What speech is measured in."""

    TIME = "time"
    WORDS = "words"
    SYLLABLES = "syllables"


@dataclass(frozen=True, slots=True)
class Party:
    """One person, or one side of the call."""

    name: str
    speakers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Stretch:
    """What one speaker says from one turn to another while nobody else does more than listen; seconds or words."""

    speaker: str
    turns: tuple[int, int]
    amount: float


def basis_of(transcript: Transcript) -> Basis:
    """Time if every turn has a beginning and an end, words otherwise."""
    timed = all(turn.start_ms is not None and turn.end_ms is not None for turn in transcript.turns)
    return Basis.TIME if timed and transcript.turns else Basis.WORDS


def share_basis_of(transcript: Transcript) -> Basis:
    """Time where it is known; else syllables, whose shares are nearer to those of time than the shares of words."""
    return Basis.TIME if basis_of(transcript) is Basis.TIME else Basis.SYLLABLES


def side(transcript: Transcript, role: str) -> Party:
    """Everybody who is known to be on this side and speaks."""
    speakers = frozenset(speaker.id for speaker in spoke(transcript) if speaker.role == role)
    return Party("Sellers" if role == SELLER else "Buyers", speakers)


def person(speaker: Speaker) -> Party:
    """One speaker."""
    return Party(speaker.name, frozenset({speaker.id}))


def spoke(transcript: Transcript) -> tuple[Speaker, ...]:
    """The speakers who say something, in the order of the cast."""
    heard = {turn.speaker for turn in transcript.turns}
    return tuple(speaker for speaker in transcript.speakers if speaker.id in heard)


def spoken(transcript: Transcript, speakers: Iterable[str], basis: Basis) -> float:
    """How long these people speak, summed over people: seconds, words or syllables (with pauses).

    Turns of one person that overlap are counted once; two people who speak at once both speak.
    """
    return sum(_spoken_by(transcript, speaker, basis) for speaker in speakers)


def _spoken_by(transcript: Transcript, speaker: str, basis: Basis) -> float:
    mine = [turn for turn in transcript.turns if turn.speaker == speaker]
    if basis is not Basis.TIME:
        measure = words if basis is Basis.WORDS else syllables
        return float(sum(measure(turn.text) for turn in mine))
    total, until = 0.0, 0
    for start, end in sorted(map(times, mine)):
        total += max(0, end - max(start, until))
        until = max(until, end)
    return total / 1000


def extent(transcript: Transcript, basis: Basis) -> float:
    """From the first word of the call to the last: seconds; or how many words there are."""
    if basis is Basis.WORDS:
        return float(sum(words(turn.text) for turn in transcript.turns))
    starts, ends = zip(*map(times, transcript.turns), strict=True)
    return float(max(ends) - min(starts)) / 1000


def floor_turns(transcript: Transcript) -> Iterator[Turn]:
    """The turns that take the floor: all but back-channels, which break no monologue and answer nobody."""
    before: Turn | None = None
    for turn in transcript.turns:
        if before is None or not is_back_channel(turn, before):
            before = turn
            yield turn


def is_back_channel(turn: Turn, before: Turn) -> bool:
    """Whether a listener only shows that he listens: up to three such words, not after a question, asking none.

    `before` is the turn that has the floor. "Right." after a statement is one; after a question it is an answer.
    """
    said = [word.lower().replace("’", "'") for word in _WORD.findall(turn.text)]
    return (
        turn.speaker != before.speaker
        and 0 < len(said) <= LONGEST_BACK_CHANNEL
        and _BACK_CHANNEL.issuperset(said)
        and "?" not in turn.text
        and not before.text.rstrip().endswith("?")
    )


def stretches(transcript: Transcript, basis: Basis) -> list[Stretch]:
    """The conversation as stretches: a speaker's successive turns are one, whatever back-channels fall between."""
    found: list[Stretch] = []
    for turn in floor_turns(transcript):
        amount = float(words(turn.text)) if basis is Basis.WORDS else (times(turn)[1] - times(turn)[0]) / 1000
        if found and found[-1].speaker == turn.speaker:
            last = found[-1]
            found[-1] = Stretch(turn.speaker, (last.turns[0], turn.index), last.amount + amount)
        else:
            found.append(Stretch(turn.speaker, (turn.index, turn.index), amount))
    return found


def times(turn: Turn) -> tuple[int, int]:
    """Beginning and end in milliseconds, of a turn that has both."""
    assert turn.start_ms is not None
    assert turn.end_ms is not None
    return turn.start_ms, turn.end_ms


def words(text: str) -> int:
    """How many words there are."""
    return len(_WORD.findall(text))
