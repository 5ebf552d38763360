"""Growing a passage around a chunk: as many turns before and after as the budget of words allows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from memory.indexes.base import ChunkRange, StoredChunk
from memory.retrieval.fusion import Place
from models.evidence import Utterance
from models.text.sentences import word_count

#: Chunks read on either side of a chosen one: more than a passage's budget of words can show.
REACH = 4


def ranges_around(places: Sequence[Place]) -> list[ChunkRange]:
    """What has to be read to grow passages at these places."""
    return [ChunkRange(p.document, p.version, max(p.number - REACH, 0), p.number + REACH) for p in places]


@dataclass(frozen=True, slots=True)
class Window:
    """Consecutive utterances around a chosen chunk, and for each of them the place of the chunk it is from."""

    at: Place
    utterances: tuple[Utterance, ...]
    places: tuple[Place, ...]


def windows(
    chosen: Sequence[Place], chunks: Sequence[StoredChunk], scores: Mapping[Place, float], *, words: int
) -> list[Window]:
    """A window a chosen place, in the same order, none showing what another shows.

    Together they have at most `words` words a place; what one leaves over goes to the next. A chosen chunk is shown
    whole even if it alone is longer. A place that was not read (it may not be, or is gone) gets none.
    """
    stored = {Place(c.document, c.version, c.number, c.of): c.utterances for c in chunks}
    present = [at for at in chosen if at in stored]
    taken = {(at, i) for at in present for i in range(len(stored[at]))}
    left = words * len(present)
    grown: list[Window] = []
    for position, at in enumerate(present):
        window = _grown(at, stored, scores, taken, words=left // (len(present) - position))
        left -= sum(word_count(said.text) for said in window.utterances)
        grown.append(window)
    return grown


def _grown(
    at: Place,
    stored: Mapping[Place, tuple[Utterance, ...]],
    scores: Mapping[Place, float],
    taken: set[tuple[Place, int]],
    *,
    words: int,
) -> Window:
    """Adds the next utterance on the side whose chunk scores better, while it fits, is free and was read."""
    around = [
        (near, i)
        for near in (at.away(step) for step in range(-REACH, REACH + 1))
        for i in range(len(stored.get(near, ())))
    ]
    start = around.index((at, 0))
    end = start + len(stored[at])
    shown = sum(word_count(said.text) for said in stored[at])
    open_sides = {-1, 1}
    while open_sides:
        candidates = {side: (start - 1 if side < 0 else end) for side in open_sides}
        side = max(candidates, key=lambda s: _score(around, candidates[s], scores))
        position = candidates[side]
        if not 0 <= position < len(around) or around[position] in taken:
            open_sides.remove(side)
            continue
        near, i = around[position]
        shown += word_count(stored[near][i].text)
        if shown > words:
            shown -= word_count(stored[near][i].text)
            open_sides.remove(side)
            continue
        taken.add(around[position])
        start, end = min(start, position), max(end, position + 1)
    cut = around[start:end]
    return Window(at, tuple(stored[near][i] for near, i in cut), tuple(near for near, _ in cut))


def _score(around: Sequence[tuple[Place, int]], position: int, scores: Mapping[Place, float]) -> float:
    return scores.get(around[position][0], 0.0) if 0 <= position < len(around) else -1.0
