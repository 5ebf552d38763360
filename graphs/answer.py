"""The supervisor's last step: findings become checked sentences, numbered over the whole answer."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass

from agents.base import Finding, Turn
from models.citations import NEAREST, check
from models.language import Brief, Sentence
from models.numbered import Numbered, Numbering

IN_CALLS = "This is what was said about it on calls:"
LIVE = frozenset({"infrastructure"})
"""Whose findings are of the present, whatever the company's day."""
TWO_DAYS = "What is said of platforms is of the present; all else is as of the company's day, which is another."


@dataclass(frozen=True, slots=True)
class Withheld:
    """A drafted sentence failed the citation check and is not shown."""

    reason: str


async def write_answer(
    findings: Sequence[Finding], turn: Turn, *, withheld: Callable[[str], None]
) -> AsyncIterator[Numbered]:
    """Every finding's sentences in order; a finding's note comes as a sentence without marks.

    A tentative finding gives only what it can cite, after a line that says where it comes from, and a note on that. Where
    figures were found for a question that nobody seemed to be there for, they are the answer to it. Where parts are of two
    days, the last line says so.
    """
    of_present: set[bool] = set()
    async for finding, sentence in _told(findings, turn, withheld):
        if finding.specialist in LIVE or sentence.references or sentence.figures:
            of_present.add(finding.specialist in LIVE)
        yield sentence
    if len(of_present) > 1 and turn.present and turn.present.date() != turn.now.date():
        yield Numbered(TWO_DAYS)


async def _told(
    findings: Sequence[Finding], turn: Turn, withheld: Callable[[str], None]
) -> AsyncIterator[tuple[Finding, Numbered]]:
    """The sentences, each with the finding that it is of."""
    numbering = Numbering()
    measured = {finding.question for finding in findings if finding.tentative and finding.figures}
    for finding in findings:
        if finding.question in measured and not (finding.figures or finding.acted):
            continue
        introduced, told = not finding.tentative or bool(finding.figures), False
        async for sentence in _written(finding, turn, numbering, withheld):
            if finding.tentative and sentence.text == NEAREST:
                break
            cited = bool(sentence.references or sentence.figures)
            if finding.tentative and not cited and not (told and sentence.text == finding.note):
                continue
            told = True
            if not introduced:
                yield finding, Numbered(IN_CALLS)
                introduced = True
            yield finding, sentence


async def _written(
    finding: Finding, turn: Turn, numbering: Numbering, withheld: Callable[[str], None]
) -> AsyncIterator[Numbered]:
    brief = Brief(finding.form, finding.asked or finding.question, finding.sources, finding.figures, finding.parts)
    if finding.lines:
        for line in _checked(finding.lines, brief, turn, withheld):
            yield numbering.apply(line, finding.sources)
    elif finding.sources or finding.figures:
        call = turn.call("answer", label=finding.label, withheld=withheld)
        async for sentence in turn.language.write(brief, call=call):
            yield numbering.apply(sentence, finding.sources)
    if finding.note:
        yield Numbered(finding.note)


def _checked(
    lines: Sequence[Sentence], brief: Brief, turn: Turn, withheld: Callable[[str], None]
) -> Iterator[Sentence]:
    """Those of the lines that stand."""
    for line in lines:
        flaw = check(line, brief, entities=turn.entities)
        if flaw is None:
            yield line
        else:
            withheld(str(flaw))
