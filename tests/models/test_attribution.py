"""Who is said to have said what: another's words are withheld, quoted or reported; one's own pass."""

import pytest

from models.citations import FlawKind, check
from tests.models.material import BRIEF, sentence

OTHERS_WORDS = [
    'Ben said: "We pay $48,000 today." [1][2]',
    'According to Ben, "we pay $48,000 today" [1][2].',
    '"We pay $48,000 today", Ben replied [1][2].',
    '"We pay $48,000 today," replied Ben Ortiz [1][2].',
    '"We pay $48,000 today" (Ben) [1][2].',
    '"We pay $48,000 today" – Ben [1][2].',
    'Ben then clearly said that "we pay $48,000 today" [1][2].',
    'ben said: "We pay $48,000 today." [1][2]',
    'The seller said "We pay $48,000 today" [1].',
    'For Ben the point was "we pay $48,000 today" [1][2].',
    'Anna said "we pay $48,000 today" and Anna said "I can offer a two-year term" [1][2].',
]
OWN_WORDS = [
    'Anna said: "We pay $48,000 today." [1]',
    'According to Anna, "we pay $48,000 today" [1][2].',
    '"We pay $48,000 today", Anna replied [1][2].',
    '"We pay $48,000 today," replied Anna Meyer [1].',
    '"We pay $48,000 today" (Anna Meyer) [1].',
    'Anna told Ben: "We pay $48,000 today." [1][2]',
    'Ben asked, and Anna answered, "We pay $48,000 today" [1][2].',
    '"We pay $48,000 today", said Anna, and "onboarding starts on March 9th", said Ben [1][2].',
    '"We pay $48,000 today", Anna said, and "onboarding starts on March 9th", Ben replied [1][2].',
    'Anna said "we pay $48,000 today" and Ben said "I can offer a two-year term" [1][2].',
    'The buyer said "We pay $48,000 today" [1].',
    'She said "We pay $48,000 today" [1].',
]
NOT_SAID = [
    ("Anna said that they will pay twice as much [1].", (1,), FlawKind.NUMBER),
    ("Anna: we will pay [1].", (1,), FlawKind.REPORT),
    ("Anna said that they do not pay $48,000 today [1].", (1,), FlawKind.REPORT),
    ("Anna says procurement will approve more than a 15 percent increase [1].", (1,), FlawKind.REPORT),
    ("Anna said they will leave for a rival [1].", (1,), FlawKind.REPORT),
    ("Anna denied that they pay $48,000 today [1].", (1,), FlawKind.REPORT),
    ("Anna did not say that they pay $48,000 today [1].", (1,), FlawKind.REPORT),
    ("Ben said that they pay $48,000 today [1][2].", (1, 2), FlawKind.NUMBER),
    ("They pay $48,000 today, says Ben [1][2].", (1, 2), FlawKind.NUMBER),
    ("According to Ben, procurement is strict [1][2].", (1, 2), FlawKind.REPORT),
    ("Anna said Salesforce is supported [2][3].", (3, 4), FlawKind.NAME),
    ("The seller says that they pay today [1].", (1,), FlawKind.NAME),
]
SAID = [
    ("Anna said that they pay $48,000 today [1].", (1,)),
    ("They pay $48,000 today, says Anna [1].", (1,)),
    ("Anna says procurement won't approve more than a 15 percent increase [1].", (1,)),
    ("Anna says procurement will refuse more than a 15 percent increase [1].", (1,)),
    ("Ben said onboarding starts on March 9 [2].", (2,)),
    ("Anna said the rollout took 320 hours [3].", (5,)),
    ("According to Anna, GlobeSoft quoted ten to twelve percent less [2].", (3,)),
    ("Ben confirmed that Salesforce is supported [3].", (4,)),
    ("Anna: We pay $48,000 today. [1]", (1,)),
    ("Anna said that they pay $48,000 today and Ben said that onboarding starts on March 9 [1][2].", (1, 2)),
    ("Anna added that it did not work in April [3].", (5,)),
    ("Anna asked for the SOC2 report by thursday [2].", (3,)),
]


@pytest.mark.parametrize("text", OTHERS_WORDS)
def test_a_quotation_of_somebody_else_is_withheld(text: str) -> None:
    flaw = check(sentence(text, *((1, 2) if "[2]" in text else (1,))), BRIEF)

    assert flaw is not None
    assert flaw.kind is FlawKind.NAME


@pytest.mark.parametrize("text", OWN_WORDS)
def test_a_quotation_of_its_speaker_passes(text: str) -> None:
    assert check(sentence(text, *((1, 2) if "[2]" in text else (1,))), BRIEF) is None


@pytest.mark.parametrize(("text", "turns", "kind"), NOT_SAID)
def test_a_report_of_what_was_not_said_is_withheld(text: str, turns: tuple[int, ...], kind: FlawKind) -> None:
    flaw = check(sentence(text, *turns), BRIEF)

    assert flaw is not None
    assert flaw.kind is kind


@pytest.mark.parametrize(("text", "turns"), SAID)
def test_a_report_of_what_was_said_passes(text: str, turns: tuple[int, ...]) -> None:
    assert check(sentence(text, *turns), BRIEF) is None
