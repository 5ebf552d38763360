"""Gathering for how serious competitors are: levels by call, and the sentences that gave them."""

from collections.abc import Sequence
from dataclasses import replace

from pydantic import JsonValue

from agents.base import Finding, Turn
from agents.call_analysis.asks import NO_CALLS, Ask, structured
from agents.call_analysis.figures import placed
from agents.call_analysis.telling import Telling
from core.identity import Label
from tools.calls.competitors import Gazetteer
from tools.servers.call_study_results import CompetitorThreat, Threats

MOST_CALLS = 4
SCALE = "A level goes from 1, for being named, to 5, and is of one call."
NOT_NAMED = "No competitor that is asked about is named on these calls."


async def threats(ask: Ask, turn: Turn) -> Finding:
    """The levels of the competitors in question, or of all, the highest first, and what the highest of them rests on."""
    if not ask.scope.calls:
        return ask.finding(note=NO_CALLS)
    rivals = [entity for entity in turn.entities if entity.kind == "competitor"]
    named = list(dict.fromkeys(one.name for one in Gazetteer(rivals).named(ask.question)))
    calls: list[JsonValue] | None = None if ask.scope.everything else [*ask.scope.ids]
    found = Threats.model_validate(await structured(turn, "competitor_threats", calls=calls))
    chosen = [one for one in found.threats if not named or one.competitor in named]
    telling = Telling()
    shown = chosen[:MOST_CALLS] if named else _highest_of_each(chosen)
    for one in shown:
        telling.measure(placed(one.level.figure, f"on {one.title}"))
    for one in _most_serious(shown):
        telling.head(f"What the level of {one.competitor} on {one.title} rests on")
        _explain(one, telling)
    note = SCALE if telling.lines else NOT_NAMED
    finding = telling.finding(ask, label=Label.parse(found.label), documents=found.read, note=note)
    shown_names: list[JsonValue] = [one.competitor for one in shown]
    return replace(finding, arguments={**finding.arguments, "competitors": shown_names})


def _highest_of_each(found: Sequence[CompetitorThreat]) -> list[CompetitorThreat]:
    highest: dict[str, CompetitorThreat] = {}
    for one in found:
        highest.setdefault(one.competitor, one)
    return list(highest.values())


def _most_serious(found: Sequence[CompetitorThreat]) -> list[CompetitorThreat]:
    """Those of the highest level, at most two."""
    return [one for one in found if one.level.value == found[0].level.value][:2]


def _explain(one: CompetitorThreat, telling: Telling) -> None:
    """Each sentence once, behind all the reasons that it gives."""
    reasons: dict[tuple[int, int], list[str]] = {}
    places = {factor.place.marked.span: factor.place for factor in one.factors}
    for factor in one.factors:
        reasons.setdefault(factor.place.marked.span, []).append(factor.factor)
    for span, why in reasons.items():
        told = ", ".join(why)
        telling.quote(one.source([places[span].said]), span, lead=f"{told[:1].upper()}{told[1:]}: ")
