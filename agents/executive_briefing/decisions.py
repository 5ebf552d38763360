"""The part of a briefing about decisions: what to look at again, because its review is due or a trip-wire is crossed."""

from agents.decisions import Telling
from agents.executive_briefing.document import Section
from agents.executive_briefing.prose import Prose
from agents.executive_briefing.wanted import Wanted
from memory.decisions.citable import REVIEW
from memory.decisions.recall import Due
from models.evidence import highest
from tools.servers.metric_results import MetricInfo

MOST_TOLD = 5


async def decisions(_wanted: Wanted, _metrics: dict[str, MetricInfo], prose: Prose) -> Section:
    """The decisions in force that wait for a second look; those whose trip-wires are crossed come first."""
    turn = prose.turn
    due = await turn.decisions.due(turn.principal) if turn.decisions else ()
    ordered = sorted(due, key=lambda one: not one.crossed)
    telling = Telling()
    for one in ordered[:MOST_TOLD]:
        _tell(telling, one)
    label = highest([label for one in due for label in (one.kept.label, *(read.label for read in one.crossed))])
    lines = prose.recorded(telling.lines, telling.sources, telling.figures, label=label)
    more = len(due) - MOST_TOLD
    note = f"{more} more wait: see 'sophia decisions due'." if more > 0 else None
    return Section("decisions", "Decisions to look at again", lines, note=note)


def _tell(telling: Telling, due: Due) -> None:
    telling.head(due.kept)
    if due.review_due:
        telling.add(due.kept, REVIEW)
    for reading in due.crossed:
        telling.read(due.kept, reading)
