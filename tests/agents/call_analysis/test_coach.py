"""Coaching and the playbook as a sales leader asks for them, over real documents, a real CRM and the real server."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from agents.base import Finding, Turn
from agents.call_analysis.agent import build_call_analysis
from agents.call_analysis.coach import HEARD, NO_OUTCOMES
from agents.call_analysis.material import WHICH_CALL
from memory.crm.records import Account, Record, Status
from memory.transcripts.model import Transcript
from models.citations import check
from models.evidence import Source
from models.language import Brief
from tests.agents.call_analysis.company import CALLS, at_work, task
from tests.tools.calls.conversation import timed
from tests.tools.risks.records import deal
from tools.calls.behaviours import BEHAVIOURS, Led
from tools.calls.playbook import read_playbook

PLAYBOOK = read_playbook(
    """
name: First call
stages:
  - name: Discovery
    items:
      - {what: Asks how it is done today, ask: true, any_of: [what do you use]}
      - {what: "Names 2 prices, and Northpier", any_of: [per site]}
must_not_say: [{what: Guarantees a result, any_of: [we guarantee]}]
""",
    origin="first.yaml",
)


def held(id_: str, seller: str, *lines: str) -> Transcript:
    return replace(timed(*lines, id_=id_), account=f"Account {id_}", title=f"Call {id_} of {seller}")


def loud(number: int) -> Transcript:
    """The seller talks at length, offers a discount that nobody asked for, and leaves the next step open."""
    return held(
        f"open-{number}",
        "Sam",
        f"s 0-{300 + number} So let me tell you at length how we do all of this.",
        "b 400-450 Okay, and we do it by hand.",
        "s 450-460 I can do 20 percent off today.",
        "s 460-470 I'll send you the worksheet at some point.",
    )


def quiet(number: int) -> Transcript:
    """The seller asks, waits, and dates the next step."""
    return held(
        f"won-{number}",
        "Eve",
        f"e 0-{20 + number} How do you do it today, and who sits at the dock?",
        "b 40-200 We do it by hand, and it takes two people all day long.",
        "e 203-210 What would it be worth to you?",
        "b 211-250 A lot, I would think, it costs us a person.",
        "e 253-260 I'll send you the worksheet by Friday.",
    )


LOUD, QUIET = [loud(n) for n in range(3)], [quiet(n) for n in range(3)]


def sold(calls: list[Transcript], status: Status) -> list[Record]:
    closed = None if status is Status.OPEN else date(2026, 2, 1)
    records: list[Record] = []
    for call in calls:
        records.append(Account(tenant="acme", id=call.id, name=f"Account {call.id}"))
        records.append(deal(call.id, account=call.id, status=status, created=date(2026, 1, 1), closed=closed))
    return records


WON = sold(LOUD, Status.OPEN) + sold(QUIET, Status.WON)


async def one_finding(turn: Turn, question: str, *calls: str) -> Finding:
    [finding] = (await build_call_analysis().ainvoke({"task": task(question, calls=calls)}, context=turn))["findings"]
    assert isinstance(finding, Finding)
    return finding


def lines_of(finding: Finding, turn: Turn) -> list[str]:
    """The lines of the answer; each must pass the citation check."""
    brief = Brief(finding.form, finding.question, finding.sources, finding.figures, finding.parts)
    flaws = [(line.text, check(line, brief, entities=turn.entities)) for line in finding.lines]
    assert [(text, str(flaw)) for text, flaw in flaws if flaw] == []
    return [line.text for line in finding.lines]


def quoted(sources: tuple[Source, ...]) -> set[str]:
    return {source.document for source in sources}


async def test_a_rep_is_told_what_differs_and_hears_it(tmp_path: Path) -> None:
    async with at_work(tmp_path, [*LOUD, *QUIET], records=WON) as turn:
        finding = await one_finding(turn, "What does Sam do differently from the calls we win?")
        lines = lines_of(finding, turn)
    assert "Talk ratio: 87 % for Sam Seller over 3 calls, compared with 15 % for 3 won calls." in lines
    discount = lines.index(
        "Discounts offered before anybody asked: 1.0 a call for Sam Seller over 3 calls, compared with 0.0 a call for 3 won calls."
    )
    assert lines[discount + 1].startswith('A discount before anybody asked: Sam Seller (seller, 07:30): "I can do 20')
    assert any(line.startswith("On a won call, a dated next step: Eve Engineer (seller, 04:13)") for line in lines)
    assert {"open-0", "won-0"} <= set(finding.documents)
    assert quoted(finding.sources) <= {call.id for call in (*LOUD, *QUIET)}
    assert finding.note is not None
    assert "about one in ten does so by chance. Won, by the deal that was open on the day: " in finding.note


async def test_with_too_few_won_calls_it_says_so_and_gives_the_rep_s_own_figures_and_turns(tmp_path: Path) -> None:
    records = sold(LOUD, Status.OPEN) + sold(QUIET[:2], Status.WON)
    async with at_work(tmp_path, [*LOUD, *QUIET[:2]], records=records) as turn:
        finding = await one_finding(turn, "Coach Sam")
        lines = lines_of(finding, turn)
    assert lines[0].startswith("Sam Seller over 3 calls: talk ratio 87 %, longest monologue of a call 5 min ")
    assert any(line.startswith("A discount before anybody asked: Sam Seller") for line in lines)
    assert any("compared with" in line for line in lines) is False
    assert finding.note is not None
    assert finding.note.startswith(
        "Sam Seller's calls cannot be held against calls that were won yet: that takes 3 calls"
    )
    assert "there are 3 that Sam Seller leads and that were not won, and 2 that were won." in finding.note


async def test_without_deals_it_says_where_outcomes_come_from(tmp_path: Path) -> None:
    async with at_work(tmp_path, LOUD) as turn:
        finding = await one_finding(turn, "Coach Sam")
    assert finding.note is not None
    assert finding.note.endswith(NO_OUTCOMES)


async def test_a_follow_up_coaches_somebody_else(tmp_path: Path) -> None:
    async with at_work(tmp_path, [*LOUD, *QUIET], records=WON) as turn:
        first = await one_finding(turn, "How could Sam improve?")
        asked = task("And Eve?", previous=first.arguments)
        [finding] = (await build_call_analysis().ainvoke({"task": asked}, context=turn))["findings"]
        lines = lines_of(finding, turn)
    assert lines[0].startswith("Eve Engineer over 3 calls: talk ratio 15 %")


NOBODY = (
    (
        "Coach Bea",
        "Bea Buyer is on the buyers' side: only sellers are coached. Sellers on the calls you may read: Sam Seller",
    ),
    (
        "How could Zoe improve?",
        "Nobody called Zoe sells on these calls. Sellers on the calls you may read: Sam Seller",
    ),
    ("What should we coach?", "Who is to be coached? Name a seller. Sellers on the calls you may read: Sam Seller"),
)


async def test_whoever_is_no_seller_is_not_coached_and_is_told_who_is(tmp_path: Path) -> None:
    async with at_work(tmp_path) as turn:
        findings = [await one_finding(turn, question) for question, _ in NOBODY]
    assert [one.lines for one in findings] == [()] * len(NOBODY)
    for finding, (_, told) in zip(findings, NOBODY, strict=True):
        assert finding.note is not None
        assert finding.note.startswith(told)


async def test_a_playbook_is_told_item_by_item_with_the_words(tmp_path: Path) -> None:
    async with at_work(tmp_path, playbook=PLAYBOOK) as turn:
        finding = await one_finding(turn, "Did Sam follow the playbook on the Acme intro call?")
        lines = lines_of(finding, turn)
    assert lines == [
        "Playbook items kept, Acme intro: 2 of 3 (as of 2026-01-13).",
        "Asks how it is done today:",
        'Sam Seller (seller, 00:00): "What do you use at the dock today, and how do drivers find their door?" [1]',
        "Playbook, Names 2 prices, and Northpier: left out.",
    ]
    assert finding.note is not None
    assert "Not heard, as it should be: Guarantees a result." in finding.note


async def test_what_was_left_out_is_told_alone_where_it_is_asked_for(tmp_path: Path) -> None:
    async with at_work(tmp_path, playbook=PLAYBOOK) as turn:
        finding = await one_finding(turn, "What did we leave out of the script on the Acme intro call?")
        lines = lines_of(finding, turn)
    assert [line for line in lines if "left out" in line] == lines[1:]
    assert finding.sources == ()


async def test_what_must_not_be_said_is_quoted(tmp_path: Path) -> None:
    call = timed("s 0-20 We guarantee it.", "b 21-60 Good.")
    async with at_work(tmp_path, [call], playbook=PLAYBOOK) as turn:
        lines = lines_of(await one_finding(turn, "Did Sam follow the playbook?", "call-1"), turn)
    assert lines[1:3] == [
        "Guarantees a result, which must not be said:",
        'Sam Seller (seller, 00:00): "We guarantee it." [1]',
    ]


async def test_a_playbook_is_held_against_one_call_and_a_seller_who_is_not_on_it_is_named(tmp_path: Path) -> None:
    async with at_work(tmp_path, playbook=PLAYBOOK) as turn:
        assert (await one_finding(turn, "Did we follow the playbook?")).note == WHICH_CALL
        absent = await one_finding(turn, "Did Rita follow the playbook on the Acme intro call?")
    assert absent.note is not None
    assert absent.note.startswith("Rita Rep does not speak on Acme intro;")


async def test_without_a_playbook_it_says_how_to_get_one(tmp_path: Path) -> None:
    async with at_work(tmp_path, CALLS) as turn:
        finding = await one_finding(turn, "Did Sam follow the playbook on the Acme intro call?")
    assert finding.lines == ()
    assert finding.note is not None
    assert "SOPHIA_PLAYBOOK names one (docs/coaching.md)." in finding.note


def test_there_are_words_for_what_is_heard_of_every_behaviour() -> None:
    call = timed("s 0-9 How is it?", "b 10-20 It is fine.")
    led = Led(call, call.cast["s"], ())
    assert {behaviour.measure(led).name for behaviour in BEHAVIOURS} == set(HEARD)
