"""How likely deals are won, and how good that prediction is: the material of an answer."""

from collections.abc import Iterator

from pydantic import JsonValue

from agents.base import Finding, Task, Turn
from agents.executive_briefing.measures import finding, sentence_case
from agents.executive_briefing.metrics import structured
from agents.executive_briefing.risks import narrowed
from tools.servers.score_results import DealOutcome, DealOutcomes, ScoreReport

MOST_TOLD = 5


async def deal_outcomes(task: Task, turn: Turn) -> Finding:
    """The win probabilities of the open deals that the question is about, with what moved each; or why there are none."""
    arguments: dict[str, JsonValue] = {"limit": MOST_TOLD, **narrowed(task, turn)}
    found = DealOutcomes.model_validate(await structured(turn, "deal_outcomes", **arguments))
    return finding(
        task,
        figures=[one.probability.figure for one in found.deals if one.probability],
        label=found.highest,
        note=_sentences(_told(found)),
    )


async def score_report(task: Task, turn: Turn) -> Finding:
    """How well the prediction does on deals that it was not fitted on, and what speaks against trusting it."""
    found = ScoreReport.model_validate(await structured(turn, "score_report"))
    return finding(
        task,
        figures=[one.figure for one in found.figures],
        label=found.highest,
        note=_sentences(_judged(found)),
    )


def _told(found: DealOutcomes) -> Iterator[str]:
    if found.gap:
        yield f"No win probability is given: {found.gap}"
    elif not found.looked_at:
        yield "There are no open deals that you may see and that could be scored"
    else:
        shown = f", and these are the {len(found.deals)} likeliest" if len(found.deals) < found.looked_at else ""
        yield f"{found.scored} of {found.looked_at} open deals {'has' if found.scored == 1 else 'have'} a win probability{shown}"
    for deal in found.deals:
        yield from _deal(deal)
    if found.scored and found.quality:
        yield found.quality
    yield from found.notes


def _deal(deal: DealOutcome) -> Iterator[str]:
    yield f"{deal.name}: {deal.told}"
    if deal.reasons:
        yield f"What moved it: {'; '.join(deal.reasons)}"
    yield from (f"Caution: {caution}" for caution in deal.cautions)


def _judged(found: ScoreReport) -> Iterator[str]:
    if found.gap:
        yield f"No open deal is scored: {found.gap}"
    if found.quality:
        yield found.quality
    yield from found.unequal
    if found.shifted:
        yield f"Open deals differ from the closed ones in {', '.join(found.shifted)}"
    yield from found.notes


def _sentences(notes: Iterator[str]) -> str | None:
    return " ".join(f"{sentence_case(note).removesuffix('.')}." for note in notes) or None
