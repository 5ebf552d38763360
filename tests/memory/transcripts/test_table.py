import pytest

from memory.transcripts.detect import read
from memory.transcripts.faults import UnreadableError
from tests.memory.transcripts.material import misplaced, read_text, said


@pytest.mark.parametrize(
    "text",
    [
        "speaker,start,end,text\nAnna Meyer,00:12,00:15,Hello.\nBen Ode,00:16,0:18.5,No.\n",
        'Speaker Name;Start Time;End Time;Transcript\r\nAnna Meyer;00:12;00:15;"Hello."\r\nBen Ode;00:16;00:18.5;No.\r\n',
        "Utterance\tWho\tstart_ms\tend_ms\nHello.\tAnna Meyer\t12000\t15000\nNo.\tBen Ode\t16000\t18500\n",
        "\nid|participant|from (s)|to (s)|content\n1|Anna Meyer|12|15|Hello.\n\n2|Ben Ode|16|18.5|No.\n",
        "name,begin,end,said\nAnna Meyer,12.0,15.0,Hello.\nBen Ode,16.0,18.5,No.\n",
    ],
)
def test_columns_and_separators_are_found_under_their_common_names(text: str) -> None:
    transcript = read_text(text, "renewal.csv")
    assert said(transcript) == [("Anna Meyer", "Hello."), ("Ben Ode", "No.")]
    assert [(turn.start_ms, turn.end_ms) for turn in transcript.turns] == [(12000, 15000), (16000, 18500)]
    assert (transcript.id, misplaced(transcript)) == ("renewal", [])


def test_words_over_several_lines_and_with_separators_stay_one_turn() -> None:
    transcript = read_text('speaker,text\nAnna,"We pay, too\nmuch ""now""."\nBen,Yes.\n')
    assert said(transcript) == [("Anna", 'We pay, too much "now".'), ("Ben", "Yes.")]


def test_a_role_and_the_rows_that_go_on_with_a_turn_are_taken() -> None:
    transcript = read_text("speaker,role,text\nAnna,Seller,Hello\nanna,,again.\n,,Hm.\nBen,Buyer,No.\n")
    assert said(transcript) == [("Anna", "Hello again."), ("Unknown speaker 1", "Hm."), ("Ben", "No.")]
    assert [speaker.role for speaker in transcript.speakers] == ["seller", None, "buyer"]


def test_a_column_of_calls_makes_a_conversation_of_each() -> None:
    table = "call_id,speaker,start,text\nc-1,Anna,1.5,Hello.\nc-2,Ben,0.5,Hi.\nc-1,Ben,2.5,No.\n"
    one, two = read(table.encode(), file="calls.csv")
    assert (one.id, said(one)) == ("c-1", [("Anna", "Hello."), ("Ben", "No.")])
    assert (two.id, said(two)) == ("c-2", [("Ben", "Hi.")])


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (
            "person,start,text\nAnna,1.0,Hi.\n",
            1,
            "which column holds the speaker\\? Name it 'speaker' \\(of 'person'\\)",
        ),
        ("speaker,start,line\nAnna,1.0,Hi.\n", 1, "which column holds the text\\?"),
        ("speaker,text,transcript\nAnna,Hi.,Ho.\n", 1, "the text, 'text' or 'transcript'\\? Rename the other one"),
        (
            "speaker,start,text\nAnna,90,Hi.\n",
            2,
            "in seconds or in milliseconds\\? Name the column 'start_s' or 'start_ms'",
        ),
        ("speaker,start,text\nAnna,noon,Hi.\n", 2, "start 'noon' is no time"),
        ("speaker,text\nAnna,Hi.\nBen,so,so\n", 3, "3 cells and the first row 2"),
        ("speaker,start,text\nAnna,9.5,Hi.\nBen,1.5,Ho.\n", 3, "begins before"),
        ("speaker,start,end,text\nAnna,9.5,9.0,Hi.\n", 2, "ends before it begins"),
        ("speaker,role,text\nAnna,seller,Hi.\nAnna,buyer,Ho.\n", 3, "is the buyer here and the seller above"),
        ("speaker,text\nAnna,\nBen,\n", 2, "nobody says a word"),
        ("speaker,text\n,Hi.\n", 2, "no speaker is named"),
        ("speaker,text\n", 1, "no row stands below"),
        ("call,speaker,text\n1,Anna,Hi.\n,Ben,Ho.\n", 3, "'call' is empty: say which call"),
        ("speaker,text\nAnna," + "x" * 200_000, 1, "broken CSV"),
    ],
)
def test_tables_that_do_not_hold_are_named_by_line_or_asked_about(text: str, line: int, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason) as refused:
        read_text(text, "call.csv")
    assert refused.value.place == f"line {line}"


def test_sentences_with_commas_are_no_table() -> None:
    assert said(read_text("Anna: speaker, text")) == [("Anna", "speaker, text")]


@pytest.mark.parametrize("text", ["Text, Anna said: hello", "Well, he said, no text at all."])
def test_prose_with_commas_is_none_of_the_formats(text: str) -> None:
    with pytest.raises(UnreadableError, match="none of the formats"):
        read_text(text)
