"""QMSum (Zhong et al. 2021, MIT): real meetings, questions about them, the turns that answer them, reference answers."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from memory.transcripts.detect import read_file
from memory.transcripts.model import Transcript

#: What the transcribers wrote beside the words, such as {disfmarker} and {vocalsound}.
_NOTE = re.compile(r"\{[^}]*\}")


@dataclass(frozen=True, slots=True)
class Question:
    """A question about one meeting; `gold` holds the indices of the turns that answer it."""

    text: str
    gold: frozenset[int]
    answer: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting and its questions. `family` is the series it is from: meetings of one share their subject."""

    transcript: Transcript
    questions: tuple[Question, ...]
    family: str


def meetings(folder: Path) -> list[Meeting]:
    """The meetings of a folder of JSON files, by name. FileNotFoundError when there are none."""
    files = sorted(folder.glob("*.json"))
    if not files:
        raise FileNotFoundError(f"No meetings in {folder}: point SOPHIA_EVAL_DATA at the folder that holds qmsum/val")
    return [_meeting(file) for file in files]


def _meeting(file: Path) -> Meeting:
    (read,) = read_file(file)
    turns = tuple(replace(turn, text=" ".join(_NOTE.sub(" ", turn.text).split())) for turn in read.turns)
    asked = tuple(_question(query) for query in json.loads(file.read_text())["specific_query_list"])
    return Meeting(replace(read, turns=turns), asked, _family(read.id))


def _question(query: Mapping[str, Any]) -> Question:
    spans = [range(int(first), int(last) + 1) for first, last in query["relevant_text_span"]]
    return Question(query["query"], frozenset(turn for span in spans for turn in span), query["answer"])


def _family(name: str) -> str:
    """`ES2002a`, `IS1000a` and `TS3003a` are sittings of one scenario; names that begin with B are one laboratory's."""
    if name.startswith("B"):
        return "laboratory"
    return "scenario" if re.match(r"[EIT]S\d", name) else name.split("_")[0]
