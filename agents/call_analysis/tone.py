"""Gathering for how people sounded on calls: shares of sentences, and the sentences that show it most."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import replace

from agents.base import Finding, Turn
from agents.call_analysis.asks import NO_CALLS, Ask, structured
from agents.call_analysis.figures import placed
from agents.call_analysis.names import SELLER
from agents.call_analysis.telling import Telling
from core.identity import Label
from models.evidence import highest
from tools.servers.call_study_results import CallSentiment, SpeakerTone, ToneHeard

MOST_CALLS = 2
MOST_LINES = 3
WHOSE = "Whose mood do you mean? Name a call, an account or a person."
BY_WORDS = "This goes by the words alone: irony is not heard."
LATEST = "These are the two latest of several calls; name another by its day or title."
_OURS = re.compile(r"\b(?:we|i|our side|our team|our reps?)\b", re.IGNORECASE)


async def mood(ask: Ask, turn: Turn) -> Finding:
    """How the people in question sounded, else the buyers, on one call or the latest two."""
    scope = ask.scope
    if not scope.calls:
        return ask.finding(note=NO_CALLS)
    if scope.everything and len(scope.calls) > 1:
        return ask.finding(note=WHOSE)
    calls = [call.call for call in scope.calls[:MOST_CALLS]]
    heard = await asyncio.gather(*(structured(turn, "call_sentiment", call=call) for call in calls))
    found = [CallSentiment.model_validate(one) for one in heard]
    telling = Telling()
    for call in reversed(found):
        _tell(call, _asked(call, ask), telling)
    label = highest([Label.parse(call.label) for call in found])
    if not telling.lines:
        return ask.finding(
            note=f"Nobody called {' or '.join(scope.people) or 'a buyer'} speaks on these calls.", label=label
        )
    beside = replace(ask, scope=replace(scope, calls=scope.calls[:MOST_CALLS]))
    note = BY_WORDS if len(scope.calls) <= MOST_CALLS else f"{BY_WORDS} {LATEST}"
    return telling.finding(beside, label=label, documents=calls, note=note)


def _asked(call: CallSentiment, ask: Ask) -> list[SpeakerTone]:
    if ask.scope.people:
        return [one for one in call.speakers if one.speaker in ask.scope.people]
    ours = _OURS.search(ask.question) is not None
    theirs = [one for one in call.speakers if (one.role == SELLER) is ours]
    return theirs or list(call.speakers)


def _tell(call: CallSentiment, people: Sequence[SpeakerTone], telling: Telling) -> None:
    telling.head(f"Mood on {call.title}")
    for one in people:
        for share in (one.positive, one.negative):
            telling.measure(placed(share.figure, f"on {call.title}"))
    for tones, lead in (([one.best for one in people], "Positive"), ([one.worst for one in people], "Negative")):
        for tone in sorted(_clearest(tones), key=lambda tone: tone.spot.span):
            telling.quote(call.source([tone.spot.said]), tone.spot.span, lead=f"{lead}: ")


def _clearest(tones: Sequence[Sequence[ToneHeard]]) -> list[ToneHeard]:
    every = [tone for of_one in tones for tone in of_one]
    return sorted(every, key=lambda tone: -abs(tone.valence))[:MOST_LINES]
