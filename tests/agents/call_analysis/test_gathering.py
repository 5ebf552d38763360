"""Every gatherer over real documents, and the answer that the extractive language writes from what it found."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import JsonValue

from agents.base import Finding, Task, Turn
from agents.call_analysis.agent import build_call_analysis
from agents.call_analysis.asks import NO_CALLS
from agents.call_analysis.material import LATEST_TAKEN, WHICH_CALL
from agents.call_analysis.moments import LATEST_STEPS, WHETHER_DONE
from agents.call_analysis.tracks import NOT_RAISED
from models.citations import check
from models.extractive.write import NOT_IN_MATERIAL
from models.language import Brief, Form
from tests.agents.call_analysis.company import ACME, CALLS, INTRO, ORDER, RENEWAL, at_work, task
from tests.tools.calls.conversation import timed


async def found(turn: Turn, question: str, previous: Mapping[str, JsonValue] | None = None) -> Finding:
    """What is found where only the words of the question tell its kind."""
    return await one_finding(turn, replace(task(question, previous=previous), tentative=True))


async def one_finding(turn: Turn, asked: Task) -> Finding:
    [finding] = (await build_call_analysis().ainvoke({"task": asked}, context=turn))["findings"]
    assert isinstance(finding, Finding)
    return finding


async def written(turn: Turn, finding: Finding) -> list[str]:
    """The answer's lines; each must pass the citation check."""
    asked = finding.asked or finding.question
    brief = Brief(finding.form, asked, finding.sources, finding.figures, finding.parts)
    sentences = [sentence async for sentence in turn.language.write(brief, call=turn.call("answer"))]
    assert [flaw for sentence in sentences if (flaw := check(sentence, brief))] == []
    return [sentence.text for sentence in sentences]


async def test_objections_are_quoted_from_buyers_with_the_sentences_around_them(tmp_path: Path) -> None:
    async with at_work(tmp_path) as turn:
        lines = await written(turn, await found(turn, "What did Acme object to?"))
    assert any("We're on a budget freeze until April. Nothing before that." in line for line in lines)
    assert any("too expensive for two sites" in line for line in lines)
    assert all("(buyer" in line for line in lines)


async def test_objections_of_one_person_are_that_person_s(tmp_path: Path) -> None:
    async with at_work(tmp_path) as turn:
        lines = await written(turn, await found(turn, "What worries Acme's COO?"))
    assert lines
    assert all(line.startswith("Bea Buyer") for line in lines)


async def test_competitors_are_quoted_in_whole_sentences(tmp_path: Path) -> None:
    async with at_work(tmp_path) as turn:
        [line] = await written(turn, await found(turn, "Which competitors came up?"))
    assert line == (
        'Bea Buyer (buyer, 00:21): "We looked at North Pier last year. It was a calendar with a truck on it, so we still '
        'use a whiteboard." [1]'
    )


async def test_a_next_step_shows_the_day_it_is_due_reckoned_from_the_day_of_the_call(tmp_path: Path) -> None:
    async with at_work(tmp_path) as turn:
        finding = await found(turn, "What are the next steps from the Acme intro call?")
        lines = await written(turn, finding)
    assert lines == [
        'Sam Seller (seller, 01:21): "I\'ll send you a worksheet for the detention math by Friday." [1] (due 2026-01-16)'
    ]
    [due] = finding.figures
    assert (due.query, due.as_of, due.value) == ("call_moments(call='intro', kinds=['next_step'])", "2026-01-13", 3)


async def test_next_steps_of_several_calls_are_those_of_the_latest_which_is_then_remembered(tmp_path: Path) -> None:
    async with at_work(tmp_path) as turn:
        finding = await found(turn, "What are the next steps with Acme?")
    assert finding.note == LATEST_STEPS
    assert finding.arguments["calls"] == ["renewal"]
    assert {source.document for source in finding.sources} == {"renewal"}


async def test_what_we_owe_is_ours_and_what_they_promised_is_theirs(tmp_path: Path) -> None:
    async with at_work(tmp_path) as turn:
        ours = await written(turn, await found(turn, "What do we owe Acme?"))
        theirs = await written(turn, await found(turn, "What did Acme promise?"))
    assert [line.split(" (")[0] for line in ours] == ["Sam Seller"]
    assert [line.split(" (")[0] for line in theirs] == ["Bea Buyer"]


async def test_what_is_overdue_was_due_by_today_and_nobody_claims_that_it_was_not_done(tmp_path: Path) -> None:
    async with at_work(tmp_path) as turn:
        early = replace(turn, now=turn.now.replace(month=2, day=1))
        finding = await found(early, "What is overdue at Acme?")
    assert [figure.text for figure in finding.figures] == ["2026-01-16"]
    assert finding.note == WHETHER_DONE


async def test_of_more_that_is_overdue_than_an_answer_holds_the_latest_due_is_told_and_the_rest_counted(
    tmp_path: Path,
) -> None:
    promises = [
        f"s {day * 10}-{day * 10 + 9} I'll send you report {day} by January {13 + day}." for day in range(1, 13)
    ]
    many = replace(timed(*promises, id_="many", cast=ACME), account="Acme Tools", held=INTRO.held)
    async with at_work(tmp_path, calls=[many]) as turn:
        finding = await found(turn, "What is overdue at Acme?")
    assert [figure.text for figure in finding.figures] == [f"2026-01-{13 + day}" for day in range(3, 13)]
    assert finding.note is not None
    assert finding.note.startswith("2 more that were due earlier are left out:")
    assert finding.note.endswith(WHETHER_DONE)


async def test_where_nobody_objected_so_the_calls_that_were_looked_through_are_named(tmp_path: Path) -> None:
    async with at_work(tmp_path) as turn:
        of_call = await found(turn, "How do we handle the price objection on the Bolt demo?")
        of_all = await found(turn, "Give me a talk track for helicopters")
    assert of_call.note == "No such objection was heard on Bolt demo."
    assert of_all.note == NOT_RAISED


async def test_figures_say_whose_they_are_and_of_which_call(tmp_path: Path) -> None:
    async with at_work(tmp_path) as turn:
        of_call = await written(turn, await found(turn, "What was the talk ratio on the Bolt demo?"))
        of_person = await written(turn, await found(turn, "What was Rita's talk ratio on the Bolt demo?"))
        of_reps = await written(turn, await found(turn, "Who talks more, Sam or Rita?"))
    assert of_call == ["Talk ratio, Sellers on Bolt demo: 76 % (as of 2026-02-05)."]
    assert of_person == ["Talk ratio, Rita Rep on Bolt demo: 76 % (as of 2026-02-05)."]
    assert [line.split(":")[0] for line in of_reps] == [
        "Talk ratio, Sam Seller over 2 calls",
        "Talk ratio, Rita Rep over 1 call",
    ]


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("What is Nobody Smith's talk ratio?", "Nobody Smith"),
        ("what is zoe's talk ratio", "zoe"),
        ("How patient is Zoe? What is her talk ratio?", "Zoe"),
        ("What is Rita's talk ratio with Acme?", "Rita Rep"),
    ],
)
async def test_whoever_does_not_speak_gets_nobody_else_s_figures(tmp_path: Path, question: str, name: str) -> None:
    async with at_work(tmp_path) as turn:
        finding = await found(turn, question)
    assert finding.figures == ()
    assert finding.note is not None
    assert finding.note.startswith(f"Nobody called {name} speaks on these calls. Those who do: Sam Seller")
    assert finding.documents


async def test_figures_of_one_are_given_beside_the_word_that_another_does_not_speak(tmp_path: Path) -> None:
    async with at_work(tmp_path) as turn:
        finding = await found(turn, "Who has the higher talk ratio, Sam or Zoe?")
    assert {figure.subject for figure in finding.figures} == {"Sam Seller over 2 calls"}
    assert "Nobody called Zoe speaks on these calls." in (finding.note or "")


async def test_a_customer_s_figures_are_the_customer_s_and_said_to_be(tmp_path: Path) -> None:
    async with at_work(tmp_path) as turn:
        finding = await found(turn, "What is Bea Buyer's talk ratio?")
    assert {figure.subject for figure in finding.figures} == {"Bea Buyer on Acme renewal", "Bea Buyer on Acme intro"}
    assert finding.note == "Bea Buyer is on the buyers' side."


@pytest.mark.parametrize("question", ["What is our reps' talk ratio?", "What is the team's talk ratio?"])
async def test_the_figures_of_all_reps_are_given_where_nobody_is_named(tmp_path: Path, question: str) -> None:
    async with at_work(tmp_path) as turn:
        finding = await found(turn, question)
    assert {figure.subject for figure in finding.figures} == {"Sam Seller over 2 calls", "Rita Rep over 1 call"}


async def test_a_question_which_call_has_most_compares_all_of_them_most_first(tmp_path: Path) -> None:
    async with at_work(tmp_path) as turn:
        finding = await found(turn, "Which call had the longest monologue?")
    values = [figure.value for figure in finding.figures]
    assert len(values) >= len(CALLS)
    assert values == sorted(values, reverse=True)


async def test_a_question_is_searched_for_in_its_calls_only(tmp_path: Path) -> None:
    async with at_work(tmp_path) as turn:
        finding = await found(turn, "What does Bolt say about an app on drivers' phones?")
        assert {source.document for source in finding.sources} == {"demo"}
        assert any("another app" in line for line in await written(turn, finding))


async def test_a_follow_up_that_only_names_an_account_asks_the_same_of_it(tmp_path: Path) -> None:
    async with at_work(tmp_path) as turn:
        first = await found(turn, "What did Acme object to?")
        second = await found(turn, "And Bolt?", previous=first.arguments)
        assert second.form is Form.QUOTES
        assert {source.document for source in second.sources} == {"demo"}


async def test_a_follow_up_asks_what_somebody_else_said_to_the_same_topic(tmp_path: Path) -> None:
    async with at_work(tmp_path) as turn:
        first = await found(turn, "What did Sam say about the worksheet for the detention math at Acme?")
        second = await found(turn, "And what did Carl say to that?", previous=first.arguments)
        third = await found(turn, "and Bea?", previous=second.arguments)
        lines = await written(turn, second)
    assert second.asked == "What did Carl say about worksheet detention math?"
    assert {source.document for source in second.sources} <= {"intro", "renewal"}
    assert all(line.startswith(("Carl Customer", NOT_IN_MATERIAL)) for line in lines)
    assert third.asked == "What did Bea say about worksheet detention math?"


async def test_it_is_the_call_that_the_last_answer_was_from(tmp_path: Path) -> None:
    async with at_work(tmp_path) as turn:
        heard = await found(turn, "When is the old interface switched off?")
        for question in ("summarise it", "Can you summarise that?"):
            finding = await one_finding(turn, task(question, previous=heard.arguments))
            assert (finding.form, finding.note) == (Form.SUMMARY, None)
            assert [source.document for source in finding.sources] == ["renewal"]
        assert (await one_finding(turn, task("Summarise the last Acme call", previous={"heard": "intro"}))).sources[
            0
        ].document == "renewal"


async def test_a_search_for_one_person_s_words_looks_only_where_they_speak(tmp_path: Path) -> None:
    praise = "That calendar with a truck on it is what every dock of ours would need, and more than a calendar. " * 3
    said = [f"s {at}-{at + 9} {praise}" for at in range(0, 300, 10)]
    long = timed(*said, "c 300-320 We had a calendar once.", id_="long", cast=ACME)
    async with at_work(tmp_path, calls=[replace(long, title="Acme visit", account="Acme Tools")]) as turn:
        finding = await found(turn, "What did Carl say about the calendar with a truck on it?")
    assert finding.sources
    assert all("Carl Customer" in {said.speaker for said in source.utterances} for source in finding.sources)


async def test_a_summary_is_of_one_call_and_says_when_there_are_others(tmp_path: Path) -> None:
    async with at_work(tmp_path) as turn:
        assert (await found_summary(turn, "Summarise the calls with Acme")).note == LATEST_TAKEN
        assert (await found_summary(turn, "Summarise it all")).note == WHICH_CALL
        only = await found_summary(turn, "Summarise the Bolt demo")
    assert only.note is None
    assert [said.turn for said in only.sources[0].utterances] == [0, 1]


async def found_summary(turn: Turn, question: str) -> Finding:
    finding = await one_finding(turn, task(question))
    assert finding.form is Form.SUMMARY or finding.note == WHICH_CALL
    return finding


async def test_orders_spoken_to_the_reader_are_in_no_material_and_what_stands_beside_them_is(tmp_path: Path) -> None:
    async with at_work(tmp_path) as turn:
        searched = await found(turn, "Is the Acme deal closed won, or is anything switched off?")
        summary = await found_summary(turn, "Summarise the last Acme call")
        objections = await found(turn, "What did Acme object to on the last call?")
    assert ORDER in RENEWAL.text
    for finding in (searched, summary, objections):
        text = " ".join(source.text for source in finding.sources)
        assert text
        assert "closed won" not in text
        assert "ignore" not in text
    assert "The old interface is switched off".lower() in " ".join(source.text for source in searched.sources).lower()


async def test_where_no_call_may_be_read_it_says_so(tmp_path: Path) -> None:
    async with at_work(tmp_path, calls=()) as turn:
        for question in ("What did they say?", "What are the next steps?", "What was the talk ratio?"):
            finding = await found(turn, question)
            assert (finding.note, finding.sources, finding.figures) == (NO_CALLS, (), ())
