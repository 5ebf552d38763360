"""The citation check: lies are withheld, honest sentences pass."""

from dataclasses import replace

import pytest

from models.citations import FlawKind, check
from models.evidence import Citation, Figure
from models.language import Entity, Part, Sentence
from tests.models.material import BRIEF, CALL, WIN_RATE, cite, sentence

HONEST = [
    ('Anna Meyer (buyer, 12:04): "We pay $48,000 today." [1]', (1,)),
    ('Anna Meyer (buyer, 12:04): “We pay $48,000 today.” [1]', (1,)),
    ('Anna said, "we pay $48,000 today," and named a limit [1].', (1,)),
    ("Anna Meyer pays $48,000 today [1].", (1,)),
    ("They currently pay 48000 a year [1].", (1,)),
    ("The current price is $48k [1].", (1,)),
    ("The current price is 48,000 dollars [1].", (1,)),
    ("The current price is forty-eight thousand dollars [1].", (1,)),
    ("Procurement will not go beyond a 15% increase [1].", (1,)),
    ("Procurement caps the increase at 15 percent [1].", (1,)),
    ("An increase of more than fifteen percent would be refused [1].", (1,)),
    ("Ben offered a 2-year term at $52,000 [2].", (2,)),
    ("Ben Ortiz offered a two-year term at $52k [2].", (2,)),
    ("Onboarding starts on March 9 [2].", (2,)),
    ("Onboarding starts on 9 March [2].", (2,)),
    ("Onboarding would begin on the 9th of March [2].", (2,)),
    ("Onboarding is planned for the 9th [2].", (2,)),
    ("GlobeSoft is 10 to 12 percent cheaper, says Anna [2].", (3,)),
    ("GlobeSoft quoted 10–12% less [2].", (3,)),
    ("Anna named a competitor, GlobeSoft, whose quote was lower [2].", (3,)),
    ("GlobeSoft's quote was lower [2].", (3,)),
    ("Priya should get the SOC2 report by Thursday [2].", (3,)),
    ('Next step: "Please send the SOC2 report to Priya by Thursday." [2]', (3,)),
    ("**Next steps:** send Priya the SOC2 report [2].", (3,)),
    ("- The SOC2 report goes to Priya [2].", (3,)),
    ("1. The SOC2 report goes to Priya [2].", (3,)),
    ("Ben will involve the CFO, Dana, before the Q3 review [3].", (4,)),
    ("Dana is the CFO [3].", (4,)),
    ("Alternatives are not discussed, but Salesforce is supported [3].", (4,)),
    ("It did not work in April, because the rollout took 320 hours [3].", (5,)),
    ('The buyer says it "didn’t work for us in April" [3].', (5,)),
    ('The buyer says "It didn\'t work … in April" [3].', (5,)),
    ("The rollout took three hundred and twenty hours [3].", (5,)),
    ("In the Castellan renewal call of 5 March 2026, Anna named the price [1].", (1,)),
    ("On 2026-03-05 Anna Meyer stated what they pay [1].", (1,)),
    ("In March 2026, pricing was still open [1].", (0,)),
    ("Pricing was the open question [1].", (0,)),
    ("However, I'd note that pricing was still open [1].", (0,)),
    ("At 12:04 Anna names the current price [1].", (1,)),
    ("Anna pays $48,000 [1] and GlobeSoft quoted less [2].", (1, 3)),
    ("Anna pays $48,000 and Ben offered $52k [1][2].", (1, 2)),
    ("Who decides? Procurement approves the increase [1].", (1,)),
    ("Unfortunately, nobody agreed to anything [1].", (1,)),
    ("Buyers’ budgets and sellers’ hopes differ [2].", (2,)),
    ("The seller is 'loop in our CFO' minded [3].", (4,)),
    ("Support for Salesforce exists (see Ben's answer) [3].", (4,)),
]  # fmt: skip

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
    ("Send the report by Friday [2].", (3,), FlawKind.NAME),
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


@pytest.mark.parametrize("text", ["The material does not say.", "## Next steps", "Objections:", "Budget and timing"])
def test_a_fixed_phrase_or_heading_needs_no_citation(text: str) -> None:
    brief = replace(BRIEF, parts=(Part("Budget and timing", ()),))

    assert check(Sentence(text), brief) is None


def test_a_known_entity_at_the_start_of_a_sentence_is_a_name() -> None:
    lie = sentence("Summit pays $48,000 today [1].", 1)

    assert check(lie, BRIEF, entities=(Entity("account", "Summit Foods"),)) is not None
