import pytest

from core.errors import InvalidInputError
from memory.transcripts.model import Speaker, Transcript, Turn


def test_two_speakers_with_one_id_are_refused() -> None:
    cast = (Speaker("1", "Anna"), Speaker("1", "Ben"))
    with pytest.raises(ValueError, match="'c' has two speakers with the id '1': give each their own") as refused:
        Transcript("c", "Call", cast, (Turn(0, "1", "Hello."),))
    assert isinstance(refused.value, InvalidInputError)
