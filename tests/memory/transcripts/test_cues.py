"""WebVTT and SRT."""

import pytest

from memory.transcripts.faults import UnreadableError
from tests.memory.transcripts.material import misplaced, read_text, said

ZOOM = """WEBVTT

1
00:00:01.000 --> 00:00:02.500
Anna Meyer: Thanks for

2
00:00:02.500 --> 00:00:04.000
coming.

3
00:00:04.100 --> 00:00:06.000
Ben Ode: We pay R&amp;D too much.
"""


def vtt(*cues: str) -> str:
    return "\n\n".join(("WEBVTT", *cues)) + "\n"


def srt(*cues: str) -> str:
    return "\n\n".join(f"{number}\n{cue}" for number, cue in enumerate(cues, start=1)) + "\n"


def test_names_in_captions_hold_until_the_next_and_one_speakers_cues_are_one_turn() -> None:
    transcript = read_text(ZOOM, "renewal.vtt")
    assert said(transcript) == [("Anna Meyer", "Thanks for coming."), ("Ben Ode", "We pay R&D too much.")]
    assert [(turn.start_ms, turn.end_ms) for turn in transcript.turns] == [(1000, 4000), (4100, 6000)]
    assert (transcript.id, transcript.title, misplaced(transcript)) == ("renewal", "renewal", [])


def test_voice_tags_say_who_speaks_and_what_stands_outside_of_them_is_nobodys() -> None:
    transcript = read_text(
        vtt(
            "00:01.000 --> 00:02.000 align:start position:10%\n<v.loud Anna Meyer>Good <i>morning</i>, <00:01.500>all.</v>",
            "00:03.000 --> 00:04.000\n(music)",
            "00:05.000 --> 00:07.000\n<v Ben Ode>Note: no.\n<v Anna Meyer>Yes?",
        )
    )
    assert said(transcript) == [
        ("Anna Meyer", "Good morning, all."),
        ("Unknown speaker 1", "(music)"),
        ("Ben Ode", "Note: no."),
        ("Anna Meyer", "Yes?"),
    ]


def test_notes_styles_headers_and_names_of_cues_are_no_speech() -> None:
    text = (
        "WEBVTT - A call\r\nKind: captions\r\n\r\nNOTE\r\nmade by a machine\r\n\r\nSTYLE\r\n::cue { color: red }\r\n\r\n"
        "first cue\r\n1:02:04.500 --> 1:02:06.000\r\nAnna: Hello.\r\n"
    )
    (turn,) = read_text(text).turns
    assert (turn.text, turn.start_ms) == ("Hello.", 3_724_500)


def test_several_lines_of_a_caption_may_have_several_speakers() -> None:
    transcript = read_text(srt("00:00:01,000 --> 00:00:02,000\n- Anna: Hello.\n- Ben: Hi,\nthere."))
    assert said(transcript) == [("Anna", "Hello."), ("Ben", "Hi, there.")]


def test_captions_that_players_write_loosely_are_read() -> None:
    text = "00:00:01.00 --> 00:00:02.00\n<font color='red'>Anna: {\\an8}Hello.</font>\n\n3\n0:00:02,5 --> 0:00:03,000\nBen: Hi."
    assert said(read_text(text)) == [("Anna", "Hello."), ("Ben", "Hi.")]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (vtt("1\n00:00:01,000 --> 00:00:02,000\nAnna: Hi."), 4, "is SRT's, and the first line says WebVTT"),
        (vtt("00:02.000 --> 00:01.000\nAnna: Hi."), 3, "ends before it begins"),
        (vtt("00:05.000 --> 00:06.000\nAnna: Hi.", "00:04.000 --> 00:06.000\nBen: Hi."), 6, "what stands above it"),
        (vtt("00:99.000 --> 01:06.000\nAnna: Hi."), 3, "the time '00:99.000' is none"),
        (vtt("-00:01.000 --> 01:06.000\nAnna: Hi."), 3, "is negative"),
        (vtt("soon --> later\nAnna: Hi."), 3, "is no pair of times"),
        (vtt("Anna: Hi."), 3, "belongs to no cue"),
        (
            vtt("00:01.000 --> 00:02.000\nAnna: Hi.\n00:03.000 --> 00:04.000\nBen: Hi."),
            5,
            "put an empty line before it",
        ),
        (vtt("00:01.000 --> 00:02.000\nhello there"), 3, "no speaker is named"),
        (vtt("00:01.000 --> 00:02.000\n<v Anna> </v>"), 1, "nobody says a word"),
        ("WEBVTT\n", 1, "nobody says a word"),
        (srt("00:00:01,000 --> 00:00:02,000\nAnna: Hi.") + "\n7\nBen: Hi.", 5, "belongs to no cue"),
    ],
)
def test_captions_that_do_not_hold_are_named_by_line(text: str, line: int, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason) as refused:
        read_text(text, "call.vtt")
    assert refused.value.place == f"line {line}"
