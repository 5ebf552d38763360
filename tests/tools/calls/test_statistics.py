"""Statistics computed by hand on calls of a few turns."""

from dataclasses import replace

import pytest

from memory.transcripts.model import Transcript, Turn
from tests.tools.calls.conversation import timed, untimed
from tools.calls.pace import syllables
from tools.calls.speech import BUYER, SELLER, Basis, Party, side
from tools.calls.statistics import (
    Statistic,
    call_statistics,
    interactivity,
    longest_customer_story,
    longest_monologue,
    patience,
    question_count,
    question_rate,
    speaker_shares,
    talk_ratio,
    written,
)

CALL = timed(
    "s 0-20 Thanks for coming. What does a bad day look like?",
    "b 21-51 We had four trucks in the street.",
    "s 50-51 Mm-hm.",
    "b 52-82 And nobody answered the phone, so a whole load was lost.",
    "s 84-94 How often does that happen?",
    "c 93-98 Twice a month.",
    "s 98.5-120 I see. Let me show you. Okay?",
)


def sellers(call: Transcript) -> Party:
    return side(call, SELLER)


def test_talk_ratio_is_the_sellers_share_of_all_speech() -> None:
    # sellers 20 + 1 + 10 + 21.5 = 52.5 s; buyers 30 + 30 + 5 = 65 s; 52.5 / 117.5
    ratio = talk_ratio(CALL, sellers(CALL))
    assert ratio.value == pytest.approx(100 * 52.5 / 117.5)
    assert (ratio.text, ratio.unit, ratio.gong, ratio.basis) == ("45 %", "%", "Talk Ratio", Basis.TIME)


def test_the_shares_of_all_speakers_sum_to_a_hundred() -> None:
    shares = [share.statistics[0].value or 0.0 for share in speaker_shares(CALL)]
    assert sum(shares) == pytest.approx(100)


def test_turns_of_one_speaker_that_overlap_are_counted_once() -> None:
    call = timed("s 0-10 One two three.", "s 5-15 Four five.", "b 15-30 Six.")
    assert talk_ratio(call, sellers(call)).value == pytest.approx(50)


def test_a_back_channel_does_not_break_a_story() -> None:
    story = longest_customer_story(CALL)
    assert (story.value, story.turns, story.subject, story.text) == (60.0, (1, 3), "Bea Buyer", "1 min 0 s")


def test_the_same_word_after_a_question_is_an_answer_and_breaks_the_monologue() -> None:
    call = timed("s 0-30 Shall I go on?", "b 31-32 Right.", "s 33-50 Then I go on.")
    assert longest_monologue(call, sellers(call)).value == 30.0


def test_a_long_interjection_breaks_the_monologue() -> None:
    call = timed("s 0-30 It is simple.", "b 31-33 Right, but not for us.", "s 33-50 Then I go on.")
    assert longest_monologue(call, sellers(call)).value == 30.0


def test_two_sellers_in_a_row_are_two_monologues() -> None:
    call = timed("s 0-30 It is simple.", "e 30-70 I can show it.", "b 70-71 Please.")
    monologue = longest_monologue(call, sellers(call))
    assert (monologue.value, monologue.subject, monologue.turns) == (40.0, "Eve Engineer", (1, 1))


def test_interactivity_counts_switches_of_the_floor_between_the_sides() -> None:
    # s | b b | s | c | s = 4 switches in 120 s
    measured = interactivity(CALL)
    assert (measured.value, measured.count, measured.text) == (2.0, 4, "2.0 switches a minute")


def test_patience_is_the_mean_wait_after_a_buyer() -> None:
    # b ends at 82, reply at 84: 2 s; c ends at 98, reply at 98.5: 0.5 s; the "Mm-hm" is no reply
    waited = patience(CALL, sellers(CALL))
    assert (waited.value, waited.count, waited.text) == (1.25, 2, "1.2 s")


def test_a_reply_that_interrupts_has_waited_no_time() -> None:
    call = timed("b 0-10 I was going to say.", "s 8-20 I know what you mean.")
    assert patience(call, sellers(call)).value == 0.0


def test_a_reply_to_one_buyer_while_another_still_speaks_has_waited_no_time() -> None:
    call = timed("b 0-30 A long story.", "c 5-6 It was in May though.", "s 10-20 In May, then.")
    assert patience(call, sellers(call)).value == 0.0


def test_questions_are_sentences_with_a_mark_that_are_more_than_a_tag() -> None:
    assert question_count(CALL, sellers(CALL)).value == 2
    assert question_rate(CALL, sellers(CALL)).value == pytest.approx(60)
    tags = timed("s 0-70 It works, you know? Right? Okay? When?")
    assert question_count(tags, sellers(tags)).value == 2


def test_without_question_marks_a_question_is_told_by_its_beginning_and_the_figure_says_so() -> None:
    call = untimed("s so what do you use today", "b we use paper. do you want to see it", "s yes")
    counted = question_count(call, sellers(call))
    assert counted.value == 1
    assert "no question marks" in (counted.note or "")


def test_without_times_words_are_counted_and_the_basis_says_so() -> None:
    call = untimed("s one two three", "b four five six seven eight nine")
    monologue = longest_monologue(call, sellers(call))
    assert monologue.basis is Basis.WORDS
    assert (monologue.value, monologue.text) == (3, "3 words")


def test_without_times_shares_of_speech_are_told_from_syllables_and_pauses() -> None:
    # "we grew twenty-one percent, twice." is 8 syllables and 2 pauses; "no" is one
    ratio = talk_ratio(untimed("s We grew 21%, twice.", "b no"), Party("Sellers", frozenset("s")))
    assert ratio.value == pytest.approx(100 * 10 / 11)
    assert ratio.basis is Basis.SYLLABLES


@pytest.mark.parametrize(
    ("written", "as_said", "count"),
    [
        ("$1.2", "one point two dollars", 5),
        ("2019", "twenty nineteen", 4),
        ("2,019", "two thousand nineteen", 5),
        ("115", "a hundred fifteen", 5),
        ("0049", "zero zero four nine", 6),
        ("3rd", "third", 1),
        ("SSO", "S S O", 3),
        ("yes <inaudible> yes", "yes yes", 2),
    ],
)
def test_what_is_written_short_takes_as_long_as_it_is_said(written: str, as_said: str, count: int) -> None:
    assert syllables(written) == count, as_said


def test_one_turn_without_an_end_is_enough_to_count_words() -> None:
    call = replace(CALL, turns=(*CALL.turns, Turn(7, "b", "four", 121_000)))
    assert longest_monologue(call, sellers(call)).basis is Basis.WORDS


@pytest.mark.parametrize(
    ("statistic", "reason"),
    [
        (patience(untimed("b a b", "s c d"), Party("Sellers", frozenset("s"))), "the transcript has no times"),
        (talk_ratio(timed("x 0-9 Hm."), Party("Sellers", frozenset())), "no speaker is known to be a seller"),
        (interactivity(timed("s 0-90 Alone here.")), "no speaker is known to be a buyer"),
        (interactivity(timed("s 0-9 Hi there.", "b 9-10 Hello you.")), "the call is too short for a rate"),
        (longest_customer_story(timed("s 0-90 Alone here.")), "no speaker is known to be a buyer"),
        (
            patience(timed("s 0-40 First.", "b 40-80 Then me."), Party("Sellers", frozenset("s"))),
            "Sellers never replied to a buyer",
        ),
    ],
)
def test_what_cannot_be_known_has_no_value_and_a_reason(statistic: Statistic, reason: str) -> None:
    assert (statistic.value, statistic.text, statistic.reason) == (None, None, reason)


def test_turns_of_people_on_no_known_side_are_said_to_be_left_out() -> None:
    call = timed("s 0-30 What about you?", "x 30-60 We have containers.", "b 60-90 Yes, we do.")
    assert interactivity(call).note == "turns by speakers known neither as sellers nor as buyers: 1"
    assert interactivity(call).count == 1


def test_an_empty_side_does_not_stop_the_rest_of_the_statistics() -> None:
    measured = {(one.name, one.subject): one for one in call_statistics(timed("x 0-30 Hello?", "x 31-90 Anybody?"))}
    assert all(one.value is None and one.reason for one in measured.values())


def test_buyers_questions_are_counted_beside_the_sellers() -> None:
    counts = {one.subject: one.value for one in call_statistics(CALL) if one.name == "questions"}
    assert counts == {"Sellers": 2, "Buyers": 0}
    assert side(CALL, BUYER).speakers == {"b", "c"}


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (59.6, "s", "1 min 0 s"),
        (46.7, "%", "47 %"),
        (112.4, "questions an hour", "112 questions an hour"),
        (212, "words", "212 words"),
        (1, "dated next steps", "1 dated next step"),
        (0, "objections", "0 objections"),
    ],
)
def test_numbers_are_written_with_their_unit(value: float, unit: str, text: str) -> None:
    assert written(value, unit) == text
