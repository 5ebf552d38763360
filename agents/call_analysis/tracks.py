"""Gathering for talk tracks: what overcame an objection, with the reply and what shows that it did; never what did not."""

import re

from pydantic import JsonValue

from agents.base import Finding, Turn
from agents.call_analysis.asks import NO_CALLS, Ask, structured
from agents.call_analysis.telling import Telling
from core.identity import Label
from models.text.words import STOP_WORDS, words
from tools.servers.call_study_results import Raised, TalkTracks, Track

MOST_TRACKS = 3
MOST_TITLES = 2
NOT_RAISED = "No such objection was heard on the calls you may read."
NOT_OVERCOME = "No call shows this overcome, so there is no talk track for it; this is where it was raised"
#: Words that ask for a talk track rather than say against what.
_ASKING = frozenset(
    re.findall(
        r"\S+",
        """
    answer answers answered answering objection objections talk track tracks script handle handles handled handling overcome
    overcame respond responds response reply replies work works worked best better against give show suggest good way ways
    concern concerns worry worries pushback push back resistance counter rebut rebuttal deal dealing buyer buyers customer
    customers prospect prospects somebody someone people tell say says said argument arguments line lines used use top sellers
    seller rep reps successful successfully convince convinced need want find raise raised raises bring brings come comes up
    """,
    )
)


async def talk_tracks(ask: Ask, turn: Turn) -> Finding:
    """The objection, the reply and what shows that it was overcome, call by call; else where it was raised."""
    if not ask.scope.calls:
        return ask.finding(note=NO_CALLS)
    about = wanted_in(ask.question, [*ask.scope.said, *ask.scope.accounts])
    calls: list[JsonValue] | None = None if ask.scope.everything else [*ask.scope.ids]
    found = TalkTracks.model_validate(await structured(turn, "talk_tracks", objection=about or None, calls=calls))
    telling = Telling()
    for track in found.tracks[:MOST_TRACKS]:
        _track(track, telling)
    if not telling.lines:
        telling.head(NOT_OVERCOME)
        for raised in found.raised:
            _raised(raised, telling)
    note = None if telling.lines else _not_raised(ask)
    return telling.finding(ask, label=Label.parse(found.label), documents=found.read, note=note)


def _not_raised(ask: Ask) -> str:
    """That nobody objected so, and on which calls that was looked for."""
    if ask.scope.everything:
        return NOT_RAISED
    titles = [call.title for call in ask.scope.calls]
    where = " or ".join(titles) if len(titles) <= MOST_TITLES else f"the {len(titles)} calls that this is asked of"
    return f"No such objection was heard on {where}."


def wanted_in(question: str, names: list[str]) -> str:
    """What was objected to, in the question's own words: without those that ask, and without names of whom it is asked."""
    named = {part for name in names for part in words(name)}
    left = [word.removesuffix("'s") for word in words(question)]
    return " ".join(word for word in left if word not in STOP_WORDS | _ASKING | named)


def _track(track: Track, telling: Telling) -> None:
    telling.head(f"Overcome on {track.title}")
    telling.quote(track.source([track.objection.said]), track.objection.marked.span, lead="Objection: ")
    for reply in track.replies:
        telling.quote(track.source([reply]), lead="Reply: ")
    if track.accepted:
        telling.quote(track.source([track.accepted.said]), track.accepted.span, lead="Accepted: ")
    if track.won:
        telling.quote(track.won.source, lead="The deal was won afterwards: ")


def _raised(raised: Raised, telling: Telling) -> None:
    telling.quote(raised.source([raised.place.said]), raised.place.marked.span)
