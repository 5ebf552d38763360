"""Gathering for turns that are known already: those that the last answer cited, or what was said beside them."""

from dataclasses import replace

from agents.base import Finding, Turn
from agents.call_analysis.asks import Ask, whole
from agents.call_analysis.telling import Telling
from core.identity import Label
from models.evidence import highest

MOST_PLACES = 4


async def quoted_places(ask: Ask, turn: Turn) -> Finding:
    """The turns as quotations, each with who says it when; under the title of its call where there are several."""
    telling = Telling()
    places = ask.places[:MOST_PLACES]
    calls = {call.call: call for call in ask.scope.calls}
    for id_ in dict.fromkeys(call for call, _ in places):
        text = await whole(calls[id_], turn)
        telling.head(f"On {text.title}")
        for said in text.utterances:
            if (id_, said.turn) in places:
                telling.quote(replace(text, utterances=(said,)))
    label = highest([Label.parse(call.label) for call in ask.scope.calls])
    return telling.finding(ask, label=label, documents=[*calls])
