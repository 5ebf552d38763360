"""MRDA (Shriberg et al. 2004): what is done by each utterance of real meetings, its validation part (evaluation only).

One utterance a line: speaker, words, and its dialogue act in a basic, a general and a full set of labels, between bars.
"""

from dataclasses import dataclass
from pathlib import Path

from core.errors import InvalidInputError

FILE = Path("mrda", "val_set.txt")
COMMITMENT, SUGGESTION, COMMAND = "cc", "cs", "co"
"""The full set's labels of who undertakes, suggests or orders something."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """What one person says in one go, and its label of the full set."""

    speaker: str
    text: str
    act: str


def utterances(data: Path) -> list[Utterance]:
    """Every utterance, meeting after meeting. InvalidInputError where the set is not there."""
    file = data / FILE
    if not file.exists():
        raise InvalidInputError(f"There is no {FILE} in the folder that SOPHIA_EVAL_DATA names")
    rows = (line.split("|") for line in file.read_text(encoding="utf-8").splitlines())
    return [Utterance(speaker, text, act) for speaker, text, _basic, _general, act in rows]
