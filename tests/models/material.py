"""A small call that the tests of language cite: who said what, and the brief made from it."""

from datetime import UTC, datetime

from core.identity import Label
from memory.transcripts.model import Speaker, Transcript, Turn
from models.evidence import Citation, Figure, Source
from models.language import Brief, Form, Sentence

ANNA = Speaker(id="a", name="Anna Meyer", role="buyer")
BEN = Speaker(id="b", name="Ben Ortiz", role="seller")
CALL = Transcript(
    id="call-7",
    title="Castellan renewal call",
    speakers=(ANNA, BEN),
    turns=(
        Turn(0, "b", "Thanks for joining. Last time you mentioned that pricing was the open question.", 0),
        Turn(1, "a", "We pay $48,000 today. Procurement won't approve more than a 15 percent increase.", 724_000),
        Turn(2, "b", "I can offer a two-year term at $52k, and onboarding starts on March 9th.", 760_000),
        Turn(3, "a", "GlobeSoft quoted us ten to twelve percent less. Please send the SOC2 report to Priya by Thursday.", 802_000),
        Turn(4, "b", "Absolutely. We support Salesforce and I'll loop in our CFO, Dana, before the Q3 review.", 851_000),
        Turn(5, "a", "It didn't work for us in April. The rollout took three hundred and twenty hours.", 900_000),
    ),
    held=datetime(2026, 3, 5, 15, 0, tzinfo=UTC),
)  # fmt: skip
WIN_RATE = Figure(
    metric="win_rate",
    value=43.0,
    unit="%",
    text="43 %",
    subject="Castellan",
    query="metrics.win_rate(...)",
    as_of="2026-03-31",
)


def source(first: int, last: int, call: Transcript = CALL) -> Source:
    return Source(
        document=call.id,
        content_hash=call.content_hash,
        title=call.title,
        label=Label.INTERNAL,
        utterances=call.utterances[first : last + 1],
        held=call.held,
    )


def cite(first: int, last: int | None = None, call: Transcript = CALL) -> Citation:
    last = first if last is None else last
    return Citation(
        call.id, call.content_hash, (first, last), (call.utterances[first].span[0], call.utterances[last].span[1])
    )


BRIEF = Brief(
    form=Form.ANSWER,
    question="Where does the Castellan renewal stand?",
    sources=(source(0, 1), source(2, 3), source(4, 5)),
    figures=(WIN_RATE,),
)


def sentence(text: str, *turns: int, figures: tuple[Figure, ...] = ()) -> Sentence:
    return Sentence(text, tuple(cite(turn) for turn in turns), figures)
