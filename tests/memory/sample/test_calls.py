"""truth.yaml says what the calls contain: every quotation stands where it says, and every call fits the company."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

import pytest
import yaml

from tests.memory.sample.material import SAMPLE, rows

Entry = Mapping[str, Any]
TRUTH: Entry = yaml.safe_load((SAMPLE / "truth.yaml").read_text(encoding="utf-8"))
CALLS: dict[str, Entry] = {call["call_id"]: call for call in TRUTH["calls"]}
QUOTED = ("objections", "competitors", "next_steps", "decisions")

every_call = pytest.mark.parametrize("call", CALLS.values(), ids=lambda call: str(call["file"]))


@cache
def recording(call_id: str) -> Any:
    return json.loads((SAMPLE / CALLS[call_id]["file"]).read_text(encoding="utf-8"))


def details(call: Entry) -> Any:
    return recording(call["call_id"])["calls"][0]


def texts(call_id: str) -> list[str]:
    """What each turn says."""
    spoken = recording(call_id)["callTranscripts"][0]["transcript"]
    return [" ".join(sentence["text"] for sentence in turn["sentences"]) for turn in spoken]


def ranges(turns: list[Any]) -> list[tuple[int, int]]:
    """One range `[first, last]` or several, as several."""
    return [(first, last) for first, last in ([turns] if isinstance(turns[0], int) else turns)]


def said(call_id: str, turns: list[Any]) -> Iterator[str]:
    for first, last in ranges(turns):
        yield from texts(call_id)[first : last + 1]


def items(call: Entry) -> Iterator[Entry]:
    """Whatever has turns: what was said, and what is planted or proposed because of it."""
    for kind in QUOTED:
        yield from call[kind]
    for decision in call["decisions"]:
        yield from decision["alternatives"]
    for kind in ("planted", "crm_changes", "crm_may", "crm_not"):
        yield from call[kind]


def test_every_recording_is_described_once() -> None:
    assert sorted(call["file"] for call in TRUTH["calls"]) == sorted(
        f"calls/{path.name}" for path in (SAMPLE / "calls").glob("*.json")
    )
    assert len(CALLS) == len(TRUTH["calls"])


@every_call
def test_every_quotation_of_a_call_stands_in_one_of_its_turns(call: Entry) -> None:
    for kind in QUOTED:
        for item in call[kind]:
            assert any(item["quote"] in text for text in said(call["call_id"], item["turns"])), item


@every_call
def test_every_turn_that_is_named_is_in_the_call(call: Entry) -> None:
    last_turn = len(texts(call["call_id"])) - 1
    for item in items(call):
        assert all(0 <= first <= last <= last_turn for first, last in ranges(item["turns"])), item


@every_call
def test_nothing_is_due_before_it_was_said(call: Entry) -> None:
    held = date.fromisoformat(call["date"])
    dues = [date.fromisoformat(step["due"]) for step in call["next_steps"] if step["due"]]
    assert min(dues, default=held) >= held


@every_call
def test_a_competitor_is_one_that_the_company_knows(call: Entry) -> None:
    company = yaml.safe_load((SAMPLE / "company.yaml").read_text(encoding="utf-8"))
    assert {one["name"] for one in call["competitors"]} <= {one["name"] for one in company["competitors"]}


@every_call
def test_a_call_is_of_the_account_and_the_deal_that_the_crm_has(call: Entry) -> None:
    linked = {one["objectType"]: one["objectId"] for one in details(call)["context"][0]["objects"]}
    accounts = {row["Record ID"]: row["Company name"] for row in rows("accounts")}
    deals = {row["Record ID"]: row for row in rows("deals")}
    assert accounts[linked["Account"]] == call["account"]
    assert deals[linked["Opportunity"]]["Associated Company"] == call["account"]
    assert deals[linked["Opportunity"]]["Deal owner"] == call["rep"]
    assert details(call)["metaData"]["started"].startswith(call["date"])
    assert details(call)["metaData"]["title"] == call["title"]


@every_call
def test_customers_with_a_mail_address_are_contacts_of_the_crm(call: Entry) -> None:
    known = {row["Email"]: f"{row['First Name']} {row['Last Name']}" for row in rows("contacts") if row["Email"]}
    heard = {
        party["emailAddress"]: party["name"]
        for party in details(call)["parties"]
        if party["affiliation"] == "External" and "emailAddress" in party
    }
    assert heard.items() <= known.items()


@every_call
def test_nobody_speaks_before_the_call_or_after_it(call: Entry) -> None:
    spoken = [
        sentence
        for turn in recording(call["call_id"])["callTranscripts"][0]["transcript"]
        for sentence in turn["sentences"]
    ]
    assert all(0 <= sentence["start"] < sentence["end"] for sentence in spoken)
    assert spoken[-1]["end"] <= 1000 * details(call)["metaData"]["duration"]


@pytest.mark.parametrize("entry", TRUTH["questions"], ids=lambda entry: str(entry["question"]))
def test_an_answer_is_said_in_the_turns_that_the_question_names(entry: Entry) -> None:
    assert set(entry["turns"]) <= set(entry["calls"]) <= set(CALLS)
    gold = [text for call_id, turns in entry["turns"].items() for text in said(call_id, turns)]
    for words in entry["must_quote"]:
        assert any(words in text for text in gold), words


def test_no_question_is_asked_twice() -> None:
    asked = [entry["question"] for entry in TRUTH["questions"]]
    assert len(asked) == len(set(asked))
