import os
from itertools import pairwise
from pathlib import Path

import pytest

from memory.transcripts.detect import read_file
from memory.transcripts.faults import UnreadableError
from tests.memory.transcripts.material import misplaced, read_text, said

FIRST = "token|speaker|ts|endTs|punctuation|case|tags|wer_tags\n"


def test_tokens_are_joined_into_the_turns_of_numbered_speakers() -> None:
    rows = "Good|0|0.41|0.65||UC|[]|[]\nmorning|0|0.7|1.0|,|LC|[]|[]\nall|0|||.|LC|[]|[]\nHi|3|2.0|2.5|!|UC|[]|[]\n"
    transcript = read_text(FIRST + rows, "q3.nlp")
    assert said(transcript) == [("Speaker 0", "Good morning, all."), ("Speaker 3", "Hi!")]
    assert [(turn.start_ms, turn.end_ms) for turn in transcript.turns] == [(410, 1000), (2000, 2500)]


@pytest.mark.parametrize(
    ("rows", "line", "reason"),
    [
        ("Good|0|0.41\n", 2, "3 columns and the first line 8"),
        ("Good|0|||||[]|[]\nday||||||[]|[]\n", 3, "'day' has no speaker"),
        ("Good|0|soon||||[]|[]\n", 2, "'soon' is no number of seconds"),
        ("Good|0|inf||||[]|[]\n", 2, "'inf' is no number of seconds"),
        ("Good|0|-1||||[]|[]\n", 2, "negative"),
        ("Good|0|2||||[]|[]\nday|1|1||||[]|[]\n", 3, "begins before"),
        ("", 1, "nobody says a word"),
    ],
)
def test_tokens_that_do_not_hold_are_named_by_line(rows: str, line: int, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason) as refused:
        read_text(FIRST + rows)
    assert refused.value.place == f"line {line}"


def test_every_token_of_earnings_21_is_kept_in_its_place() -> None:
    if "SOPHIA_EVAL_DATA" not in os.environ:
        pytest.skip("SOPHIA_EVAL_DATA names no folder with earnings21")
    for path in sorted(Path(os.environ["SOPHIA_EVAL_DATA"], "earnings21/transcripts/nlp_references").glob("*.nlp")):
        rows = [line.split("|") for line in path.read_text(encoding="utf-8").splitlines()[1:]]
        (transcript,) = read_file(path)
        switches = sum(one[1] != other[1] for one, other in pairwise(rows))
        assert len(transcript.turns) == switches + 1
        words = " ".join(turn.text for turn in transcript.turns)
        assert words == " ".join(row[0] + row[4] for row in rows)
        assert {turn.speaker for turn in transcript.turns} == {f"Speaker {row[1]}" for row in rows}
        assert misplaced(transcript) == []
