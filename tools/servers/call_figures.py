"""What the call tools return of numbers: each with its metric, its subject and the query that gave it."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from core.identity import Label
from memory.transcripts.model import Transcript
from models.evidence import Figure
from tools.calls.reps import Comparison, RepStatistics
from tools.calls.statistics import SpeakerShare, Statistic
from tools.servers.call_results import Result, Span


class Measured(BaseModel):
    """One statistic. `text` is the only way to write the number; without a value `reason` says why.

    `document`, `turns` and `span` say where a longest stretch stands.
    """

    model_config = ConfigDict(frozen=True)

    metric: str
    gong: str = Field(description="What Gong calls it")
    subject: str
    value: float | None
    unit: str
    text: str | None
    basis: str = Field(description="time; where the transcript has no times words, or syllables (shares of speech)")
    count: int
    query: str
    as_of: str
    document: str | None = None
    turns: tuple[int, int] | None = None
    span: Span | None = None
    reason: str | None = None
    note: str | None = None

    @classmethod
    def of(cls, statistic: Statistic, *, query: str, as_of: str, call: Transcript | None) -> "Measured":
        at = statistic.turns
        return cls(
            metric=statistic.name,
            gong=statistic.gong,
            subject=statistic.subject,
            value=statistic.value,
            unit=statistic.unit,
            text=statistic.text,
            basis=statistic.basis,
            count=statistic.count,
            query=query,
            as_of=as_of,
            document=statistic.call,
            turns=at,
            span=(call.utterances[at[0]].span[0], call.utterances[at[1]].span[1]) if call and at else None,
            reason=statistic.reason,
            note=statistic.note,
        )

    @property
    def figure(self) -> Figure | None:
        """The number bound to the query that gave it; None where there is none."""
        if self.value is None or self.text is None:
            return None
        return Figure(self.metric, self.value, self.unit, self.text, self.subject, self.query, self.as_of)


class SpeakerFigures(BaseModel):
    """One speaker's part in a call."""

    speaker: str
    role: str | None
    statistics: tuple[Measured, ...]

    @classmethod
    def of(cls, share: SpeakerShare, *, query: str, as_of: str, call: Transcript) -> "SpeakerFigures":
        figures = tuple(Measured.of(one, query=query, as_of=as_of, call=call) for one in share.statistics)
        return cls(speaker=share.speaker, role=share.role, statistics=figures)


class CallFigures(Result):
    """The statistics of one version of one call."""

    document: str
    content_hash: str
    title: str
    held: datetime | None
    statistics: tuple[Measured, ...]
    speakers: tuple[SpeakerFigures, ...]


class Compared(BaseModel):
    """A rep's value beside that of the sellers who lead the calls the rep is not on."""

    metric: str
    unit: str
    value: float
    others: float
    difference: float
    others_calls: int

    @classmethod
    def of(cls, comparison: Comparison) -> "Compared":
        return cls(
            metric=comparison.name,
            unit=comparison.unit,
            value=comparison.value,
            others=comparison.others,
            difference=comparison.difference,
            others_calls=comparison.others_calls,
        )


class RepFigures(Result):
    """A rep's statistics over `calls`, the ids of the calls counted; `not_compared` says why there is no comparison."""

    rep: str
    calls: tuple[str, ...]
    statistics: tuple[Measured, ...]
    comparison: tuple[Compared, ...]
    not_compared: str | None

    @classmethod
    def of(
        cls, found: RepStatistics, calls: Sequence[Transcript], *, label: Label, query: str, as_of: str
    ) -> "RepFigures":
        texts = {call.id: call for call in calls}
        return cls(
            label=str(label),
            rep=found.rep,
            calls=found.calls,
            statistics=tuple(
                Measured.of(one, query=query, as_of=as_of, call=texts.get(one.call or "")) for one in found.statistics
            ),
            comparison=tuple(map(Compared.of, found.comparison)),
            not_compared=found.not_compared,
        )
