"""Whether a call follows a playbook: item by item, with the turn that fulfils or breaks it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from memory.transcripts.model import Transcript, Turn
from models.text.sentences import sentence_spans
from models.text.words import stem, words
from tools.calls.instructions import instruction_confidence
from tools.calls.playbook import Item, Playbook
from tools.calls.speech import BUYER

MOST_BETWEEN = 3
"""So many other words may stand between two words of a phrase."""
_ANYTHING = "*"
_DENIALS = frozenset(map(stem, ("not", "no", "never", "nobody", "cannot", "without")))


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence of the call; `span` is the half-open range of characters at which it stands in the transcript's text."""

    turn: int
    speaker: str
    text: str
    span: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Checked:
    """An item, whether it is kept, and where it was first said; something that must not be said is kept where it was not."""

    what: str
    kept: bool
    said: Place | None


@dataclass(frozen=True, slots=True)
class CheckedStage:
    """A stage's items. `in_order` is False where it began before a stage that comes earlier; True where it never began."""

    name: str
    items: tuple[Checked, ...]
    in_order: bool


@dataclass(frozen=True, slots=True)
class Compliance:
    """How a call keeps to a playbook."""

    playbook: str
    call: str
    stages: tuple[CheckedStage, ...]
    must_say: tuple[Checked, ...]
    must_not_say: tuple[Checked, ...]

    @property
    def checked(self) -> tuple[Checked, ...]:
        """Every item, in the playbook's order."""
        return (*(one for stage in self.stages for one in stage.items), *self.must_say, *self.must_not_say)

    @property
    def share(self) -> float:
        """The share of all items that are kept, from 0 to 1; 1 for a playbook without items."""
        kept = [one.kept for one in self.checked]
        return sum(kept) / len(kept) if kept else 1.0


@dataclass(frozen=True, slots=True)
class _Sentence:
    place: Place
    stems: tuple[str, ...]
    asks: bool


def compliance(call: Transcript, playbook: Playbook) -> Compliance:
    """Holds what others than buyers say against the playbook; speech that gives orders to its reader fulfils nothing."""
    said = list(_sentences(call))
    stages = [(stage.name, _checked(stage.items, said)) for stage in playbook.stages]
    return Compliance(
        playbook.name,
        call.id,
        tuple(_in_order(stages, ordered=playbook.ordered)),
        _checked(playbook.must_say, said),
        tuple(Checked(one.what, not one.kept, one.said) for one in _checked(playbook.must_not_say, said)),
    )


def _in_order(stages: Sequence[tuple[str, tuple[Checked, ...]]], *, ordered: bool) -> Iterator[CheckedStage]:
    reached = 0
    for name, items in stages:
        begun = min((one.said.span[0] for one in items if one.said), default=None)
        yield CheckedStage(name, items, not ordered or begun is None or begun >= reached)
        reached = max(reached, begun or 0)


def _checked(items: Sequence[Item], said: Sequence[_Sentence]) -> tuple[Checked, ...]:
    return tuple(_check(item, said) for item in items)


def _check(item: Item, said: Sequence[_Sentence]) -> Checked:
    phrases = [_stems(phrase) for phrase in item.any_of]
    fitting = (one for one in said if one.asks or not item.ask)
    first = next((one.place for one in fitting if any(_holds(one.stems, phrase) for phrase in phrases)), None)
    return Checked(item.what, first is not None, first)


def _holds(said: Sequence[str], phrase: Sequence[str]) -> bool:
    """Whether the phrase's words stand there in order, near one another, and nothing between or just before denies it."""
    return any(_goes_on(said, start, phrase, MOST_BETWEEN) for start in _starts(said, phrase))


def _starts(said: Sequence[str], phrase: Sequence[str]) -> Iterator[int]:
    return (place for place, word in enumerate(said) if word == phrase[0])


def _goes_on(said: Sequence[str], place: int, phrase: Sequence[str], most: int) -> bool:
    if len(phrase) == 1:
        return True
    wide = phrase[1] == _ANYTHING
    rest = phrase[1 + wide :]
    if not rest:
        return True
    last = len(said) if wide else place + 2 + most
    for ahead in range(place + 1, min(last, len(said))):
        if said[ahead] == rest[0] and _goes_on(said, ahead, rest, most):
            return True
        if said[ahead] in _DENIALS:
            return False
    return False


def _stems(text: str) -> tuple[str, ...]:
    """Stems of all words; "can't" is "can not", so that a denial is a word of its own, and "I'll" is "I will"."""
    plain = text.lower().replace("’", "'").replace("can't", "can not").replace("won't", "will not")
    plain = re.sub(r"'ll\b", " will", re.sub(r"n't\b", " not", plain))
    pieces = plain.split(_ANYTHING)
    return tuple(_joined([[stem(word) for word in words(piece)] for piece in pieces]))


def _joined(pieces: Sequence[Sequence[str]]) -> Iterator[str]:
    for place, piece in enumerate(pieces):
        if place:
            yield _ANYTHING
        yield from piece


def _sentences(call: Transcript) -> Iterator[_Sentence]:
    for turn in call.turns:
        if call.cast[turn.speaker].role == BUYER:
            continue
        for start, end in sentence_spans(turn.text):
            text = turn.text[start:end]
            if instruction_confidence(text) is None:
                yield _Sentence(
                    _place(call, turn, (start, end)), _stems(text.replace(_ANYTHING, " ")), "?" in text[-3:]
                )


def _place(call: Transcript, turn: Turn, span: tuple[int, int]) -> Place:
    offset = call.utterances[turn.index].span[0]
    text = turn.text[span[0] : span[1]]
    return Place(turn.index, call.cast[turn.speaker].name, text, (offset + span[0], offset + span[1]))
