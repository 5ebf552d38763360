import pytest

from agents.call_analysis.intents import Intent, intents, known, says_nothing_new, settled
from models.language import Choice

UNSURE, SURE = 0.8, 0.99


def intent_of(question: str, chosen: Intent | None, confidence: float = UNSURE, *names: str) -> Intent:
    choices = [] if chosen is None else [Choice(chosen, question, confidence)]
    [(intent, part)] = settled(question, choices, names=names)
    assert part == question
    return intent


@pytest.mark.parametrize("intent", [Intent.STATISTICS, Intent.SUMMARISE, Intent.COMPETITORS, Intent.OBJECTIONS])
def test_an_unsure_choice_without_a_word_of_its_kind_is_a_question(intent: Intent) -> None:
    assert intent_of("What happened to the bakery that keeps coming up?", intent) is Intent.QUESTION


def test_a_sure_choice_needs_no_word_of_its_kind() -> None:
    assert intent_of("Give me the whole story of that visit", Intent.SUMMARISE, SURE) is Intent.SUMMARISE


def test_an_unsure_choice_with_a_word_of_its_kind_stands() -> None:
    assert intent_of("What was the longest monologue of the demo?", Intent.STATISTICS) is Intent.STATISTICS


def test_a_question_about_one_thing_of_a_kind_is_no_list_of_them() -> None:
    assert intent_of("What did they object to in the liability clause?", Intent.OBJECTIONS, SURE) is Intent.QUESTION
    assert intent_of("Which promises did we make on the connector?", Intent.NEXT_STEPS, SURE) is Intent.QUESTION


def test_a_list_is_recognised_by_its_words_whatever_was_chosen() -> None:
    assert intent_of("What did they object to on the call?", Intent.SUMMARISE, SURE) is Intent.OBJECTIONS
    assert intent_of("Which competitors came up?", None) is Intent.COMPETITORS
    assert intent_of("When is it due?", Intent.QUESTION) is Intent.NEXT_STEPS


def test_words_of_a_statistic_ask_for_it_whatever_else_it_sounded_like() -> None:
    question = "Does Dale talk less on calls of deals that were won than on those of deals that were lost?"
    assert intent_of(question, Intent.COMPARE, SURE) is Intent.STATISTICS
    assert intent_of(question, Intent.MOOD, UNSURE) is Intent.STATISTICS


def test_who_is_asked_about_is_nothing_else_that_is_asked() -> None:
    assert intent_of("What does Renata owe them?", Intent.QUESTION, UNSURE) is Intent.QUESTION
    assert intent_of("What does Renata owe them?", Intent.QUESTION, UNSURE, "Renata") is Intent.NEXT_STEPS


def test_parts_that_want_the_same_are_one_part() -> None:
    question = "What did Anna say, and what did Tom say?"
    choices = [Choice(Intent.QUESTION, part, 0.9) for part in ("What did Anna say", "what did Tom say")]
    assert settled(question, choices) == [(Intent.QUESTION, question)]


def test_a_question_that_only_names_somebody_says_nothing_new() -> None:
    assert says_nothing_new("and they?", ())
    assert says_nothing_new("And what about Dale?", ("Dale",))
    assert not says_nothing_new("and what about pricing?", ())
    assert not says_nothing_new("List all calls", ())


def test_every_intent_has_examples_and_all_but_the_question_have_words() -> None:
    assert {option.name for option in intents()} == set(Intent)
    for name, one in known().items():
        assert one.option.examples
        assert (name is Intent.QUESTION) != any(one.asked_in(example) for example in one.option.examples)


@pytest.mark.parametrize(
    "question",
    [
        "Coach Sam",
        "What does Sam do differently from the calls we win?",
        "How do Sam's calls differ from those we won?",
        "How could Sam improve?",
        "What should Sam and Rita work on?",
        "Where is Sam weak on calls?",
    ],
)
def test_coaching_is_asked_for_by_its_words_whatever_was_chosen(question: str) -> None:
    assert intent_of(question, Intent.NEXT_STEPS, SURE) is Intent.COACH
    assert intent_of(question, None) is Intent.COACH


@pytest.mark.parametrize(
    "question", ["Did Sam follow the playbook?", "What did we leave out of the script?", "Who goes off-script most?"]
)
def test_a_playbook_is_asked_for_by_its_words(question: str) -> None:
    assert intent_of(question, Intent.QUESTION, SURE) is Intent.PLAYBOOK


@pytest.mark.parametrize(
    "question",
    [
        "How could we improve the interface of the gate sign?",
        "What did Bea say about the improved map?",
        "Did anybody mention a Python script?",
        "What would they have to change?",
    ],
)
def test_what_is_improved_or_scripted_on_a_call_is_a_question(question: str) -> None:
    assert intent_of(question, Intent.COACH, SURE) is Intent.QUESTION
