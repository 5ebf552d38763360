"""Sentences that show other words than a program reads are withheld, unless the cited words are written so."""

from dataclasses import replace

import pytest

from memory.transcripts.model import Speaker, Transcript, Turn
from models.citations import FlawKind, check
from models.language import Sentence
from tests.models.material import BRIEF, cite, sentence, source


@pytest.mark.parametrize(
    "text",
    [
        "\u0410nna pays $48,000 today [1].",
        "They p\u0430y $48,000 today [1].",
        "They pay $48,000\u200b today [1].",
        "They pay\n$48,000 today [1].",
        "They pay\u2028$48,000 today [1].",
        "They pay \u202e000,84$\u202c today [1].",
        "They pay $48,000\x1b[8m not\x1b[0m today [1].",
        "They pay \uff11 today [1].",
        "They pay \u00bd today [1].",
        "They pay \u2461 today [1].",
        "They pay $4\u03368,000 today [1].",
        "They pay \U0001d427\U0001d428\U0001d42d today [1].",
        'Anna: "We pay\u200b $48,000 today." [1]',
        'Anna: "We p\u0430y $48,000 today." [1]',
    ],
)
def test_a_disguised_sentence_is_withheld(text: str) -> None:
    flaw = check(sentence(text, 1), BRIEF)

    assert flaw is not None
    assert flaw.kind is FlawKind.CHARACTER


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Мы платим 48 000 сегодня.", 'Анна Мейер: "Мы платим 48 000 сегодня." [1]'),
        ("価格は四万八千ドルです。", 'Анна Мейер: "価格は四万八千ドルです。" [1]'),
        ("We pay zero\u200dwidth\tmoney.", 'Анна Мейер: "We pay zero\u200dwidth\tmoney." [1]'),
        ("We use the new αMail of \u0410BC.", "They use αMail of \u0410BC [1]."),
        ("We pay ½ now.", "They pay ½ now [1]."),
        ("Die Prüfung kostet, naïve Señora.", "Die Prüfung kostet, naïve Señora [1]."),
    ],
)
def test_what_the_cited_words_are_written_in_passes(said: str, told: str) -> None:
    call = Transcript("c", "Call", (Speaker(id="a", name="Анна Мейер"),), (Turn(0, "a", said),))
    brief = replace(BRIEF, sources=(source(0, 0, call),))

    assert check(Sentence(told, (cite(0, call=call),)), brief) is None
