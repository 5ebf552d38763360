import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInputError
from memory.transcripts.detect import is_read_as, read, read_file
from memory.transcripts.faults import UnreadableError
from memory.transcripts.stem import is_dated_by_name
from tests.memory.transcripts.material import gong, misplaced, monologue, read_one, sentence

CALL = json.dumps(gong(monologue("1", sentence(0, 1, "Hello."))))
MEETING = json.dumps({"meeting_transcripts": [{"speaker": "A", "content": "x"}]})


@pytest.mark.parametrize(
    ("content", "id_"), [(CALL, "77"), (MEETING, "notes"), ("Anna: hello", "notes"), ("[00:01] Anna: hello", "notes")]
)
@pytest.mark.parametrize("extension", [".json", ".txt", ""])
def test_the_content_and_not_the_extension_tells_the_format(
    content: str, id_: str, extension: str, tmp_path: Path
) -> None:
    path = tmp_path / f"notes{extension}"
    path.write_text(content, encoding="utf-8")
    assert [transcript.id for transcript in read_file(path)] == [id_]


@pytest.mark.parametrize("content", ["{}", "[]", '[{"speaker": "A"}]', "Once upon a time", "%PDF-1.7 …", '"Anna: x"'])
def test_what_fits_no_format_is_told_what_was_tried(content: str) -> None:
    with pytest.raises(
        UnreadableError, match=r"^f\.txt: it is none .*callTranscripts.*meeting_transcripts.*Anna Meyer: "
    ):
        read(content.encode(), file="f.txt")


def test_details_without_a_transcript_are_told_what_is_missing() -> None:
    with pytest.raises(UnreadableError, match="add Gong's 'callTranscripts'"):
        read(b'{"calls": []}', file="f.json")


@pytest.mark.parametrize(
    ("content", "place", "reason"),
    [
        (b"", "line 1", "empty"),
        (b" \n\t\n", "line 1", "empty"),
        (b"\xef\xbb\xbf", "line 1", "empty"),
        (b"Anna: a\nBen: b\xfc\n", "line 2", "byte 0xfc is not UTF-8: save the file as UTF-8"),
        (b"\xff\xfeA\x00:", "line 1", "is not UTF-16, which it begins as: save the file as UTF-8"),
        (b'{"callTranscripts": [\n  {"callId": "1",}\n]}', "line 2", "broken JSON in column"),
        (b'{"callTranscripts": [', "line 1", "broken JSON"),
        (b'{"a": ' + b"[" * 100_000, None, "nested too deeply"),
        (b'{"a": ' + b"1" * 5_000 + b"}", None, "a number too long"),
    ],
)
def test_bad_bytes_are_named_by_file_and_line(content: bytes, place: str | None, reason: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read(content, file="calls/bad.json")
    assert isinstance(refused.value, UnreadableError)
    assert str(refused.value).startswith("calls/bad.json")
    assert (refused.value.file, refused.value.place) == ("calls/bad.json", place)
    assert reason in refused.value.reason


def test_a_file_as_large_as_may_be_ingested_is_refused_over_a_limit_and_read_within_one(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_bytes(b"Anna: hello\n" + b"and so on and so forth\n" * 700_000)
    with pytest.raises(UnreadableError, match="more than 1,000,000 bytes: split it, or raise the limit"):
        read_file(path, limit=1_000_000)
    (transcript,) = read_file(path, limit=path.stat().st_size)
    assert len(transcript.turns) == 1


def test_a_name_that_gives_no_id_is_refused() -> None:
    with pytest.raises(UnreadableError, match="rename the file"):
        read(b"Anna: hello", file="….txt")


def test_control_and_invisible_characters_are_cleaned_and_words_stay_in_place() -> None:
    text = "A\x00n\u202ena\x9f: one\ttwo\u2028three\u200b\x1b[0m\U000e0041 \u200d❤\n"
    (transcript,) = read(text.encode(), file="f")
    assert transcript.speakers[0].name == "Anna"
    assert transcript.turns[0].text == "one two three[0m \u200d❤"
    assert misplaced(transcript) == []


def test_lone_surrogates_become_the_replacement_character() -> None:
    content = r'{"meeting_transcripts": [{"speaker": "A\ud800", "content": "x\udfff, \ud83d\ude00"}]}'
    (transcript,) = read(content.encode(), file="f")
    assert (transcript.speakers[0].name, transcript.turns[0].text) == ("A\ufffd", "x\ufffd, 😀")


_KEYS = [
    *("callTranscripts", "callId", "transcript", "speakerId", "sentences", "start", "end", "text"),
    *(
        "calls",
        "metaData",
        "id",
        "parties",
        "context",
        "objects",
        "fields",
        "meeting_transcripts",
        "speaker",
        "content",
    ),
]
_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(_KEYS), inner, max_size=6)),
    max_leaves=20,
)


@given(st.one_of(st.binary(), _JSON.map(lambda value: json.dumps(value).encode())))
def test_no_bytes_make_it_raise_anything_but_its_own_error(content: bytes) -> None:
    try:
        transcripts = read(content, file="f")
    except UnreadableError:
        return
    assert all(misplaced(transcript) == [] for transcript in transcripts)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("2026-05-11-globex.txt", date(2026, 5, 11)),
        ("globex_20260511.txt", date(2026, 5, 11)),
        ("Globex 2026.05.11, second call.txt", date(2026, 5, 11)),
        ("globex-20260511T1030.txt", date(2026, 5, 11)),
        ("2026-02-30-globex.txt", None),
        ("globex-2026.txt", None),
        ("globex-120260511.txt", None),
        ("2026-05-11-until-2026-05-13.txt", None),
    ],
)
def test_a_day_in_the_name_of_a_file_is_that_of_a_conversation_without_one(name: str, day: date | None) -> None:
    (transcript,) = read(b"Anna: hello", file=name)
    assert (transcript.held and transcript.held.date()) == day
    assert is_dated_by_name(transcript) == (day is not None)


def test_the_day_that_a_conversation_gives_itself_counts_before_that_of_its_file() -> None:
    (transcript,) = read(b"Date: 2026-05-08\nAnna: hello", file="2026-05-11-globex.txt")
    assert transcript.held == datetime(2026, 5, 8, tzinfo=UTC)
    assert not is_dated_by_name(transcript)


def test_the_name_of_an_export_of_gong_says_nothing_of_its_calls() -> None:
    assert read_one(gong(monologue("s", sentence(0, 9))), "gong-2026-05-11.json").held is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_is_read_in_the_encoding_that_it_says(encoding: str) -> None:
    (transcript,) = read("Åsa: grüße".encode(encoding), file="f")
    assert (transcript.speakers[0].name, transcript.turns[0].text) == ("Åsa", "grüße")
    assert is_read_as(transcript) is None


@pytest.mark.parametrize(
    "text", ["speaker;text\nÅsa;grüße\n", "1\r\n00:00:01,000 --> 00:00:02,000\r\nÅsa: grüße\r\n"], ids=["table", "srt"]
)
def test_tables_and_captions_of_windows_are_read_and_what_was_guessed_is_told(text: str) -> None:
    (transcript,) = read(text.encode("cp1252"), file="f")
    assert (transcript.speakers[0].name, transcript.turns[0].text) == ("Åsa", "grüße")
    assert is_read_as(transcript) == "Windows-1252"


def test_a_file_whose_name_says_another_format_is_read_by_what_it_holds() -> None:
    (captions,) = read(b"WEBVTT\n\n00:01.000 --> 00:02.000\nAnna: Hello.\n", file="call.json")
    (table,) = read(b"speaker,text\nAnna,Hello.\n", file="call.srt")
    assert captions.turns[0].text == table.turns[0].text == "Hello."
