"""Gathering: from a part of a question and its calls to the sources and figures that an answer may stand on."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from agents.base import Finding, Task, Turn
from agents.call_analysis.intents import Intent
from agents.call_analysis.metrics import asked_metrics
from agents.call_analysis.scope import Scope
from core.identity import Label
from models.evidence import Figure, Source, Utterance, highest
from models.language import Form
from tools.calls.moment import Kind
from tools.servers.call_results import (
    CallFigures,
    CallMoments,
    CallSummary,
    CallText,
    Marked,
    Measured,
    Passages,
    RepFigures,
)

PASSAGES = 8
MOST_MOMENTS = 8
MOST_CALLS = 12
KINDS: Mapping[Intent, Kind] = {
    Intent.OBJECTIONS: Kind.OBJECTION,
    Intent.COMPETITORS: Kind.COMPETITOR,
    Intent.NEXT_STEPS: Kind.NEXT_STEP,
}
NO_CALLS = "There is no such call among those you may read. Ask for the list of calls to see what there is."
WHICH_CALL = "Which call do you mean? Name the account or the call, or ask for the list of calls."
LATEST_TAKEN = "This is the latest of several calls in question; name another by its title to hear about that one."


@dataclass(frozen=True, slots=True)
class Ask:
    """One part of a question: what kind, in which words, about which calls."""

    task: Task
    intent: Intent
    question: str
    scope: Scope

    @property
    def remembered(self) -> dict[str, JsonValue]:
        """What the conversation should keep of it."""
        accounts = self.scope.accounts or tuple({call.account for call in self.scope.calls if call.account})
        named = bool(self.scope.accounts) or len(accounts) == 1
        return {"accounts": list(accounts)} if named else {}

    def finding(
        self,
        *,
        form: Form = Form.ANSWER,
        sources: Sequence[Source] = (),
        figures: Sequence[Figure] = (),
        label: Label = Label.PUBLIC,
        note: str | None = None,
    ) -> Finding:
        """What was gathered, as the supervisor takes it."""
        return Finding(
            self.task.specialist,
            self.task.question,
            form=form,
            sources=tuple(sources),
            figures=tuple(figures),
            note=note,
            arguments=self.remembered,
            label=highest([label, *(source.label for source in sources)]),
        )


async def search(ask: Ask, turn: Turn) -> Finding:
    """Passages that may answer the question; an answer from too weak ones is the writer's to refuse."""
    if not ask.scope.calls:
        return ask.finding(note=NO_CALLS)
    arguments: dict[str, JsonValue] = {"question": ask.question, "limit": PASSAGES}
    if not ask.scope.everything:
        arguments["calls"] = list(ask.scope.ids)
    result = await turn.tools.call(turn.principal, "search_calls", arguments, deadline=turn.deadline)
    return ask.finding(sources=Passages.model_validate(result.structured).sources, label=result.label)


async def summarise(ask: Ask, turn: Turn) -> Finding:
    """The whole of one call: the one that is meant, else the latest of those in question."""
    if not ask.scope.calls:
        return ask.finding(note=NO_CALLS)
    if ask.scope.everything and len(ask.scope.calls) > 1:
        return ask.finding(note=WHICH_CALL)
    source = await _whole(ask.scope.calls[0], turn)
    note = LATEST_TAKEN if len(ask.scope.calls) > 1 else None
    return ask.finding(form=Form.SUMMARY, sources=[source], note=note)


async def _whole(call: CallSummary, turn: Turn) -> Source:
    arguments: dict[str, JsonValue] = {"call": call.call}
    pages: list[CallText] = []
    while True:
        result = await turn.tools.call(turn.principal, "get_call", arguments, deadline=turn.deadline)
        pages.append(CallText.model_validate(result.structured))
        if pages[-1].next_turn is None:
            break
        arguments = {"call": call.call, "first_turn": pages[-1].next_turn}
    said = tuple(one.utterance for page in pages for one in page.utterances)
    first = pages[0].source
    return Source(first.document, first.content_hash, first.title, first.label, said, 1.0, first.held)


async def statistics(ask: Ask, turn: Turn) -> Finding:
    """The figures asked for: of the reps who are named, else of the calls in question, else of every rep."""
    if not ask.scope.calls:
        return ask.finding(note=NO_CALLS)
    reps = ask.scope.reps
    if not reps and ask.scope.everything:
        reps = tuple(entity.name for entity in turn.entities if entity.kind == "rep")
    if reps and not (ask.scope.accounts or ask.task.calls):
        asked = [_call(turn, "rep_statistics", rep=rep) for rep in reps]
        found = [RepFigures.model_validate(result) for result in await asyncio.gather(*asked)]
        measured = [one for rep in found for one in rep.statistics]
        notes = dict.fromkeys(rep.not_compared for rep in found if rep.not_compared)
        return _figures(
            ask, measured, [rep.label for rep in found], " ".join(filter(None, notes)) if len(found) == 1 else None
        )
    asked = [_call(turn, "call_statistics", call=call.call) for call in ask.scope.calls[:MOST_CALLS]]
    calls = [CallFigures.model_validate(result) for result in await asyncio.gather(*asked)]
    return _figures(ask, [one for call in calls for one in call.statistics], [call.label for call in calls], None)


async def _call(turn: Turn, tool: str, **arguments: JsonValue) -> Mapping[str, object]:
    return (await turn.tools.call(turn.principal, tool, arguments, deadline=turn.deadline)).structured


def _figures(ask: Ask, measured: Sequence[Measured], labels: Iterable[str], note: str | None) -> Finding:
    wanted = asked_metrics(ask.question)
    chosen = [one for one in measured if not wanted or one.metric in wanted]
    figures = [figure for figure in (one.figure for one in chosen) if figure]
    if not figures:
        reasons = dict.fromkeys(one.reason for one in chosen if one.reason)
        note = f"That cannot be measured: {'; '.join(filter(None, reasons)) or 'no call gives it'}."
    return ask.finding(figures=figures, label=highest([Label.parse(label) for label in labels]), note=note)


async def moments(ask: Ask, turn: Turn) -> Finding:
    """The moments of the kind asked for, each as its own source; a search where no call has any."""
    kind = KINDS[ask.intent]
    asked = [_call(turn, "call_moments", call=call.call, kinds=[kind]) for call in ask.scope.calls[:MOST_CALLS]]
    found = [CallMoments.model_validate(result) for result in await asyncio.gather(*asked)]
    roles = {person.name: person.role for call in ask.scope.calls for person in call.people}
    marked = [(call, moment) for call in found for moment in call.moments]
    if not marked:
        return await search(ask, turn)
    best = sorted(marked, key=lambda pair: -pair[1].confidence)[:MOST_MOMENTS]
    kept = [pair for pair in marked if pair in best]
    return ask.finding(form=Form.QUOTES, sources=[_source(call, moment, roles) for call, moment in kept])


def _source(call: CallMoments, moment: Marked, roles: Mapping[str, str | None]) -> Source:
    said = Utterance(moment.turn, moment.speaker, moment.text, moment.span, roles.get(moment.speaker), moment.at)
    label = Label.parse(call.label)
    return Source(call.document, call.content_hash, call.title, label, (said,), moment.confidence, call.held)


async def catalogue(ask: Ask, turn: Turn) -> Finding:
    """How many calls there are, and which: each a figure bound to the query that lists them."""
    if not ask.scope.calls:
        return ask.finding(note=NO_CALLS)
    as_of = turn.now.date().isoformat()
    subject = " and ".join(ask.scope.accounts or ask.scope.reps) or "all accounts"
    query = "list_calls()"
    count = len(ask.scope.calls)
    figures = [Figure("calls", count, "calls", f"{count} call{'s' if count > 1 else ''}", subject, query, as_of)]
    figures += [_listed(call, query, as_of) for call in ask.scope.calls[:MOST_CALLS]]
    return ask.finding(figures=figures, label=highest([Label.parse(call.label) for call in ask.scope.calls]))


def _listed(call: CallSummary, query: str, as_of: str) -> Figure:
    day = call.held.date().isoformat() if call.held else "undated"
    return Figure("call", 1, "call", f"{day}, {call.turns} turns", call.title, query, as_of)
