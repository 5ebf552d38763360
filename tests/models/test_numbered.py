from core.identity import Label
from models.evidence import Citation, Source, Utterance
from models.language import Sentence
from models.numbered import Numbering

SOURCE = Source(
    "c1", "h" * 64, "Demo", Label.INTERNAL, (Utterance(3, "Anna", "We pay. We wait.", (10, 26), "buyer", "00:12"),)
)
PAY, WAIT = Citation("c1", "h" * 64, (3, 3), (10, 17)), Citation("c1", "h" * 64, (3, 3), (18, 26))


def test_each_quotation_gets_a_number_in_order_of_first_use() -> None:
    numbering = Numbering()
    first = numbering.apply(Sentence('Anna: "We wait." [7]', (WAIT,)), [SOURCE])
    second = numbering.apply(Sentence('Anna: "We pay." [7]', (PAY,)), [SOURCE])
    again = numbering.apply(Sentence('Anna: "We wait." [7]', (WAIT,)), [SOURCE])

    assert [sentence.text[-3:] for sentence in (first, second, again)] == ["[1]", "[2]", "[1]"]
    assert (first.references[0].speaker, first.references[0].at, first.references[0].title) == ("Anna", "00:12", "Demo")


def test_a_number_in_brackets_that_was_spoken_is_left_alone() -> None:
    said = Numbering().apply(Sentence('Anna: "See [4] there." [9]', (PAY,)), [SOURCE])
    assert said.text == 'Anna: "See [4] there." [1]'


def test_several_marks_keep_their_places() -> None:
    said = Numbering().apply(Sentence("They pay [2], and wait [3].", (PAY, WAIT)), [SOURCE])
    assert said.text == "They pay [1], and wait [2]."


def test_a_citation_without_a_mark_is_shown_at_the_end() -> None:
    assert Numbering().apply(Sentence("They pay.", (PAY,)), [SOURCE]).text == "They pay. [1]"
