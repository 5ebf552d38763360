import pytest

from models.text.sentences import sentence_spans


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("We pay 48,000. Is it too much? Yes!", ["We pay 48,000.", "Is it too much?", "Yes!"]),
        ("Mr. Chair, version 2.5 is out. Dr. Ng said so.", ["Mr. Chair, version 2.5 is out.", "Dr. Ng said so."]),
        ("Ask J. Smith. It was I. Nobody else.", ["Ask J. Smith.", "It was I.", "Nobody else."]),
        ('She said "no." Then she left.', ['She said "no."', "Then she left."]),
        ("  no full stop at the end ", ["no full stop at the end"]),
        ("wait... what", ["wait...", "what"]),
        ("", []),
    ],
)
def test_speech_is_cut_where_sentences_end(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in sentence_spans(text)] == sentences
