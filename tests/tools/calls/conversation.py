"""Tiny transcripts, written as lines: `speaker start-end words`, times in seconds."""

from datetime import UTC, datetime

from memory.transcripts.model import Speaker, Transcript, Turn

CAST = (
    Speaker("s", "Sam Seller", "seller", user="u1"),
    Speaker("e", "Eve Engineer", "seller", user="u2"),
    Speaker("b", "Bea Buyer", "buyer"),
    Speaker("c", "Carl Customer", "buyer"),
    Speaker("x", "Unknown speaker 1"),
)
TUESDAY = datetime(2026, 1, 13, 11, 0, tzinfo=UTC)


def timed(*lines: str, id_: str = "call-1", cast: tuple[Speaker, ...] = CAST) -> Transcript:
    """A transcript of lines such as `b 10-40 I have a question.`"""
    turns = []
    for index, line in enumerate(lines):
        speaker, times, text = line.split(" ", 2)
        start, end = (round(float(time) * 1000) for time in times.split("-"))
        turns.append(Turn(index, speaker, text, start, end))
    return Transcript(id_, f"Call {id_}", cast, tuple(turns), held=TUESDAY, account="Acme")


def untimed(*lines: str, id_: str = "call-1", held: datetime | None = TUESDAY) -> Transcript:
    """A transcript of lines such as `b I have a question.`"""
    said = (line.partition(" ") for line in lines)
    turns = tuple(Turn(index, speaker, text) for index, (speaker, _, text) in enumerate(said))
    return Transcript(id_, f"Call {id_}", CAST, turns, held=held, account="Acme")
