import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from memory.transcripts.detect import read, read_file
from memory.transcripts.faults import UnreadableError
from tests.memory.transcripts.material import (
    SAMPLES,
    gong,
    misplaced,
    monologue,
    read_json,
    read_one,
    said,
    sentence,
)

ANNA = {"speakerId": "1", "name": "Anna Meyer", "title": "Account Executive", "userId": "u1", "affiliation": "Internal"}
BEN = {"speakerId": "2", "name": "Ben Ode", "affiliation": "External"}
HELLO = monologue("1", sentence(0, 900, "Hello."))


def test_a_monologue_is_a_turn_with_its_sentences_topic_and_times() -> None:
    transcript = read_one(
        gong(
            monologue("1", sentence(200, 900, "Hello."), sentence(950, 1400, "How are you?"), topic="Call Setup"),
            monologue("2", sentence(1500, 2000, "Fine.")),
            parties=[ANNA, BEN],
        )
    )
    assert said(transcript) == [("Anna Meyer", "Hello. How are you?"), ("Ben Ode", "Fine.")]
    first, second = transcript.turns
    assert (first.start_ms, first.end_ms, first.topic) == (200, 1400, "Call Setup")
    assert (second.index, second.start_ms, second.end_ms, second.topic) == (1, 1500, 2000, None)


def test_affiliation_says_who_sells_and_who_buys() -> None:
    odd = {"speakerId": "3", "name": "Cleo", "affiliation": "Unknown"}
    transcript = read_one(
        gong(HELLO, monologue("2", sentence(1, 2)), monologue("3", sentence(2, 3)), parties=[ANNA, BEN, odd])
    )
    assert [speaker.role for speaker in transcript.speakers] == ["seller", "buyer", None]
    assert (transcript.speakers[0].title, transcript.speakers[0].user) == ("Account Executive", "u1")


def test_speakers_without_a_party_or_a_name_are_told_apart_by_number() -> None:
    dialled_in = {"speakerId": "8", "phoneNumber": "+1 555-0142", "affiliation": "Unknown"}
    transcript = read_one(
        gong(
            HELLO,
            monologue("8", sentence(1, 2)),
            monologue("9", sentence(2, 3)),
            monologue("8", sentence(3, 4)),
            parties=[ANNA, dialled_in],
        )
    )
    speakers = [speaker for speaker, _ in said(transcript)]
    assert speakers == ["Anna Meyer", "Unknown speaker 1", "Unknown speaker 2", "Unknown speaker 1"]


def test_the_details_of_the_call_are_merged() -> None:
    account = {"objectType": "Account", "fields": [{"name": "Name", "value": "Castellan"}]}
    deal = {
        "objectType": "Opportunity",
        "fields": [{"name": "name", "value": "Renewal"}, {"name": "Amount", "value": 7}],
    }
    about = {"title": "QBR", "started": "2026-01-21T13:00:41-06:00", "duration": 793, "primaryUserId": "u1"}
    transcript = read_one(
        gong(HELLO, meta_data=about, context=[{"system": "HubSpot", "objects": [deal, account]}], parties=[ANNA])
    )
    assert (transcript.id, transcript.title, transcript.account) == ("77", "QBR", "Castellan")
    assert transcript.held == datetime(2026, 1, 21, 19, 0, 41, tzinfo=UTC)
    assert transcript.duration_ms == 793_000
    assert dict(transcript.properties) == {"host": "u1", "opportunity": "Renewal"}


def test_the_account_that_is_told_is_for_calls_that_are_linked_to_none() -> None:
    linked = [{"objects": [{"objectType": "Account", "fields": [{"name": "Name", "value": "Castellan"}]}]}]
    alone, known = gong(HELLO), gong(HELLO, context=linked)
    accounts = [read(json.dumps(call).encode(), file="c", account="Ossery")[0].account for call in (alone, known)]
    assert accounts == ["Ossery", "Castellan"]
    assert read_one(alone).account is None


def test_what_gong_sends_as_null_is_as_good_as_left_out() -> None:
    transcript = read_one(gong(HELLO, monologue("2"), meta_data={"title": None}, parties=None, context=None))
    assert transcript.title == "Call 77"
    assert said(transcript) == [("Unknown speaker 1", "Hello."), ("Unknown speaker 2", "")]


def test_one_file_may_hold_several_calls() -> None:
    one, two = gong(HELLO, call="1", parties=[ANNA]), gong(HELLO, call="2", parties=[ANNA | {"name": "Cleo"}])
    both = {key: one[key] + two[key] for key in ("callTranscripts", "calls")}
    assert [(call.id, call.speakers[0].name) for call in read_json(both)] == [("1", "Anna Meyer"), ("2", "Cleo")]


def test_people_who_interrupt_stand_in_the_order_in_which_they_begin() -> None:
    transcript = read_one(
        gong(
            monologue("1", sentence(0, 9000, "As I said,"), sentence(9100, 20000, "it is late.")),
            monologue("2", sentence(5000, 5400, "No.")),
            monologue("1", sentence(30000, 31000, "Well.")),
            monologue("2", sentence(25000, 40000, "Listen.")),
        )
    )
    assert [text for _, text in said(transcript)] == ["As I said, it is late.", "No.", "Listen.", "Well."]
    assert [turn.index for turn in transcript.turns] == [0, 1, 2, 3]


def test_a_monologue_of_two_hours_is_one_turn() -> None:
    long = monologue("1", *(sentence(i * 1000, i * 1000 + 900, f"Sentence {i}.") for i in range(7200)))
    (turn,) = read_one(gong(long)).turns
    assert turn.text.endswith("Sentence 7199.")
    assert turn.end_ms == 7_199_900


BAD_SENTENCE = "callTranscripts[0].transcript[1].sentences[0]"


@pytest.mark.parametrize(
    ("spoilt", "place", "reason"),
    [
        (sentence(5000, 3000), f"{BAD_SENTENCE}.end", "ends at 3000 ms, before its start at 5000 ms"),
        (sentence(-1, 3000), f"{BAD_SENTENCE}.start", "greater than or equal to 0"),
        ({"start": "noon", "end": 3, "text": "x"}, f"{BAD_SENTENCE}.start", "valid integer"),
        ({"start": 1, "text": "x"}, f"{BAD_SENTENCE}.end", "Field required"),
        ({"start": 1, "end": 2, "text": None}, f"{BAD_SENTENCE}.text", "valid string"),
        ("x", BAD_SENTENCE, "valid dictionary"),
    ],
)
def test_a_sentence_that_does_not_fit_is_named_by_its_path(spoilt: Any, place: str, reason: str) -> None:
    with pytest.raises(UnreadableError, match="export the call from Gong again") as refused:
        read_json(gong(HELLO, monologue("2", spoilt)))
    assert (refused.value.file, refused.value.place) == ("call.json", place)
    assert reason in refused.value.reason
    assert str(refused.value).startswith(f"call.json, {place}: ")


@pytest.mark.parametrize(
    ("export", "place"),
    [
        ({"callTranscripts": []}, "callTranscripts"),
        ({"callTranscripts": 7}, "callTranscripts"),
        (gong(), "callTranscripts[0].transcript"),
        (gong(monologue("1")), "callTranscripts[0].transcript"),
        (gong(monologue(None, sentence(0, 1))), "callTranscripts[0].transcript"),
        (gong(monologue("1", sentence(0, 1, " \x00 "))), "callTranscripts[0].transcript"),
        (gong(HELLO, call="a/b"), "callTranscripts[0].callId"),
        (gong(HELLO, call=""), "callTranscripts[0].callId"),
        (gong(HELLO, meta_data={"started": "yesterday"}), "calls[0].metaData.started"),
        ({"callTranscripts": gong(HELLO)["callTranscripts"] * 2}, "callTranscripts[1].callId"),
    ],
)
def test_a_call_that_cannot_be_kept_is_refused(export: object, place: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        read_json(export)
    assert refused.value.place == place


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_sample_calls_keep_every_word_in_its_place(path: Path) -> None:
    (transcript,) = read_file(path)
    source = json.loads(path.read_text(encoding="utf-8"))["callTranscripts"][0]["transcript"]
    assert [turn.text for turn in transcript.turns] == [
        " ".join(part["text"] for part in spoken["sentences"]) for spoken in source
    ]
    assert misplaced(transcript) == []
    assert transcript.account
    assert transcript.held


@pytest.mark.parametrize("other", ["1 ", " 1", "1\u200b"])
def test_speakers_whose_ids_differ_only_before_cleaning_stay_two(other: str) -> None:
    ben = BEN | {"speakerId": other}
    transcript = read_one(gong(HELLO, monologue(other, sentence(1, 2, "No.")), parties=[ANNA, ben]))
    assert said(transcript) == [("Anna Meyer", "Hello."), ("Ben Ode", "No.")]
    assert [speaker.id for speaker in transcript.speakers] == ["1", "1-2"]


@pytest.mark.parametrize("real", ["unknown", " "])
@pytest.mark.parametrize("nameless", [None, ""])
def test_the_nameless_are_not_whoever_has_the_id_unknown(nameless: str | None, real: str) -> None:
    export = gong(
        monologue(real, sentence(0, 1, "Hello.")), parties=[{"speakerId": real, "name": "Anna", "affiliation": None}]
    )
    export["callTranscripts"][0]["transcript"].append({"speakerId": nameless, "sentences": [sentence(1, 2, "No.")]})
    transcript = read_one(export)
    assert said(transcript) == [("Anna", "Hello."), ("Unknown speaker 1", "No.")]
    assert [speaker.id for speaker in transcript.speakers] == ["unknown-2", "unknown"]


def test_a_made_up_name_is_nobodys_name() -> None:
    named = {"speakerId": "2", "name": "unknown Speaker 1"}
    transcript = read_one(gong(HELLO, monologue("2", sentence(1, 2, "No.")), parties=[named]))
    assert said(transcript) == [("Unknown speaker 2", "Hello."), ("unknown Speaker 1", "No.")]


def test_names_and_titles_cannot_forge_a_quotation() -> None:
    anna = ANNA | {"name": 'Anna (buyer): "yes"', "title": "«CFO» [x]"}
    transcript = read_one(gong(HELLO, parties=[anna], meta_data={"title": 'Call" <b>x</b>'}))
    assert transcript.title == "Call b x /b"
    assert (transcript.speakers[0].name, transcript.speakers[0].title) == ("Anna buyer yes", "CFO x")
    assert transcript.text == "Anna buyer yes (seller, 00:00): Hello."


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [
        ({"name": "Ana Lee"}, {"name": "Ana Lee"}, ["Ana Lee", "Ana Lee 2"]),
        ({"name": "Ana Lee"}, {"name": "Ana (Lee)"}, ["Ana Lee", "Ana Lee 2"]),
        ({"name": "Ana Lee", "userId": "u1"}, {"name": "Ana Lee", "userId": "u1"}, ["Ana Lee", "Ana Lee"]),
        ({"name": "Ana Lee", "userId": "u1"}, {"name": "Ana Lee", "userId": "u2"}, ["Ana Lee", "Ana Lee 2"]),
    ],
)
def test_different_people_are_shown_under_different_names(
    first: dict[str, str], second: dict[str, str], shown: list[str]
) -> None:
    parties = [{"speakerId": "1"} | first, {"speakerId": "2"} | second]
    call = read_one(gong(monologue("1", sentence(0, 9)), monologue("2", sentence(10, 19)), parties=parties))
    assert [speaker.name for speaker in call.speakers] == shown


def test_every_published_shape_of_a_call_is_the_same_call() -> None:
    about = {"id": "77", "title": "QBR", "started": "2026-01-21T13:00:41Z", "duration": 793}
    monologues = [HELLO, monologue("2", sentence(950, 1400, "No."))]
    transcripts = {"requestId": "r", "callTranscripts": [{"callId": "77", "transcript": monologues}]}
    extensive = {"records": {"totalRecords": 1}, "calls": [{"metaData": about, "parties": [ANNA, BEN]}]}
    merged = {"metaData": about, "parties": [ANNA, BEN], "transcript": monologues}
    shapes = [
        transcripts | extensive,
        [transcripts, extensive],
        {"transcript": transcripts, "details": extensive},
        {"calls": [merged]},
        [merged],
        merged,
        {"callId": "77", "metaData": about, "parties": [ANNA, BEN], "transcript": monologues},
        [{"metaData": about, "parties": [ANNA, BEN], "transcript": transcripts}],
        [{"callData": {"metaData": about, "parties": [ANNA, BEN]}, "isTest": False}, transcripts],
        {"calls": [about | {"parties": [ANNA, BEN], "transcript": monologues}]},
    ]
    first, *others = [read_one(shape) for shape in shapes]
    assert (first.title, said(first)) == ("QBR", [("Anna Meyer", "Hello."), ("Ben Ode", "No.")])
    assert others == [first] * len(others)


def test_pages_of_responses_are_one_export() -> None:
    pages = [gong(HELLO, call="1", parties=[ANNA]), gong(HELLO, call="2", parties=[BEN | {"speakerId": "1"}])]
    assert [(call.id, call.speakers[0].name) for call in read_json(pages)] == [("1", "Anna Meyer"), ("2", "Ben Ode")]


def test_a_call_that_the_older_list_tells_of_has_title_and_day_and_no_names() -> None:
    listed = {"calls": [{"id": "77", "title": "QBR", "started": "1518863400.0", "duration": 460}]}
    transcript = read_one([gong(HELLO), listed])
    assert (transcript.title, transcript.held) == ("QBR", datetime(2018, 2, 17, 10, 30, tzinfo=UTC))
    assert said(transcript) == [("Unknown speaker 1", "Hello.")]


def test_a_fault_is_named_by_its_path_in_the_shape_that_was_read() -> None:
    spoilt = monologue("1", {"start": 9, "end": 3, "text": "x"})
    with pytest.raises(UnreadableError) as refused:
        read_json(
            [
                {"metaData": {"id": "1"}, "transcript": [HELLO]},
                {"callTranscripts": [{"callId": "2", "transcript": [spoilt]}]},
            ]
        )
    assert refused.value.place == "[1].callTranscripts[0].transcript[0].sentences[0].end"
