"""Earnings-21 (Del Rio et al. 2021, CC BY-SA 4.0): earnings calls in words, and the seconds in which each speaker is heard."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from core.errors import InvalidInputError
from memory.transcripts.detect import read_file
from memory.transcripts.model import Transcript

FOLDER = Path("earnings21")
_SPEAKER = "SPEAKER"


@dataclass(frozen=True, slots=True)
class Call:
    """A call without times, and each speaker's seconds by the id that the speaker has in it."""

    transcript: Transcript
    seconds: Mapping[str, float]


def calls(data: Path) -> Iterator[Call]:
    """The calls whose speakers are the same in the words and in the times. InvalidInputError where the set is not there."""
    files = sorted((data / FOLDER / "transcripts" / "nlp_references").glob("*.nlp"))
    if not files:
        raise InvalidInputError(f"There are no transcripts under {FOLDER} in the folder that SOPHIA_EVAL_DATA names")
    for file in files:
        [transcript] = read_file(file)
        numbered = _seconds(data / FOLDER / "rttms" / f"{file.stem}.rttm")
        ids = {speaker.name.rpartition(" ")[2]: speaker.id for speaker in transcript.speakers}
        if ids.keys() == numbered.keys():
            yield Call(transcript, {ids[number]: heard for number, heard in numbered.items()})


def _seconds(file: Path) -> Mapping[str, float]:
    """By the speaker's number: type, file, channel, start, length, two blanks, number, two blanks."""
    total: defaultdict[str, float] = defaultdict(float)
    for line in file.read_text(encoding="utf-8").splitlines():
        kind, _file, _channel, _start, length, _, _, number, *_ = line.split()
        if kind == _SPEAKER:
            total[number] += float(length)
    return total
