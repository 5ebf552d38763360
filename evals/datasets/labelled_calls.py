"""Calls with what a careful listener noted down of them: the sample's, and those written to develop on (`heard/`)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from api.sample import SAMPLE
from memory.transcripts.detect import read_file
from memory.transcripts.model import Transcript

NAMELESS = "unknown speaker"
HEARD = Path(str(files("evals.datasets").joinpath("heard")))
Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One objection, competitor or next step: ranges of turns, both ends counted. `who` objects, is named or undertakes."""

    turns: Ranges
    quote: str
    who: str
    due: date | None = None

    def meets(self, first: int, last: int) -> bool:
        """Whether any of its turns is among these."""
        return any(start <= last and first <= end for start, end in self.turns)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A call with its items by kind: `objections`, `competitors`, `next_steps`. Nothing was built on one held out."""

    name: str
    call: Transcript
    items: Mapping[str, tuple[Item, ...]]
    heldout: bool


def labelled_calls(*, heldout: bool) -> Iterator[Labelled]:
    """The calls that are held out, or all others, in the order of their truth."""
    sample = _truth(SAMPLE)
    names = frozenset(sample["held_out"])
    for folder, truth in ((SAMPLE, sample), (HEARD, _truth(HEARD))):
        for entry in truth["calls"]:
            if (entry["call_id"] in names) is heldout:
                (call,) = read_file(folder / entry["file"])
                yield Labelled(entry["call_id"], call, dict(_items(entry)), heldout)


def same_person(one: str, other: str) -> bool:
    """Whether both names are of one person; whoever has none is `unknown speaker`, whatever stands behind it."""
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    return NAMELESS if name.casefold().startswith(NAMELESS) else name


def _truth(folder: Path) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((folder / "truth.yaml").read_text(encoding="utf-8"))
    return read


def _items(entry: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Item, ...]]]:
    for kind, who in (("objections", "speaker"), ("competitors", "name"), ("next_steps", "owner")):
        yield kind, tuple(_item(one, one[who]) for one in entry[kind])


def _item(one: Mapping[str, Any], who: str) -> Item:
    listed = [one["turns"]] if isinstance(one["turns"][0], int) else one["turns"]
    due = one.get("due")
    return Item(
        tuple((first, last) for first, last in listed),
        one["quote"],
        who,
        date.fromisoformat(due) if isinstance(due, str) else due,
    )
