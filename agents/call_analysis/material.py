"""Gathering for questions, summaries and lists of calls."""

from agents.base import Finding, Turn
from agents.call_analysis.asks import MOST_CALLS, NO_CALLS, Ask, passages, whole
from agents.call_analysis.follow_ups import pointed_at
from core.identity import Label
from models.evidence import Figure, highest
from models.language import Form
from models.text.words import asks_for_words_of
from tools.servers.call_results import CallSummary

PASSAGES = 5
WHICH_CALL = "Which call do you mean? Name the account or the call, or ask for the list of calls."
LATEST_TAKEN = "This is the latest of several calls in question; name another by its title to hear about that one."


async def search(ask: Ask, turn: Turn) -> Finding:
    """Passages that may answer the question; an answer from too weak ones is the writer's to refuse."""
    if not ask.scope.calls:
        return ask.finding(note=NO_CALLS)
    calls = None if ask.scope.everything else ask.scope.ids
    sources, label = await passages(turn, ask.question, calls=calls, limit=PASSAGES, speaker=_asked_of(ask))
    return ask.finding(sources=sources, label=label)


def _asked_of(ask: Ask) -> str | None:
    """The one person whose words the question asks for, if they speak on the calls in question."""
    speaking = {person.name for call in ask.scope.calls for person in call.people}
    asked_of = [name for name in ask.scope.people if name in speaking and asks_for_words_of(ask.written, name)]
    return asked_of[0] if len(asked_of) == 1 else None


async def summarise(ask: Ask, turn: Turn) -> Finding:
    """The whole of one call: the one that is meant, else the latest of those in question."""
    if not ask.scope.calls:
        return ask.finding(note=NO_CALLS)
    meant = pointed_at(ask.task, ask.scope)
    if meant is None and ask.scope.everything and len(ask.scope.calls) > 1:
        return ask.finding(note=WHICH_CALL)
    source = await whole(meant or ask.scope.calls[0], turn)
    note = LATEST_TAKEN if meant is None and len(ask.scope.calls) > 1 else None
    return ask.finding(form=Form.SUMMARY, sources=[source], note=note)


async def catalogue(ask: Ask, turn: Turn) -> Finding:
    """How many calls there are, and which: each a figure bound to the query that lists them."""
    if not ask.scope.calls:
        return ask.finding(note=NO_CALLS)
    as_of = turn.now.date().isoformat()
    subject = " and ".join(ask.scope.accounts or ask.scope.people) or "all accounts"
    query = "list_calls()"
    count = len(ask.scope.calls)
    figures = [Figure("calls", count, "calls", f"{count} call{'s' if count > 1 else ''}", subject, query, as_of)]
    figures += [_listed(call, query, as_of) for call in ask.scope.calls[:MOST_CALLS]]
    label = highest([Label.parse(call.label) for call in ask.scope.calls])
    return ask.finding(figures=figures, label=label, documents=[call.call for call in ask.scope.calls])


def _listed(call: CallSummary, query: str, as_of: str) -> Figure:
    day = call.held.date().isoformat() if call.held else "undated"
    return Figure("call", 1, "call", f"{day}, {call.turns} turns", call.title, query, as_of)
