import json
import os
from pathlib import Path

import pytest

from memory.transcripts.cleaning import clean_name
from memory.transcripts.detect import read_file
from memory.transcripts.faults import UnreadableError
from tests.memory.transcripts.material import misplaced, read_json, read_one, said

MEETINGS = 35


def _meeting(*turns: tuple[str, str]) -> dict[str, object]:
    return {
        "topic_list": [],
        "meeting_transcripts": [{"speaker": speaker, "content": words} for speaker, words in turns],
    }


def test_turns_keep_their_index_although_some_are_empty() -> None:
    meeting = read_one(_meeting(("Grad B", "Okay."), ("PhD A", ""), ("Grad B", " So. ")), "val/Bed002.json")
    assert said(meeting) == [("Grad B", "Okay."), ("PhD A", ""), ("Grad B", "So.")]
    assert [turn.index for turn in meeting.turns] == [0, 1, 2]
    assert [speaker.name for speaker in meeting.speakers] == ["Grad B", "PhD A"]
    assert misplaced(meeting) == []


def test_id_and_title_come_from_the_name_of_the_file() -> None:
    meeting = read_one(_meeting(("A", "x")), "val/Board meeting (May).json")
    assert (meeting.id, meeting.title, meeting.held) == ("Board-meeting-May", "Board meeting (May)", None)


def test_a_turn_without_a_speaker_is_somebody_unknown() -> None:
    assert said(read_one(_meeting(("A", "x"), ("", "y")))) == [("A", "x"), ("Unknown speaker 1", "y")]


def test_two_who_would_be_shown_under_one_name_are_told_apart_by_number() -> None:
    meeting = read_one(_meeting(("Ana", "x"), ('"Ana"', "y"), ("Ana", "z")))
    assert said(meeting) == [("Ana", "x"), ("Ana 2", "y"), ("Ana", "z")]


@pytest.mark.parametrize(
    ("turns", "place"),
    [
        ([], "meeting_transcripts"),
        ([{"speaker": "", "content": "x"}], "meeting_transcripts"),
        ([{"speaker": "A", "content": ""}], "meeting_transcripts"),
        ([{"speaker": "A", "content": "x"}, {"speaker": "B"}], "meeting_transcripts[1].content"),
        ("A: x", "meeting_transcripts"),
    ],
)
def test_a_meeting_that_does_not_fit_is_refused(turns: object, place: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        read_json({"meeting_transcripts": turns})
    assert refused.value.place == place


def test_all_meetings_of_the_validation_set_read_with_their_own_turns() -> None:
    root = os.environ.get("SOPHIA_EVAL_DATA")
    if not root or not (folder := Path(root) / "qmsum" / "val").is_dir():
        pytest.skip("needs QMSum: set SOPHIA_EVAL_DATA to the folder that holds qmsum/val")
    paths = sorted(folder.glob("*.json"))
    assert len(paths) == MEETINGS
    for path in paths:
        (meeting,) = read_file(path)
        source = json.loads(path.read_text(encoding="utf-8"))["meeting_transcripts"]
        assert said(meeting) == [(clean_name(turn["speaker"]), turn["content"].strip()) for turn in source], path.name
        assert misplaced(meeting) == [], path.name


def test_the_nameless_are_not_a_speaker_who_is_called_unknown() -> None:
    meeting = read_one(_meeting(("unknown", "x"), ("", "y"), (" ", "z")))
    assert said(meeting) == [("unknown", "x"), ("Unknown speaker 1", "y"), ("Unknown speaker 1", "z")]
    assert [speaker.id for speaker in meeting.speakers] == ["unknown-2", "unknown"]


def test_a_made_up_name_is_nobodys_name() -> None:
    meeting = read_one(_meeting(("", "x"), ("Unknown speaker 1", "y")))
    assert said(meeting) == [("Unknown speaker 2", "x"), ("Unknown speaker 1", "y")]


def test_speakers_whose_names_differ_only_before_cleaning_have_ids_of_their_own() -> None:
    meeting = read_one(_meeting(("Anna (CFO)", "x"), ("Anna [CFO]", "y"), ("Anna (CFO)", "z")))
    assert [speaker.id for speaker in meeting.speakers] == ["Anna CFO", "Anna CFO-2"]
    assert [turn.speaker for turn in meeting.turns] == ["Anna CFO", "Anna CFO-2", "Anna CFO"]


def test_a_name_cannot_forge_a_quotation() -> None:
    assert read_one(_meeting(('Anna (buyer): "yes"', "no"))).text == "Anna buyer yes: no"
