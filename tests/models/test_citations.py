"""The citation check: lies are withheld, honest sentences pass."""

from dataclasses import replace

import pytest

from memory.transcripts.model import Transcript, Turn
from models.citations import FlawKind, check
from models.entities import Entity
from models.evidence import Citation, Figure
from models.language import Part, Sentence
from tests.models.honest import HONEST
from tests.models.material import BRIEF, CALL, WIN_RATE, cite, sentence, source

LIES = [
    ("They pay $58,000 today [1].", (1,), FlawKind.NUMBER),
    ("They pay €48,000 today [1].", (1,), FlawKind.NUMBER),
    ("They pay forty-nine thousand dollars [1].", (1,), FlawKind.NUMBER),
    ("The limit is 15 [1] and not a percentage of 16%.", (1,), FlawKind.NUMBER),
    ("The limit is 15 dollars [1].", (1,), FlawKind.NUMBER),
    ("They named twelve sites [1].", (1,), FlawKind.NUMBER),
    ("The change is -15% [1].", (1,), FlawKind.NUMBER),
    ("Send the SOC1 report [2].", (3,), FlawKind.NUMBER),
    ("Anna said so at 12:05 [1].", (1,), FlawKind.NUMBER),
    ("Onboarding starts on March 10 [2].", (2,), FlawKind.DATE),
    ("Onboarding starts on May 9 [2].", (2,), FlawKind.DATE),
    ("Onboarding starts on March 9, 2027 [2].", (2,), FlawKind.DATE),
    ("Send the report by Friday [2].", (3,), FlawKind.DATE),
    ("Send the report on tuesday [2].", (3,), FlawKind.DATE),
    ("Send the report by Tue [2].", (3,), FlawKind.DATE),
    ("They pay $48,000 tomorrow [1].", (1,), FlawKind.DATE),
    ("They pay $48,000 next quarter [1].", (1,), FlawKind.DATE),
    ("They currently pay 48000 a year [1].", (1,), FlawKind.NUMBER),
    ("They pay $48,000 per month [1].", (1,), FlawKind.NUMBER),
    ("They pay $48,000 monthly [1].", (1,), FlawKind.NUMBER),
    ("They pay $48,000/mo [1].", (1,), FlawKind.NUMBER),
    ("The limit is 15 percentage points [1].", (1,), FlawKind.NUMBER),
    ("The limit is 15 points [1].", (1,), FlawKind.NUMBER),
    ("The limit is 15 bps [1].", (1,), FlawKind.NUMBER),
    ("A dozen sites pay [1].", (1,), FlawKind.NUMBER),
    ("Half a dozen sites pay [1].", (1,), FlawKind.NUMBER),
    ("A couple of sites pay [1].", (1,), FlawKind.NUMBER),
    ("Dozens of sites pay [1].", (1,), FlawKind.NUMBER),
    ("They pay twice [1].", (1,), FlawKind.NUMBER),
    ("They pay half [1].", (1,), FlawKind.NUMBER),
    ("Two-thirds pay today [1].", (1,), FlawKind.NUMBER),
    ("The rollout took 320 days [3].", (5,), FlawKind.NUMBER),
    ("Ben offered a two-month term [2].", (2,), FlawKind.NUMBER),
    ("Send the report to Peter by Thursday [2].", (3,), FlawKind.NAME),
    ("Bob pays $48,000 today [1].", (1,), FlawKind.NAME),
    ("Ben pays $48,000 today [1].", (1,), FlawKind.NAME),
    ("Dana pays $48,000 today [1].", (1,), FlawKind.NAME),
    ("HubSpot is supported [3].", (4,), FlawKind.NAME),
    ("Ben supports HubSpot [3].", (4,), FlawKind.NAME),
    ('Ben Ortiz (seller, 12:40): "We pay $48,000 today." [1][2]', (1, 2), FlawKind.NAME),
    ('Anna said "We pay $46,000 today" [1].', (1,), FlawKind.QUOTATION),
    ('Anna said "We gladly pay $48,000 today" [1].', (1,), FlawKind.QUOTATION),
    ("Anna said 'procurement will approve' it [1].", (1,), FlawKind.QUOTATION),
    ('Anna said "today we pay" [1].', (1,), FlawKind.QUOTATION),
    ('Anna said "We pay $48,000 today [1].', (1,), FlawKind.QUOTATION),
    ('Anna said "thanks for joining" [1].', (1,), FlawKind.QUOTATION),
    ("bob pays, says anna, and ben agrees [1].", (1,), FlawKind.NAME),
    ("They grew by one percent [1].", (1,), FlawKind.NUMBER),
    ('Ben Ortiz: "We pay $48,000 today." [1][2]', (1, 2), FlawKind.NAME),
    ("See https://evil.example/?q=pricing for pricing [1].", (1,), FlawKind.ADDRESS),
    ("![pricing](//evil.example/x) was the question [1].", (1,), FlawKind.ADDRESS),
    ("Pricing was [open](evil) [1].", (1,), FlawKind.ADDRESS),
    ("Pricing was the question[1](//evil.example).", (1,), FlawKind.ADDRESS),
    ("Pricing was <img src=x> open [1].", (1,), FlawKind.ADDRESS),
    ("Write to anna@evil.example [1].", (1,), FlawKind.ADDRESS),
    ("They pay a lot [4].", (1,), FlawKind.CITATION),
    ("They pay a lot [2].", (1,), FlawKind.CITATION),
    ("They pay a lot.", (1,), FlawKind.CITATION),
    ("They pay a lot [1].", (), FlawKind.CITATION),
    ("They pay a lot.", (), FlawKind.UNCITED),
    ("## Castellan cancelled", (), FlawKind.UNCITED),
    (" [1] ", (1,), FlawKind.EMPTY),
]


@pytest.mark.parametrize(("text", "turns"), HONEST)
def test_an_honest_sentence_passes(text: str, turns: tuple[int, ...]) -> None:
    assert check(sentence(text, *turns), BRIEF) is None


@pytest.mark.parametrize(("text", "turns", "kind"), LIES)
def test_a_lie_is_found(text: str, turns: tuple[int, ...], kind: FlawKind) -> None:
    flaw = check(sentence(text, *turns), BRIEF)

    assert flaw is not None
    assert flaw.kind is kind


@pytest.mark.parametrize(
    "citation",
    [
        replace(cite(1), document="call-8"),
        replace(cite(1), content_hash="0" * 64),
        replace(cite(1), turns=(1, 2)),
        replace(cite(1), turns=(0, 1), span=(0, 5)),
        replace(cite(1), span=(cite(1).span[0], cite(1).span[1] + 1)),
        replace(cite(1), span=(cite(1).span[0], cite(1).span[0])),
        Citation("call-9", "f" * 64, (0, 0), (0, 10)),
    ],
)
def test_a_citation_outside_the_brief_is_found(citation: Citation) -> None:
    flaw = check(Sentence("They pay a lot [1].", (citation,)), BRIEF)

    assert flaw is not None
    assert flaw.kind is FlawKind.CITATION


def test_an_abbreviation_that_was_spelled_out_is_the_same_name() -> None:
    call = Transcript("c", "Call", CALL.speakers, (Turn(0, "a", "We want an L_C_D_ and the S.D.K. too."),))
    brief = replace(BRIEF, sources=(source(0, 0, call),))

    assert check(Sentence("They want an LCD and the SDK [1].", (cite(0, call=call),)), brief) is None


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("It costs $10 per month and renews every year.", "It costs $10 a month, renewed annually [1]."),
        ("We meet weekly on Tuesdays.", "They meet each week, on Tuesday [1]."),
        ("We meet on Thurs.", "They meet on Thursday [1]."),
        ("We have a dozen sites.", "They have 12 sites [1]."),
        ("We have six sites.", "They have half a dozen sites [1]."),
        ("It took two weeks.", "It took a couple of weeks [1]."),
        ("It took one year.", "It took a year [1]."),
        ("It took 1 year.", "It took one year [1]."),
        ("It takes 10 to 15 business days.", "It takes 10 days at least [1]."),
        ("It rose by two percentage points.", "It rose by 2 points [1]."),
        ("It rose by 50 basis points.", "It rose by 50 bps [1]."),
        ("Costs doubled and two thirds left.", "The costs are twice as high, and two-thirds left [1]."),
        ("We cut it in half.", "They halved it [1]."),
        ("I saw him and sat down by the sun.", "He sat by the sun [1]."),
    ],
)
def test_the_same_measure_in_other_words_passes(said: str, told: str) -> None:
    call = Transcript("c", "Call", CALL.speakers, (Turn(0, "a", said),))
    brief = replace(BRIEF, sources=(source(0, 0, call),))

    assert check(Sentence(told, (cite(0, call=call),)), brief) is None


def test_only_the_cited_characters_count() -> None:
    start, _ = CALL.utterances[1].span
    narrow = replace(cite(1), span=(start, start + len("We pay $48,000 today.")))

    assert check(Sentence("They pay $48,000 [1].", (narrow,)), BRIEF) is None
    assert check(Sentence("The limit is 15 percent [1].", (narrow,)), BRIEF) is not None


def test_a_bound_figure_carries_its_number_and_subject() -> None:
    assert check(sentence("Castellan's win rate is 43 %, as of 2026-03-31.", figures=(WIN_RATE,)), BRIEF) is None
    assert check(sentence("Castellan's win rate is 43%.", figures=(WIN_RATE,)), BRIEF) is None


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("The win rate is 44 %.", (WIN_RATE,)),
        ("Marrowfield's win rate is 43 %, not 41 %.", (WIN_RATE,)),
        ("The win rate is 43 %.", (replace(WIN_RATE, value=43.1),)),
        ("The win rate is 43 %.", ()),
    ],
)
def test_a_number_beside_its_figure_is_found(text: str, figures: tuple[Figure, ...]) -> None:
    assert check(sentence(text, figures=figures), BRIEF) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Pricing was open [1], and Castellan's win rate is 43 %.",
        "Castellan's win rate is 43 %, and Anna pays $48,000 today [1].",
        "Anna pays $48,000 today [1] (Castellan, win rate 43 %).",
    ],
)
def test_a_sentence_may_stand_on_a_source_and_on_a_figure(text: str) -> None:
    assert check(sentence(text, 1, figures=(WIN_RATE,)), BRIEF) is None


@pytest.mark.parametrize(
    "text",
    [
        "Pricing was open [1], and Castellan's win rate is 48 %.",
        "Pricing was open [1], and Castellan's win rate rose to 43 %.",
        "Pricing was open [1], and Castellan's churn is 43 %.",
        "Anna's win rate is 15 % [1].",
        "Castellan's win rate is $48,000, and Anna pays 43 % today [1].",
        "Anna pays 43 % today [1].",
        "Castellan's win rate is 43 % and Anna pays $49,000 today [1].",
    ],
)
def test_what_a_source_says_bears_no_figure_and_the_other_way_round(text: str) -> None:
    assert check(sentence(text, 1, figures=(WIN_RATE,)), BRIEF) is not None


@pytest.mark.parametrize("text", ["The material does not say.", "## Next steps", "Objections:", "Budget and timing"])
def test_a_fixed_phrase_or_heading_needs_no_citation(text: str) -> None:
    brief = replace(BRIEF, parts=(Part("Budget and timing", ()),))

    assert check(Sentence(text), brief) is None


def test_a_known_entity_at_the_start_of_a_sentence_is_a_name() -> None:
    lie = sentence("Summit pays $48,000 today [1].", 1)

    assert check(lie, BRIEF, entities=(Entity("account", "Summit Foods"),)) is not None


@pytest.mark.parametrize("name", ["3M", "7-Eleven", "Marrowfield - 3 DCs", "3Com IIs", "B2Bs"])
def test_a_name_with_digits_or_a_plural_stands_as_its_source_writes_it(name: str) -> None:
    call = replace(CALL, title=name)
    brief = replace(BRIEF, sources=(source(1, 1, call),))

    assert check(Sentence(f"{name}: Anna pays $48,000 today [1].", (cite(1, call=call),)), brief) is None
    assert check(Sentence(f"For {name} Anna pays $48,000 today [1].", (cite(1, call=call),)), brief) is None


@pytest.mark.parametrize("name", ["3Mo", "DCx", "4Com", "IT"])
def test_a_name_with_digits_that_no_source_has_is_found(name: str) -> None:
    call = replace(CALL, title="Its 3M DCs, 3Com")
    brief = replace(BRIEF, sources=(source(1, 1, call),))

    assert check(Sentence(f"For {name} Anna pays $48,000 today [1].", (cite(1, call=call),)), brief) is not None
