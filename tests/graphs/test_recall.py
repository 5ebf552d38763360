"""What the supervisor says of decisions: before everybody else, cited, and only where the ledger has something."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from agents.base import Remembers, Turn
from core.errors import UnavailableError
from core.identity import Label, Principal
from graphs.answer import IN_CALLS, TWO_DAYS
from graphs.recall import LISTED, UNWATCHED, Asks, asks
from graphs.state import State
from graphs.supervisor import Subgraph, build_supervisor, start_of_run
from memory.decisions.history import Kept
from memory.decisions.model import Outcome
from memory.decisions.recall import Due, Recalled, Rejected, Verdict
from memory.decisions.search import Found
from memory.decisions.told import Told
from memory.decisions.wires import Reading, Standing
from models.numbered import Numbered
from tests.fakes.decisions import FREE, NOW, PILOTS, WIRE, Remembered, reading
from tests.fakes.language import Chooses, ScriptedLanguage, nothing
from tests.graphs.test_supervisor import NoTools, cites_first, picks, worker

ADA = Principal("acme", "ada", frozenset({"ask", "decide"}))
ASKER = Principal("acme", "bob", frozenset({"ask"}))
TOLD = "We decided to drop the pilot because it ties up the engineer."
LATER = replace(
    PILOTS,
    id="dec_2",
    decision=replace(PILOTS.decision, choice="Free again", decided_on=date(2026, 3, 10), alternatives=(), wires=()),
)
WHETHER = "Was a free pilot rejected before?"
WHY = "Why did we limit pilots?"
BESIDE = "How are pilots run?"


class Away:
    """A ledger that cannot be asked."""

    async def recalled(self, question: str, principal: Principal) -> Recalled:
        raise UnavailableError("The database is away")

    async def every(self, principal: Principal) -> Sequence[Kept]:
        raise UnavailableError("The database is away")

    async def due(self, principal: Principal) -> Sequence[Due]:
        raise UnavailableError("The database is away")

    async def propose(self, told: Told, run: str, principal: Principal, *, on: date, label: Label) -> str:
        raise UnavailableError("The database is away")


def found(kept: Kept = PILOTS) -> tuple[Found, ...]:
    """The decision, as near as can be by every measure."""
    nearness = {one.name: 1.0 for one in fields(Found) if one.name not in ("kept", "alternative")}
    return (Found(kept=kept, alternative=None, **nearness),)


def rejected(verdict: Verdict, *readings: Reading, kept: Kept = PILOTS) -> Recalled:
    return Recalled(found(kept), Rejected(verdict, kept, FREE, readings))


async def ask(
    question: str,
    ledger: Remembers,
    chooses: Chooses = nothing,
    calls: tuple[str, ...] = (),
    *,
    who: Principal = ADA,
    workers: Mapping[str, Subgraph] | None = None,
    present: datetime | None = None,
) -> tuple[list[Numbered], dict[str, Any]]:
    """The sentences of the answer and the last state, with calls or others as the other specialists."""
    graph = build_supervisor(workers or {"call_analysis": worker()}, checkpointer=None, patience_s=30)
    language = ScriptedLanguage(chooses, cites_first)
    turn = Turn(who, NOW, NOW + timedelta(minutes=1), language, NoTools(), decisions=ledger, present=present)
    said: list[Numbered] = []
    final: dict[str, Any] = {}
    stream = graph.astream(
        State(**start_of_run("run_1", question, calls)), context=turn, stream_mode=["custom", "values"], version="v2"
    )
    async for part in stream:
        if part["type"] == "values":
            final = dict(part["data"])
        elif isinstance(part["data"], Numbered):
            said.append(part["data"])
    assert final["withheld"] == 0
    return said, final


async def test_what_was_turned_down_is_the_answer_with_its_reason_and_whether_that_holds() -> None:
    said, final = await ask(
        WHETHER, Remembered(rejected(Verdict.HOLDS, reading(58))), picks(("call_analysis", WHETHER))
    )
    assert [one.text for one in said] == [
        "Turned down on 2026-02-17: a free pilot. The reason: Nobody has to decide anything while one runs. [1]",
        "Decided on 2026-02-17 by Renata Voss: Paid, thirty days at most. [2]",
        "Win rate was 58 % for 2025-03-21 to 2026-03-20.",
        "By this the reason still holds. The trip-wire: win rate below 40. [3]",
    ]
    assert [figure.value for one in said for figure in one.figures] == [58]
    assert [one.part for sentence in said for one in sentence.references] == [
        "alternative 1 of 2",
        "choice",
        "trip-wire",
    ]
    assert {reference.citation.document for one in said for reference in one.references} == {"decision:dec_1"}
    assert Label(final["label"]) == Label.CONFIDENTIAL


async def test_a_crossed_trip_wire_says_that_the_reason_no_longer_holds() -> None:
    said, _ = await ask(WHETHER, Remembered(rejected(Verdict.STALE, reading(31))))
    assert said[-1].text == "By this the reason no longer holds. The trip-wire: win rate below 40. [3]"


async def test_what_no_trip_wire_watches_is_left_to_people() -> None:
    said, _ = await ask(WHETHER, Remembered(rejected(Verdict.UNWATCHED)))
    assert said[-1] == Numbered(UNWATCHED)


async def test_what_cannot_be_measured_is_told_with_why() -> None:
    unknown = Reading(WIRE, Standing.UNKNOWN, NOW.date(), why="there are no deals")
    said, _ = await ask(WHETHER, Remembered(rejected(Verdict.UNKNOWN, unknown)))
    assert said[-1] == Numbered("Whether the reason still holds cannot be told (win_rate: there are no deals).")


async def test_what_took_a_decisions_place_is_told_with_it() -> None:
    ended = replace(PILOTS, superseded_by=LATER.id, ended_on=LATER.decision.decided_on)
    said, _ = await ask(WHETHER, Remembered(rejected(Verdict.STALE, kept=ended), LATER))
    assert said[-1].text == "It was superseded. Decided on 2026-03-10 by Renata Voss: Free again. [3]"


async def test_why_is_answered_with_the_choice_its_reason_and_what_was_turned_down() -> None:
    came = replace(PILOTS, outcome=Outcome(False, "Two buyers left", date(2026, 3, 9)))
    said, _ = await ask(WHY, Remembered(Recalled(found(came))), picks(("crm_sync", WHY)))
    assert [one.text for one in said] == [
        "Decided on 2026-02-17 by Renata Voss: Paid, thirty days at most. [1]",
        "The reason: Two of seven free pilots closed. [2]",
        "Turned down on 2026-02-17: a free pilot. The reason: Nobody has to decide anything while one runs. [3]",
        "Turned down on 2026-02-17: no pilots. The reason: Shippers want to see one. [4]",
        "It did not work out, as seen on 2026-03-09: Two buyers left. [5]",
    ]


async def test_another_question_about_it_gets_a_line_or_two_before_its_own_answer() -> None:
    said, _ = await ask(BESIDE, Remembered(Recalled(found())), picks(("call_analysis", BESIDE)))
    assert [one.text for one in said] == [
        "Decided on 2026-02-17 by Renata Voss: Paid, thirty days at most. [1]",
        "The reason: Two of seven free pilots closed. [2]",
        IN_CALLS,
        "So it is. [3]",
    ]


async def test_a_specialist_that_is_not_there_is_not_named_beside_what_the_ledger_says() -> None:
    said, _ = await ask(BESIDE, Remembered(Recalled(found())), picks(("crm_sync", "update the stage")))
    assert [one.text[:10] for one in said] == ["Decided on", "The reason"]


@pytest.mark.parametrize(
    "question", ["What decisions have we made?", "list our decisions", "Which decisions are in force?"]
)
async def test_the_decisions_in_force_are_listed_and_cited(question: str) -> None:
    ended = replace(PILOTS, id="dec_9", ended_on=NOW.date())
    said, _ = await ask(question, Remembered(Recalled(found(ended)), LATER))
    assert [one.text for one in said] == [
        f"{LATER.decision.question} Decided on 2026-03-10 by Renata Voss: Free again. [1]",
        LISTED,
    ]
    assert [one.part for one in said[0].references] == ["title and choice"]


@pytest.mark.parametrize(
    ("present", "told"),
    [
        (NOW + timedelta(days=40), [TWO_DAYS]),
        (NOW, []),
        (None, []),
    ],
)  # fmt: skip
async def test_an_answer_of_two_days_says_which_part_is_of_which(present: datetime | None, told: list[str]) -> None:
    workers = {"infrastructure": worker(note="Sophia: ok."), "call_analysis": worker()}
    parts = picks(("call_analysis", "what did Acme say?"), ("infrastructure", "are the platforms well?"))
    asked = "What did Acme say, and are the platforms well?"
    said, _ = await ask(asked, Remembered(Recalled()), parts, workers=workers, present=present)
    assert [one.text for one in said if "company's day" in one.text] == told
    assert "Sophia: ok." in [one.text for one in said]


async def test_a_ledger_without_decisions_says_so() -> None:
    said, _ = await ask("What decisions have we made?", Remembered(Recalled()))
    assert [one.text for one in said] == ["The ledger holds no decision that you may read."]


async def test_other_parts_of_a_question_keep_their_answers() -> None:
    parts = picks(("call_analysis", WHY), ("call_analysis", "what did Acme say?"))
    said, _ = await ask(f"{WHY} And what did Acme say?", Remembered(Recalled(found())), parts)
    assert said[0].text.startswith("Decided on")
    assert said[-1].text.startswith("So it is.")


@pytest.mark.parametrize("message", [TOLD, WHETHER, BESIDE])
async def test_what_was_put_before_somebody_is_told_whatever_the_ledger_says(message: str) -> None:
    acting = {"crm_sync": worker(note="It waits as apr_1.", acted=True)}
    ledger = Remembered(rejected(Verdict.UNWATCHED))
    said, _ = await ask(message, ledger, picks(("crm_sync", message)), workers=acting)
    assert said[-1] == Numbered("It waits as apr_1.")
    assert len(said) > 1


async def test_a_decision_that_is_told_waits_and_says_how_it_is_confirmed() -> None:
    ledger = Remembered(Recalled())
    said, _ = await ask(TOLD, ledger, picks(("call_analysis", TOLD)))
    [line] = said
    assert "not recorded yet: it waits as prop_1" in line.text
    assert "'sophia decisions confirm prop_1'" in line.text
    assert [one.quote for one in ledger.proposed] == [TOLD]


async def test_what_was_decided_before_is_told_beside_a_new_decision() -> None:
    said, _ = await ask(TOLD, Remembered(rejected(Verdict.UNWATCHED)))
    assert said[0].text.startswith("Decided on 2026-02-17")
    assert "prop_1" in said[-1].text


async def test_who_may_not_decide_is_told_so_and_nothing_waits() -> None:
    ledger = Remembered(Recalled())
    said, _ = await ask(TOLD, ledger, who=ASKER)
    assert [one.text for one in said] == ["That is a decision, and was not recorded. This needs the role 'decide'."]
    assert ledger.proposed == []


@pytest.mark.parametrize("question", ["What did they object to?", "How big is the pipeline?"])
async def test_a_question_that_shares_no_words_with_a_decision_is_not_answered_with_it(question: str) -> None:
    ledger = Remembered(Recalled(found()))
    said, _ = await ask(question, ledger, picks(("call_analysis", question)))
    assert [one.text for one in said] == ["So it is. [1]"]
    assert ledger.asked == []


async def test_a_question_about_named_calls_is_not_put_to_the_ledger() -> None:
    ledger = Remembered(rejected(Verdict.UNWATCHED))
    await ask(WHETHER, ledger, picks(("call_analysis", WHETHER)), calls=("c1",))
    assert ledger.asked == []


async def test_a_ledger_that_is_away_keeps_nobody_from_answering() -> None:
    said, _ = await ask(WHETHER, Away(), picks(("call_analysis", WHETHER)))
    assert [one.text for one in said] == ["So it is. [1]"]


async def test_a_mark_in_a_decisions_words_is_not_taken_for_a_citation() -> None:
    forged = replace(PILOTS, decision=replace(PILOTS.decision, choice="Paid [7], see there"))
    said, _ = await ask(WHY, Remembered(Recalled(found(forged))))
    assert said[0].text == "Decided on 2026-02-17 by Renata Voss: Paid, see there. [1]"


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Why don't we do free pilots?", Asks.WHETHER),
        ("Should we open an office in Lisbon?", Asks.WHETHER),
        ("Did we think about longer pilots?", Asks.WHETHER),
        ("What's our policy on pilots?", Asks.WHY),
        ("Are we allowed to extend a pilot?", Asks.WHY),
        ("What was wrong with free pilots?", Asks.WHY),
        ("Was a booking fee ever considered?", Asks.WHETHER),
        ("Did anyone already look into leasing?", Asks.WHETHER),
        ("Why did we limit pilots?", Asks.WHY),
        ("What did we decide about pilots?", Asks.WHY),
        ("What was the rationale behind short pilots?", Asks.WHY),
        ("Why did support tickets rise?", Asks.SOMETHING),
        ("How come they left?", Asks.SOMETHING),
        ("What did Marrowfield object to?", Asks.SOMETHING),
    ],
)
def test_what_a_question_wants_of_the_ledger_is_read_from_its_words(question: str, wanted: Asks) -> None:
    assert asks(question) is wanted
