from memory.chunking.turns import SpeakerTurns
from memory.indexes.base import StoredChunk
from memory.retrieval.fusion import Place
from memory.retrieval.windows import windows
from models.text.sentences import word_count
from tests.memory.conversations import conversation

TALK = conversation("talk", [("Anna" if i % 2 else "Ben", f"turn number {i} has six words") for i in range(60)])
CUT = SpeakerTurns(enough=12, most=18).chunks(TALK.utterances)
CHUNKS = [StoredChunk("talk", "v", chunk.number, len(CUT), chunk.utterances) for chunk in CUT]


def _at(number: int) -> Place:
    return Place("talk", "v", number, len(CUT))


def test_a_passage_grows_to_its_words_and_not_beyond() -> None:
    (window,) = windows([_at(5)], CHUNKS, {}, words=60)
    assert sum(word_count(said.text) for said in window.utterances) == 60
    turns = [said.turn for said in window.utterances]
    assert turns == list(range(turns[0], turns[-1] + 1))
    assert {10, 11} <= set(turns)


def test_a_passage_grows_towards_the_better_neighbour() -> None:
    (window,) = windows([_at(5)], CHUNKS, {_at(6): 1.0, _at(7): 1.0, _at(4): 0.1}, words=36)
    assert [said.turn for said in window.utterances] == [10, 11, 12, 13, 14, 15]


def test_passages_do_not_show_the_same_turn_twice() -> None:
    found = windows([_at(5), _at(6)], CHUNKS, {}, words=60)
    turns = [said.turn for window in found for said in window.utterances]
    assert len(turns) == len(set(turns))


def test_words_one_passage_leaves_over_go_to_the_next() -> None:
    near_the_end = max(chunk.number for chunk in CHUNKS)
    only_the_end = [chunk for chunk in CHUNKS if chunk.number == near_the_end or chunk.number < 20]
    first, second = windows([_at(near_the_end), _at(10)], only_the_end, {}, words=48)
    assert sum(word_count(said.text) for said in first.utterances) == 12
    assert sum(word_count(said.text) for said in second.utterances) > 48


def test_a_place_that_could_not_be_read_has_no_passage() -> None:
    assert windows([_at(999)], CHUNKS, {}, words=60) == []
