from memory.transcripts.model import Speaker, Transcript, Turn
from memory.transcripts.sides import sided
from models.entities import Entity

OWN = (Entity("rep", "Dana Cole", ("Dana", "dana.cole@halden.example")), Entity("rep", "Raj Iyer", ()))


def call(*speakers: Speaker) -> Transcript:
    turns = tuple(Turn(at, speaker.id, "The trucks wait.") for at, speaker in enumerate(speakers))
    return Transcript("call", "Call", speakers, turns)


def roles(transcript: Transcript) -> list[str | None]:
    return [speaker.role for speaker in transcript.speakers]


def test_who_is_known_to_sell_sells_and_everybody_else_buys() -> None:
    told = sided(call(Speaker("1", "dana  cole"), Speaker("2", "Bo Hart"), Speaker("3", "RAJ IYER")), OWN)
    assert roles(told) == ["seller", "buyer", "seller"]


def test_a_name_in_another_form_is_known_by_its_aliases() -> None:
    assert roles(sided(call(Speaker("1", "dana.cole@halden.example"), Speaker("2", "Bo")), OWN)) == ["seller", "buyer"]


def test_nobodys_side_is_guessed_where_nobody_is_known() -> None:
    unknown = call(Speaker("1", "Anna"), Speaker("2", "Bo"))
    assert sided(unknown, OWN) == unknown
    assert sided(unknown, ()) == unknown


def test_what_the_source_says_of_sides_stands() -> None:
    said = call(Speaker("1", "Dana Cole", "buyer"), Speaker("2", "Bo"))
    assert sided(said, OWN) == said
