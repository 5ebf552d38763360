"""What the coaching tools return: figures and differences with turns to listen to, and items of a playbook with theirs."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from core.identity import Label
from memory.documents import Entry
from memory.transcripts.model import Transcript
from models.evidence import Source, Utterance
from tools.calls.behaviours import Place, Shows
from tools.calls.coaching import Coaching, Difference, Outcome, Side
from tools.calls.compliance import Checked, Compliance
from tools.servers.call_figures import Measured
from tools.servers.call_reader import about, day_of
from tools.servers.call_results import Passage, Result

Read = Mapping[str, tuple[Entry, Transcript]]
"""The calls that were read, by id."""
MUST, MUST_NOT = "must say", "must not say"


class Behaviour(BaseModel):
    """A figure over `calls`, the ids of those that have a value, and turns to listen to: they show much of it, or little."""

    model_config = ConfigDict(frozen=True)

    figure: Measured
    calls: tuple[str, ...]
    shows: Shows
    listen: tuple[Passage, ...]


class Differs(BaseModel):
    """A behaviour that the rep has more or less of than the calls that were won."""

    model_config = ConfigDict(frozen=True)

    metric: str
    rep: Behaviour
    won: Behaviour
    delta: float = Field(
        description="Cliff's delta: 1 where every call of the rep has more than every won one, -1 less"
    )
    chance: float = Field(description="Share of all ways to deal the calls to the two sides that differ as much")


class CameOutCall(BaseModel):
    """A call, and how its deal ended: won, lost, open, or unknown."""

    model_config = ConfigDict(frozen=True)

    call: str
    title: str
    held: datetime | None
    outcome: Outcome


class RepCoaching(Result):
    """What a rep does differently from calls that were won.

    `calls` are those on which the rep speaks with buyers, `won` all that were won; `led` are the ids that were compared with
    these, `compared` the behaviours. `too_few` says what is missing for a comparison.
    """

    rep: str
    calls: tuple[CameOutCall, ...]
    won: tuple[CameOutCall, ...]
    led: tuple[str, ...]
    own: tuple[Behaviour, ...]
    compared: tuple[str, ...]
    differences: tuple[Differs, ...]
    too_few: str | None

    @classmethod
    def of(cls, found: Coaching, read: Read, outcomes: Mapping[str, Outcome], *, label: Label) -> "RepCoaching":
        telling = _Telling(read, f"coach_rep(rep={found.rep!r})", _latest(found.calls, read))
        return cls(
            label=str(label),
            rep=found.rep,
            calls=tuple(_came_out(call, read, outcomes) for call in found.calls),
            won=tuple(_came_out(call, read, outcomes) for call in found.won),
            led=found.led,
            own=tuple(map(telling.side, found.own)),
            compared=found.compared,
            differences=tuple(telling.differs(one) for one in found.differences),
            too_few=found.too_few,
        )

    @property
    def documents(self) -> tuple[str, ...]:
        """The calls that the figures were reckoned from."""
        return tuple(dict.fromkeys(one.call for one in (*self.calls, *self.won)))


class _Telling:
    """Figures and places of one coaching, with the query that gives them."""

    def __init__(self, read: Read, query: str, as_of: str) -> None:
        self._read, self._query, self._as_of = read, query, as_of

    def side(self, side: Side) -> Behaviour:
        figure = Measured.of(side.value, query=self._query, as_of=self._as_of, call=None)
        return Behaviour(
            figure=figure, calls=side.calls, shows=side.shows, listen=tuple(map(self._passage, side.places))
        )

    def differs(self, one: Difference) -> Differs:
        rep, won = self.side(one.rep), self.side(one.won)
        return Differs(metric=one.name, rep=rep, won=won, delta=one.delta, chance=one.chance)

    def _passage(self, place: Place) -> Passage:
        entry, call = self._read[place.call]
        return _passage(entry, call, place.turns, place.span)


class PlaybookItem(BaseModel):
    """One item: in which part of the playbook it stands, whether it is kept, and where it was first said."""

    model_config = ConfigDict(frozen=True)

    what: str
    part: str = Field(description="The name of the stage, `must say` or `must not say`")
    kept: bool
    said: Passage | None

    @property
    def forbidden(self) -> bool:
        """Whether it must not be said."""
        return self.part == MUST_NOT


class PlaybookCheck(Result):
    """How a call keeps to the playbook, item by item; `out_of_order` names the stages that began before an earlier one."""

    document: str
    content_hash: str
    title: str
    held: datetime | None
    playbook: str
    items: tuple[PlaybookItem, ...]
    out_of_order: tuple[str, ...]
    query: str
    as_of: str

    @classmethod
    def of(cls, found: Compliance, entry: Entry, call: Transcript) -> "PlaybookCheck":
        parts = [
            *((stage.name, stage.items) for stage in found.stages),
            (MUST, found.must_say),
            (MUST_NOT, found.must_not_say),
        ]
        known = about(entry, call)
        return cls(
            **{**known, "label": str(max(entry.label, Label.INTERNAL))},
            playbook=found.playbook,
            items=tuple(_item(one, part, entry, call) for part, items in parts for one in items),
            out_of_order=tuple(stage.name for stage in found.stages if not stage.in_order),
            query=f"check_playbook(call={entry.id!r})",
            as_of=day_of(call),
        )


def _item(one: Checked, part: str, entry: Entry, call: Transcript) -> PlaybookItem:
    said = _passage(entry, call, (one.said.turn, one.said.turn), one.said.span) if one.said else None
    return PlaybookItem(what=one.what, part=part, kept=one.kept, said=said)


def _came_out(call: str, read: Read, outcomes: Mapping[str, Outcome]) -> CameOutCall:
    entry, _ = read[call]
    return CameOutCall(call=call, title=entry.title, held=entry.held, outcome=outcomes[call])


def _latest(calls: tuple[str, ...], read: Read) -> str:
    return max((day_of(read[call][1]) for call in calls), default="undated")


def _passage(entry: Entry, call: Transcript, turns: tuple[int, int], span: tuple[int, int]) -> Passage:
    said = tuple(_within(one, span) for one in call.utterances[turns[0] : turns[1] + 1])
    return Passage.of(Source(entry.id, call.content_hash, call.title, entry.label, said, held=call.held))


def _within(said: Utterance, span: tuple[int, int]) -> Utterance:
    """The part of an utterance that lies in the span."""
    start, end = max(said.span[0], span[0]), min(said.span[1], span[1])
    return replace(said, text=said.text[start - said.span[0] : end - said.span[0]], span=(start, end))
