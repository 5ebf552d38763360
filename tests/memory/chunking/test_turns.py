from memory.chunking.turns import SpeakerTurns
from memory.transcripts.model import Transcript
from models.text.sentences import word_count
from tests.memory.conversations import PRICE, conversation

LONG = conversation("long", [("Anna", "One two three four five. " * 40), ("Ben", "word " * 200), ("Ben", "Yes.")])


def _words(transcript: Transcript) -> list[str]:
    return [word for said in transcript.utterances for word in said.text.split()]


def test_every_word_stands_in_exactly_one_chunk_in_order() -> None:
    for transcript in (PRICE, LONG):
        chunks = SpeakerTurns(enough=8, most=12).chunks(transcript.utterances)
        assert [word for chunk in chunks for said in chunk.utterances for word in said.text.split()] == _words(
            transcript
        )
        assert [chunk.number for chunk in chunks] == list(range(len(chunks)))


def test_no_chunk_has_more_words_than_its_bound() -> None:
    for chunk in SpeakerTurns(enough=8, most=12).chunks(LONG.utterances):
        assert sum(word_count(said.text) for said in chunk.utterances) <= 12


def test_a_part_of_a_turn_keeps_its_place_in_the_document() -> None:
    for chunk in SpeakerTurns(enough=8, most=12).chunks(LONG.utterances):
        for said in chunk.utterances:
            assert LONG.text[slice(*said.span)] == said.text


def test_a_long_turn_is_cut_between_sentences() -> None:
    chunks = SpeakerTurns(enough=8, most=12).chunks(LONG.utterances[:1])
    assert {chunk.utterances[0].text for chunk in chunks} == {"One two three four five. One two three four five."}


def test_a_chunk_is_indexed_with_its_speakers_names() -> None:
    first = SpeakerTurns().chunks(PRICE.utterances)[0]
    assert first.text.startswith("Anna Meyer: Thanks for coming")
    assert first.turns == (0, 4)


def test_a_conversation_without_words_has_no_chunks() -> None:
    assert SpeakerTurns().chunks(conversation("silence", [("Anna", ""), ("Ben", "  ")]).utterances) == ()
