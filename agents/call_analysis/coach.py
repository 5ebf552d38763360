"""Gathering to coach a rep: what sets the rep's calls apart from those won, with what to listen to; else the rep's own figures."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from agents.base import Finding, Turn
from agents.call_analysis.asks import Ask, structured
from agents.call_analysis.figures import placed
from agents.call_analysis.names import SELLER, stranger
from agents.call_analysis.telling import Telling
from core.identity import Label
from models.evidence import highest
from tools.calls.behaviours import Shows
from tools.calls.coaching import WON, Outcome
from tools.calls.speech import BUYER
from tools.servers.call_results import CallSummary, Passage
from tools.servers.coaching_results import Behaviour, Differs, RepCoaching

MOST_REPS = 3
MOST_NAMES = 12
REP_TURNS, WON_TURNS = 2, 1
"""How many turns of each side are quoted with a difference; `coach_rep` gives up to three."""
HEARD = {
    "talk_ratio": ("the seller at length", "the buyer at length"),
    "longest_monologue_of_a_call": ("a long monologue", "the longest monologue of the call"),
    "interactivity": ("a quick exchange, from here", "one voice for long"),
    "patience": ("a reply after a pause", "a quick reply"),
    "question_rate": ("a question that was answered at length", "long without a question"),
    "dated_next_steps": ("a dated next step", "a next step without a date"),
    "discounts_offered_before_anybody_asked": ("a discount before anybody asked", "a price without a discount"),
    "objections_met_with_a_question": ("an objection met with a question", "an objection met without a question"),
}
"""What is heard where there is much of a behaviour, and where there is little."""
NO_OUTCOMES = (
    "How calls came out is read from the deals of the CRM: of none of these calls is it known. docs/crm.md says how deals are "
    "imported."
)


async def coach(ask: Ask, turn: Turn) -> Finding:
    """What each seller whom the question names does differently; whoever is no seller is not coached, and it says why."""
    everybody = ask.scope.every or ask.scope.calls
    sellers = _on_side(everybody, SELLER)
    reps = [name for name in ask.scope.people if name in sellers][:MOST_REPS]
    if not reps:
        note = _nobody(ask, turn, everybody, sellers)
        found = ask.finding(note=note, label=highest([Label.parse(call.label) for call in everybody]))
        return replace(found, documents=tuple(call.call for call in everybody))
    results = [RepCoaching.model_validate(await structured(turn, "coach_rep", rep=rep)) for rep in reps]
    telling = Telling()
    for one in results:
        if len(results) > 1:
            telling.head(one.rep)
        _tell(one, telling)
    return telling.finding(
        ask,
        label=highest([Label.parse(one.label) for one in results]),
        documents=list(dict.fromkeys(call for one in results for call in one.documents)),
        note=" ".join(note for one in results for note in _notes(one)),
    )


def _tell(found: RepCoaching, telling: Telling) -> None:
    if not found.differences:
        _tell_own(found, telling)
    for one in found.differences:
        _tell_difference(one, telling)


def _tell_own(found: RepCoaching, telling: Telling) -> None:
    """The rep's figures in a sentence, then one turn of each that has some to listen to."""
    over = f"over {_calls(len(found.calls))}"
    figures = [placed(one.figure.figure, over) for one in found.own if one.figure.figure]
    if not figures:
        return
    told = ", ".join(f"{figure.name} {figure.text}" for figure in figures)
    telling.tell(f"{figures[0].subject}: {told}.", figures)
    for one in found.own:
        _listen(one.listen, 1, _heard(one), telling)


def _tell_difference(one: Differs, telling: Telling) -> None:
    """Both values, then what to listen to: where it shows on the rep's calls, and where it is done well."""
    mine, theirs = one.rep.figure.figure, one.won.figure.figure
    if mine is None or theirs is None:
        return
    mine = placed(mine, f"over {_calls(len(one.rep.calls))}")
    theirs = replace(theirs, subject=f"{len(one.won.calls)} {WON}")
    name = f"{mine.name[:1].upper()}{mine.name[1:]}"
    telling.tell(
        f"{name}: {mine.text} for {mine.subject}, compared with {theirs.text} for {theirs.subject}.", [mine, theirs]
    )
    _listen(one.rep.listen, REP_TURNS, _heard(one.rep), telling)
    _listen(one.won.listen, WON_TURNS, f"On a won call, {_heard(one.won)}", telling)


def _heard(one: Behaviour) -> str:
    much, little = HEARD[one.figure.metric]
    return much if one.shows is Shows.MUCH else little


def _listen(passages: Sequence[Passage], most: int, lead: str, telling: Telling) -> None:
    """The beginnings of so many passages, in quotation marks; what was quoted before is heard already."""
    heard = {(source.document, source.turns[0]) for source in telling.sources}
    sources = [replace(one.source, utterances=one.source.utterances[:1]) for one in passages]
    for source in [one for one in sources if (one.document, one.turns[0]) not in heard][:most]:
        telling.quote(source, lead=f"{lead[:1].upper()}{lead[1:]}: ")


def _notes(found: RepCoaching) -> Iterator[str]:
    """What was compared with what; or why nothing was, and what it takes."""
    if found.too_few:
        yield f"{found.too_few}."
        if all(one.outcome is Outcome.UNKNOWN for one in (*found.calls, *found.won)):
            yield NO_OUTCOMES
    elif found.differences:
        yield (
            f"Of {len(found.compared)} behaviours these differ by more than chance and the spread between calls; where nothing "
            "differs at all, about one in ten does so by chance."
        )
    else:
        yield (
            f"None of {len(found.compared)} behaviours differs by more than chance and the spread between calls: "
            f"{_calls(len(found.led))} that {found.rep} leads were held against {_calls(len(found.won))} that were won."
        )
    if found.won:
        yield f"Won, by the deal that was open on the day: {'; '.join(one.title for one in found.won[:MOST_NAMES])}."


def _nobody(ask: Ask, turn: Turn, calls: Sequence[CallSummary], sellers: Sequence[str]) -> str:
    """Why nobody whom the question names can be coached, and who can."""
    there_are = f"Sellers on the calls you may read: {', '.join(sellers[:MOST_NAMES]) or 'none'}."
    buyers = [name for name in ask.scope.people if name in _on_side(calls, BUYER)]
    if buyers:
        return f"{buyers[0]} is on the buyers' side: only sellers are coached. {there_are}"
    known = [name for entity in turn.entities for name in (entity.name, *entity.aliases)]
    unknown = stranger(ask.task.question, ask.scope.names, [*known, *(call.title for call in calls)])
    silent = next(iter(ask.scope.people), unknown)
    if silent:
        return f"Nobody called {silent} sells on these calls. {there_are}"
    return f"Who is to be coached? Name a seller. {there_are}"


def _on_side(calls: Sequence[CallSummary], role: str) -> list[str]:
    """Who speaks on the calls on this side, whoever is on most of them first."""
    names = [person.name for call in calls for person in call.people if person.role == role]
    return sorted(dict.fromkeys(names), key=lambda name: -names.count(name))


def _calls(count: int) -> str:
    return f"{count} call{'s' * (count != 1)}"
