"""The baseline retrieval is judged against: BM25 over windows of ten turns, as bm25s has it."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import bm25s

from memory.transcripts.model import Transcript

TURNS = 10
# bm25s sets its own logger to debug when it is imported.
logging.getLogger(bm25s.__name__).setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class TurnWindow:
    """Ten turns of a meeting: the speaker and the words of each."""

    meeting: str
    turns: tuple[int, ...]
    lines: tuple[tuple[str, str], ...]

    def cut(self, words: int) -> tuple[str, frozenset[int]]:
        """The first so many words, speakers' names among them, and the turns these are from."""
        shown: list[str] = []
        turns: set[int] = set()
        for turn, (speaker, said) in zip(self.turns, self.lines, strict=True):
            added = f"{speaker}: {said}".split()[: words - len(shown)]
            if added:
                shown += added
                turns.add(turn)
        return " ".join(shown), frozenset(turns)


class Baseline:
    """BM25 over every window of the transcripts it is given."""

    def __init__(self, transcripts: Sequence[Transcript]) -> None:
        self._windows = [window for transcript in transcripts for window in turn_windows(transcript)]
        tokens = bm25s.tokenize(
            [" ".join(said for _, said in window.lines) for window in self._windows],
            stopwords=None,
            show_progress=False,
        )
        self._bm25 = bm25s.BM25()
        self._bm25.index(tokens, show_progress=False)

    def best(self, question: str, limit: int) -> list[TurnWindow]:
        """The windows that score highest, best first."""
        tokens = bm25s.tokenize([question], stopwords=None, show_progress=False)
        found, _ = self._bm25.retrieve(tokens, k=min(limit, len(self._windows)), show_progress=False)
        return [self._windows[int(position)] for position in found[0]]


def turn_windows(transcript: Transcript) -> Iterator[TurnWindow]:
    """A meeting cut every ten turns."""
    said = transcript.utterances
    for first in range(0, len(said), TURNS):
        window = said[first : first + TURNS]
        yield TurnWindow(transcript.id, tuple(u.turn for u in window), tuple((u.speaker, u.text) for u in window))
