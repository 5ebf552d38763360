"""The statistics of one call, each with its formula, its unit and the name Gong gives it.

Gong names these statistics but publishes no formulas; the ones written here are ours, so a value may differ from the
one Gong shows. Where every turn has times they are in seconds, else in words (shares of speech: in syllables and pauses,
which come nearer to the time), and `basis` says which.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from memory.transcripts.model import Transcript, Turn
from tools.calls import speech
from tools.calls.questions import question_spans, unpunctuated_question_spans
from tools.calls.speech import BUYER, SELLER, Basis, Party

SHORTEST_SECONDS, SHORTEST_WORDS = 60.0, 100.0
"""Below these a call is too short for a rate."""


@dataclass(frozen=True, slots=True)
class Statistic:
    """One measured number: `value` is `part / whole`, so that calls can be added up before dividing.

    `value` is None where it cannot be known, and `reason` says why. `count` is how many turns, replies, switches or
    questions it rests on; a longest stretch stands in `call` at `turns`.
    """

    name: str
    gong: str
    subject: str
    unit: str
    basis: Basis
    part: float = 0.0
    whole: float = 0.0
    count: int = 0
    call: str | None = None
    turns: tuple[int, int] | None = None
    reason: str | None = None
    note: str | None = None

    @property
    def value(self) -> float | None:
        """The number, in `unit`."""
        return None if self.reason or not self.whole else self.part / self.whole

    @property
    def text(self) -> str | None:
        """The number as it may be written: `47 %`, `1 min 52 s`, `0.6 s`, `22 questions an hour`."""
        return None if self.value is None else written(self.value, self.unit, exact=self.name == "patience")


@dataclass(frozen=True, slots=True)
class SpeakerShare:
    """What one speaker's part in the call was."""

    speaker: str
    role: str | None
    statistics: tuple[Statistic, ...]


def talk_ratio(call: Transcript, of: Party) -> Statistic:
    """100 x speech of the party / speech of everybody, in percent. Gong: 'Talk Ratio'.

    Silence is in neither. People who speak at once are both counted, so the shares of all speakers sum to 100. Without
    times speech is told from what is written: the syllables of words and numbers as they are said, and one more for each
    comma and each end of a sentence.
    """
    basis = speech.share_basis_of(call)
    everybody = speech.spoken(call, call.cast, basis)
    mine = speech.spoken(call, of.speakers, basis)
    turns = sum(turn.speaker in of.speakers for turn in call.turns)
    return Statistic(
        "talk_ratio",
        "Talk Ratio",
        of.name,
        "%",
        basis,
        100 * mine,
        everybody,
        turns,
        reason=_absent(of),
        note=_unplaced(call),
    )


def longest_monologue(call: Transcript, of: Party) -> Statistic:
    """The most one member of the party says in a stretch, in seconds (or words). Gong: 'Longest Monologue'.

    A stretch is one speaker's successive turns; back-channels of others do not end it, pauses between its turns are not
    counted.
    """
    return _longest("longest_monologue", "Longest Monologue", call, of)


def longest_customer_story(call: Transcript) -> Statistic:
    """The most one buyer says in a stretch, in seconds (or words). Gong: 'Longest Customer Story'."""
    return _longest("longest_customer_story", "Longest Customer Story", call, speech.side(call, BUYER))


def _longest(name: str, gong: str, call: Transcript, of: Party) -> Statistic:
    basis = speech.basis_of(call)
    unit = "s" if basis is Basis.TIME else "words"
    mine = [stretch for stretch in speech.stretches(call, basis) if stretch.speaker in of.speakers]
    if not mine:
        return Statistic(name, gong, of.name, unit, basis, reason=_absent(of) or f"{of.name} only listened")
    longest = max(mine, key=lambda stretch: stretch.amount)
    subject = call.cast[longest.speaker].name
    return Statistic(name, gong, subject, unit, basis, longest.amount, 1, len(mine), call.id, longest.turns)


def interactivity(call: Transcript) -> Statistic:
    """Switches of the floor between sellers and buyers / minutes (or 1,000 words) of the call. Gong: 'Interactivity'.

    Back-channels take no floor; turns of people whose side is unknown are passed over. Gong's own score is on a scale
    of ten whose formula is not published; this one has no upper end.
    """
    basis = speech.basis_of(call)
    unit = "switches a minute" if basis is Basis.TIME else "switches per 1,000 words"
    sellers, buyers = speech.side(call, SELLER), speech.side(call, BUYER)
    name, gong = "interactivity", "Interactivity"
    reason = _absent(sellers) or _absent(buyers) or _too_short(call, basis)
    if reason:
        return Statistic(name, gong, "Call", unit, basis, reason=reason)
    sides = [t.speaker in sellers.speakers for t in speech.floor_turns(call) if call.cast[t.speaker].role]
    switches = sum(before != after for before, after in pairwise(sides))
    whole = speech.extent(call, basis) / (60 if basis is Basis.TIME else 1000)
    return Statistic(name, gong, "Call", unit, basis, switches, whole, switches, note=_unplaced(call))


def patience(call: Transcript, of: Party) -> Statistic:
    """Mean seconds from the end of the buyers' speech to the party's reply. Gong: 'Patience'.

    A reply is a turn that takes the floor directly after a buyer; one that begins before the buyers have ended has
    waited 0 seconds. Needs times: without them there is no value.
    """
    waits = [wait for _, wait in replies(call, of)]
    reason = _absent(of) or _absent(speech.side(call, BUYER))
    if speech.basis_of(call) is Basis.WORDS:
        reason = "the transcript has no times"
    elif not waits:
        reason = reason or f"{of.name} never replied to a buyer"
    return Statistic(
        "patience", "Patience", of.name, "s", Basis.TIME, sum(waits), len(waits), len(waits), reason=reason
    )


def replies(call: Transcript, of: Party) -> Iterator[tuple[Turn, float]]:
    """The party's replies to buyers, each with its wait in seconds; none where the transcript has no times."""
    if speech.basis_of(call) is Basis.WORDS:
        return
    buyers = speech.side(call, BUYER).speakers
    buyers_ended, before = 0, ""
    for turn in speech.floor_turns(call):
        start, end = speech.times(turn)
        if turn.speaker in of.speakers and before in buyers:
            yield turn, max(0, start - buyers_ended) / 1000
        if turn.speaker in buyers:
            buyers_ended = max(buyers_ended, end)
        before = turn.speaker


def question_count(call: Transcript, of: Party) -> Statistic:
    """How many questions the party asks. Gong: `questions.companyCount` and `questions.nonCompanyCount`.

    A question is a sentence that ends in a question mark and is more than a tag ("right?").
    """
    asked = _asked(call, of)
    basis = speech.basis_of(call)
    return Statistic(
        "questions", "questions", of.name, "questions", basis, asked, 1, asked, reason=_absent(of), note=_unmarked(call)
    )


def question_rate(call: Transcript, of: Party) -> Statistic:
    """Questions of the party / hours (or 1,000 words) of the call. Gong: 'Question Rate'."""
    basis = speech.basis_of(call)
    unit = "questions an hour" if basis is Basis.TIME else "questions per 1,000 words"
    asked = _asked(call, of)
    whole = speech.extent(call, basis) / (3600 if basis is Basis.TIME else 1000) if call.turns else 0.0
    reason = _absent(of) or _too_short(call, basis)
    return Statistic(
        "question_rate", "Question Rate", of.name, unit, basis, asked, whole, asked, reason=reason, note=_unmarked(call)
    )


PERSONAL: tuple[Callable[[Transcript, Party], Statistic], ...] = (
    talk_ratio,
    longest_monologue,
    patience,
    question_rate,
    question_count,
)
"""The statistics of a person or a side."""


def call_statistics(call: Transcript) -> tuple[Statistic, ...]:
    """All statistics of the call: the sellers' as one party, the buyers' longest story and questions, and the exchange."""
    sellers, buyers = speech.side(call, SELLER), speech.side(call, BUYER)
    personal = [measure(call, sellers) for measure in PERSONAL]
    return (*personal, question_count(call, buyers), longest_customer_story(call), interactivity(call))


def speaker_shares(call: Transcript) -> tuple[SpeakerShare, ...]:
    """Talk ratio, longest monologue and questions of everybody who speaks, whatever is known of their side."""
    measures = (talk_ratio, longest_monologue, question_count)
    return tuple(
        SpeakerShare(speaker.name, speaker.role, tuple(m(call, speech.person(speaker)) for m in measures))
        for speaker in speech.spoke(call)
    )


def written(value: float, unit: str, *, exact: bool = False) -> str:
    """A number with its unit: whole percents, seconds and words; rates and patience with one decimal below ten."""
    if unit == "s" and not exact:
        minutes, seconds = divmod(round(value), 60)
        return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
    rate = exact or " a " in f" {unit}" or " per " in unit
    if rate and value < 10:
        return f"{value:.1f} {unit}"
    return f"{value:.0f} {unit.removesuffix('s') if value == 1 else unit}"


def _asked(call: Transcript, of: Party) -> int:
    spans = question_spans if _has_marks(call) else unpunctuated_question_spans
    return sum(1 for turn in call.turns if turn.speaker in of.speakers for _ in spans(turn.text))


def _has_marks(call: Transcript) -> bool:
    return any("?" in turn.text for turn in call.turns)


def _absent(of: Party) -> str | None:
    if of.speakers:
        return None
    return {"Sellers": "no speaker is known to be a seller", "Buyers": "no speaker is known to be a buyer"}.get(
        of.name, f"{of.name} does not speak on this call"
    )


def _too_short(call: Transcript, basis: Basis) -> str | None:
    shortest = SHORTEST_SECONDS if basis is Basis.TIME else SHORTEST_WORDS
    return "the call is too short for a rate" if not call.turns or speech.extent(call, basis) < shortest else None


def _unplaced(call: Transcript) -> str | None:
    """Says how many turns belong to people whose side is unknown, where some sides are known."""
    unknown = [turn for turn in call.turns if call.cast[turn.speaker].role is None]
    if not unknown or len(unknown) == len(call.turns):
        return None
    return f"turns by speakers known neither as sellers nor as buyers: {len(unknown)}"


def _unmarked(call: Transcript) -> str | None:
    return None if _has_marks(call) else "the transcript has no question marks: questions are told by how they begin"
