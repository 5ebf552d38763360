from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from memory.transcripts import labelled
from memory.transcripts.faults import UnreadableError
from tests.memory.transcripts.material import misplaced, read_text, said

ANNA_SAYS_HELLO = [("Anna Meyer", "hello")]


@pytest.mark.parametrize(
    ("line", "start_ms"),
    [
        ("Anna Meyer: hello", None),
        ("Anna Meyer：hello", None),
        ("[12:04] Anna Meyer: hello", 724_000),
        ("(00:12:04) Anna Meyer: hello", 724_000),
        ("12:04 Anna Meyer: hello", 724_000),
        ("[12:04] - Anna Meyer: hello", 724_000),
        ("Anna Meyer [12:04]: hello", 724_000),
        ("Anna Meyer (1:12:04): hello", 4_324_000),
        ("[75:10.5] Anna Meyer: hello", 4_510_500),
        ("[00:00,25] Anna Meyer: hello", 250),
    ],
)
def test_a_turn_begins_with_its_speaker_and_maybe_a_time(line: str, start_ms: int | None) -> None:
    transcript = read_text(line)
    assert said(transcript) == ANNA_SAYS_HELLO
    assert transcript.turns[0].start_ms == start_ms


@pytest.mark.parametrize(
    ("label", "role", "title"),
    [
        ("Anna Meyer (buyer)", "buyer", None),
        ("Anna Meyer (Seller)", "seller", None),
        ("Anna Meyer (CFO)", None, "CFO"),
        ("Anna Meyer (buyer, 12:04)", "buyer", None),
        ("Anna Meyer (CFO, buyer) [12:04]", "buyer", "CFO"),
    ],
)
def test_brackets_behind_the_name_tell_role_and_title(label: str, role: str | None, title: str | None) -> None:
    (speaker,) = read_text(f"{label}: hello").speakers
    assert (speaker.name, speaker.role, speaker.title) == ("Anna Meyer", role, title)


def test_a_role_told_once_holds_for_the_whole_conversation() -> None:
    transcript = read_text("Anna: hi\nBen (buyer): yes\nANNA (seller): so\nBen: no")
    assert [(u.speaker, u.role) for u in transcript.utterances] == [
        ("Anna", "seller"),
        ("Ben", "buyer"),
        ("Anna", "seller"),
        ("Ben", "buyer"),
    ]


def test_two_who_would_be_shown_under_one_name_are_told_apart_by_number() -> None:
    long = "Anna-" * 20
    transcript = read_text(f"{long}Meyer: x\n{long}Roe: y\n{long}Meyer: z")
    shown = [utterance.speaker for utterance in transcript.utterances]
    assert shown == [shown[0], f"{shown[0][:-2]} 2", shown[0]]


def test_lines_without_a_speaker_go_on_with_the_turn() -> None:
    transcript = read_text("Anna:\r\nfirst\r\n\r\nsecond: with a colon\r\n  Ben: quoted by Anna\r\nBen: yes")
    assert said(transcript) == [("Anna", "first second: with a colon Ben: quoted by Anna"), ("Ben", "yes")]
    assert misplaced(transcript) == []


@pytest.mark.parametrize(
    "line", ["the plan: we go", "see https://sophia.example", "at 12:30 we go", "One, two: three", "a: b", ": x", "::"]
)
def test_words_with_a_colon_are_no_speaker(line: str) -> None:
    assert said(read_text(f"Anna: x\n{line}")) == [("Anna", f"x {line}")]


@pytest.mark.parametrize("name", ["Anna van der Berg", "王伟", "O'Neil", "Speaker 2", "Dr. Meyer-Ode", "Meyer&Co"])
def test_names_come_in_many_shapes(name: str) -> None:
    assert said(read_text(f"{name}: hello")) == [(name, "hello")]


def test_a_header_gives_title_date_and_account() -> None:
    transcript = read_text("\ufeff\nTitle: Renewal\ndate: 2026-01-13T11:00+01:00\nAccount: Castellan\n\nAnna: hello")
    assert (transcript.id, transcript.title, transcript.account) == ("call", "Renewal", "Castellan")
    assert transcript.held == datetime(2026, 1, 13, 10, tzinfo=UTC)
    assert said(transcript) == [("Anna", "hello")]


def test_a_date_alone_is_that_day_in_utc() -> None:
    assert read_text("Date: 2026-01-13\nAnna: x").held == datetime(2026, 1, 13, tzinfo=UTC)


def test_what_sophia_writes_she_reads_again() -> None:
    transcript = read_text("[00:05] Anna Meyer (seller): hello: you\n[1:00:07] Ben (buyer): yes")
    assert read_text(transcript.text).turns == transcript.turns
    assert read_text(transcript.text).speakers == transcript.speakers


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("Anna: a\n[-00:05] Ben: b", 2, "negative"),
        ("[00:10] Anna: a\n\nmore\n[00:05] Ben: b", 4, "'00:05' lies before"),
        ("[00:75] Anna: a", 1, "write mm:ss"),
        ("[1:75:00] Anna: a", 1, "write mm:ss"),
        ("Date: yesterday\nAnna: a", 1, "'yesterday' is none"),
        ("so it began\nAnna: a", 1, "before any speaker"),
        ("Anna (buyer): a\nAnna (seller): b", 2, "'Anna' is the seller here and the buyer above"),
        ("Anna:\nBen:", 1, "nobody says a word"),
    ],
)
def test_a_line_that_does_not_fit_is_named(text: str, line: int, reason: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        read_text(text)
    assert (refused.value.file, refused.value.place) == ("call.txt", f"line {line}")
    assert reason in refused.value.reason


_PIECES = st.sampled_from(
    [
        "[12:04]",
        "(1:02:03)",
        "[-0:01]",
        "Anna",
        "Ben (buyer)",
        "(seller)",
        ":",
        ": ",
        "\n",
        "\r",
        " ",
        "Date: ",
        "2026",
        "x",
    ]
)


@given(st.one_of(st.text(), st.lists(_PIECES).map("".join)))
@example("Date: 0001-01-01T00:00+23:59\nA: x")
@example("A: \ud800")
@example("[١٢:٠٤] A: x")
def test_no_text_makes_it_raise_anything_but_its_own_error(text: str) -> None:
    try:
        (transcript,) = labelled.read(text, file="call.txt", stem="call")
    except UnreadableError:
        return
    assert misplaced(transcript) == []
    assert [turn.index for turn in transcript.turns] == list(range(len(transcript.turns)))
    transcript.text.encode()
    assert "\n" not in "".join(turn.text for turn in transcript.turns)
    assert transcript.content_hash


def test_titles_cannot_forge_a_quotation_and_names_are_not_endless() -> None:
    transcript = read_text(f'Title: Call" «x» <b>\n{"A" * 120} (the "CFO"): hello\n{"A" * 121}: hi')
    assert transcript.title == "Call x b"
    assert [(len(speaker.name), speaker.title) for speaker in transcript.speakers] == [(100, "the CFO"), (100, None)]
    assert [turn.speaker for turn in transcript.turns] == ["A" * 120, "A" * 121]


def test_a_title_of_nothing_but_quotes_gives_way_to_the_name_of_the_file() -> None:
    assert read_text('Title: ""\nAnna: hello').title == "call"
