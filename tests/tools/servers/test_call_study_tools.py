"""Comparisons, talk tracks, moods and threats through the gateway, each under the rights of who asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.errors import InvalidInputError, NotFoundError
from core.identity import Label
from memory.crm.records import Account, Deal, Record, Source, Status
from memory.transcripts.model import Transcript
from tests.agents.call_analysis.company import DEMO, INTRO, RENEWAL, at_work
from tests.tools.calls.conversation import timed
from tests.tools.servers.test_business_intelligence import ANNA, CLEARED, office
from tools.servers.call_study_results import CallSentiment, Comparison, TalkTracks, Threats

SIGN_ON = replace(
    timed(
        "s 0-20 What would stop you from signing?",
        "b 21-40 Security won't sign off without single sign-on. And North Pier showed it to us.",
        "s 41-60 It is in the standard plan, and we set it up with your people in week one.",
        "b 61-70 Then that works for us. I love it.",
        id_="won",
    ),
    title="Acme security",
    account="Acme",
)
CALLS = (SIGN_ON, replace(DEMO, id="demo"), INTRO)
FILE = Source("deals.csv", 2)


async def asked(folder: Path, tool: str, *calls: Transcript, **arguments: Any) -> Mapping[str, Any]:
    async with office(folder, *(calls or CALLS)) as subject:
        return (await subject.ask(tool, **arguments)).structured


async def test_calls_are_compared_in_the_order_given_with_the_query_behind_each_figure(tmp_path: Path) -> None:
    found = Comparison.model_validate(await asked(tmp_path, "compare_calls", calls=["demo", "won"]))
    assert [call.document for call in found.calls] == ["demo", "won"]
    rows = [row for row in (*found.different, *found.alike) if row[0].metric == "longest_monologue"]
    assert [[one.query for one in row] for row in rows] == [["compare_calls(calls=['demo', 'won'])"] * 2]
    assert {(one.document, one.place.marked.detail) for one in found.only} >= {
        ("won", "Northpier"),
        ("won", "security"),
    }


@pytest.mark.parametrize(("calls", "error"), [(["won", "nothing"], NotFoundError), (["won"], InvalidInputError)])
async def test_a_comparison_needs_two_calls_that_are_there(
    tmp_path: Path, calls: Sequence[str], error: type[Exception]
) -> None:
    async with office(tmp_path, *CALLS) as subject:
        with pytest.raises(error):
            await subject.ask("compare_calls", calls=[*calls])


async def test_a_call_that_may_not_be_read_is_compared_with_nothing(tmp_path: Path) -> None:
    async with office(tmp_path) as subject:
        with pytest.raises(NotFoundError):
            await subject.ask("compare_calls", ANNA, calls=["open", "secret"])
        assert (await subject.ask("compare_calls", CLEARED, calls=["open", "secret"])).label is Label.CONFIDENTIAL


async def test_a_talk_track_is_of_what_was_overcome_and_the_rest_is_shown_where_it_was_raised(tmp_path: Path) -> None:
    found = TalkTracks.model_validate(await asked(tmp_path, "talk_tracks"))
    assert [(one.document, one.objection.said.turn, [said.turn for said in one.replies]) for one in found.tracks] == [
        ("won", 1, [2])
    ]
    [track] = found.tracks
    assert track.accepted is not None
    assert (track.accepted.said.turn, track.won) == (3, None)
    assert {one.document for one in found.raised} == {"demo", "intro"}


async def test_talk_tracks_are_narrowed_to_an_objection(tmp_path: Path) -> None:
    async with office(tmp_path, *CALLS) as subject:
        about = {
            wanted: TalkTracks.model_validate((await subject.ask("talk_tracks", objection=wanted)).structured)
            for wanted in ("security", "drivers", "North Pier")
        }
    assert [len(about[wanted].tracks) for wanted in about] == [1, 0, 1]
    assert [one.document for one in about["drivers"].raised] == ["demo"]


async def test_moods_are_shares_with_the_sentences_that_show_them(tmp_path: Path) -> None:
    found = CallSentiment.model_validate(await asked(tmp_path, "call_sentiment", call="won"))
    buyer = next(one for one in found.speakers if one.speaker == "Bea Buyer")
    assert buyer.positive.figure.query == "call_sentiment(call='won')"
    assert (buyer.positive.metric, buyer.positive.text) == ("positive_sentences", f"{buyer.positive.value:.0f} %")
    for tone in buyer.best:
        start, end = tone.spot.span
        assert SIGN_ON.text[start:end] in tone.spot.said.text


async def test_a_threat_has_its_level_and_the_sentences_that_gave_it(tmp_path: Path) -> None:
    found = Threats.model_validate(await asked(tmp_path, "competitor_threats", competitor="North Pier"))
    assert {one.competitor for one in found.threats} == {"Northpier"}
    assert [one.level.value for one in found.threats] == sorted(
        (one.level.value for one in found.threats), reverse=True
    )
    first = found.threats[0]
    assert first.level.text == f"{first.level.value:.0f} of 5"
    assert first.level.value == 1 + len(first.factors)


async def test_a_competitor_whom_nobody_names_is_no_threat(tmp_path: Path) -> None:
    assert Threats.model_validate(await asked(tmp_path, "competitor_threats", competitor="Nobody")).threats == ()


def of_crm(status: Status, closed: date | None) -> tuple[Record, ...]:
    account = Account(id="a1", tenant="acme", label=Label.INTERNAL, source=FILE, name="Acme Tools")
    deal = Deal(
        id="d1",
        tenant="acme",
        label=Label.INTERNAL,
        source=FILE,
        name="Acme",
        account="a1",
        stage="Closed Won",
        status=status,
        created=date(2025, 1, 1),
        closed=closed,
    )
    return account, deal


@dataclass(frozen=True)
class Ending:
    status: Status
    closed: date | None
    overcome: bool


@pytest.mark.parametrize(
    "ending",
    [
        Ending(Status.WON, date(2026, 4, 1), overcome=True),
        Ending(Status.WON, date(2025, 12, 1), overcome=False),
        Ending(Status.LOST, date(2026, 4, 1), overcome=False),
        Ending(Status.OPEN, None, overcome=False),
    ],
)
async def test_an_answered_objection_is_overcome_where_the_deal_was_won_afterwards(
    tmp_path: Path, ending: Ending
) -> None:
    answered = replace(
        RENEWAL,
        turns=(
            *RENEWAL.turns[:2],
            replace(RENEWAL.turns[4], index=2, text="We can split it by the quarter, so it is less at once."),
        ),
    )
    async with at_work(tmp_path, [answered], records=of_crm(ending.status, ending.closed)) as turn:
        result = await turn.tools.call(turn.principal, "talk_tracks", {})
    tracks = TalkTracks.model_validate(result.structured).tracks
    assert [track.won is not None for track in tracks] == [True] * ending.overcome
    for track in tracks:
        assert track.won is not None
        assert [said.text for said in track.won.utterances] == ["Stage: Closed Won"]
