from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import JsonValue

from agents.call_analysis.scope import Scope, scope_of
from memory.transcripts.model import Transcript
from tests.agents.call_analysis.company import DEMO, at_work, task


async def scope(
    folder: Path, question: str, *, calls: Sequence[str] = (), previous: Mapping[str, JsonValue] | None = None
) -> Scope:
    async with at_work(folder) as turn:
        return await scope_of(task(question, calls=calls, previous=previous), turn)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("What did Acme say about the price?", ["renewal", "intro"]),
        ("What do Bolt and Acme use today?", ["renewal", "demo", "intro"]),
        ("What worries Olga?", ["demo"]),
        ("What did Bea Buyer promise?", ["renewal", "intro"]),
        ("What did Acme object to on the call of January 13?", ["intro"]),
        ("What did we hear in January?", ["intro"]),
        ("Summarise the last Acme call", ["renewal"]),
        ("Summarise the first call with Acme", ["intro"]),
        ("What came up in the last two calls?", ["renewal", "demo"]),
        ("What concerns came up on the renewal call?", ["renewal"]),
        ("How did the discovery call with Acme go?", ["intro"]),
        ("Summarise call demo", ["demo"]),
        ("What was said in Bolt demo about phones?", ["demo"]),
        ("Does Acme's deadline of June 30 fit our own rules?", ["renewal", "demo", "intro"]),
    ],
)
async def test_a_question_is_about_the_calls_it_names(tmp_path: Path, question: str, wanted: list[str]) -> None:
    assert (await scope(tmp_path, question)).ids == wanted


@pytest.mark.parametrize("question", ["What is due by the end of January?", "Was anything said about January?"])
async def test_a_day_that_is_talked_about_is_not_when_a_call_was_held(tmp_path: Path, question: str) -> None:
    assert (await scope(tmp_path, question)).everything


async def test_calls_that_are_given_win_over_names(tmp_path: Path) -> None:
    assert (await scope(tmp_path, "What did Acme say?", calls=["demo"])).ids == ["demo"]


async def test_a_question_that_leans_on_the_conversation_is_about_its_calls(tmp_path: Path) -> None:
    before: Mapping[str, JsonValue] = {"calls": ["demo"]}
    for question in ("and what about pricing?", "When is it due?", "What did they object to?", "Next steps?"):
        assert (await scope(tmp_path, question, previous=before)).ids == ["demo"]
    assert (await scope(tmp_path, "and Acme?", previous=before)).ids == ["renewal", "intro"]
    assert (await scope(tmp_path, "Which calls do we have?", previous=before)).everything


async def test_a_title_or_its_initials_name_the_person_who_has_it(tmp_path: Path) -> None:
    assert (await scope(tmp_path, "What worries Acme's COO?")).people == ("Bea Buyer",)
    assert (await scope(tmp_path, "What did the Director of IT say?")).people == ("Carl Customer",)


async def test_names_of_accounts_and_days_say_where_to_look_and_not_what_for(tmp_path: Path) -> None:
    found = await scope(tmp_path, "What share of Acme's detention is from Reno in January?")
    assert found.question == "What share of their detention is from Reno ?"


def titled(id_: str, title: str, account: str | None = None) -> Transcript:
    return replace(DEMO, id=id_, title=title, account=account)


STRANGERS = (
    titled("a", "Globex – discovery"),
    titled("b", "Intro call with Initech Systems"),
    titled("c", "2026-05-11-hooli-pricing-review"),
    titled("d", "Weekly sync", account="Umbrella Freight, Inc."),
    titled("e", "Rita Rep / Vandelay of Queens: renewal"),
)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("What did Globex object to?", ["a"]),
        ("what did globex object to?", ["a"]),
        ("What came up with Initech?", ["b"]),
        ("What did Initech Systems say?", ["b"]),
        ("What did Hooli object to?", ["c"]),
        ("What did Umbrella Freight object to?", ["d"]),
        ("What did Vandelay of Queens say about apps?", ["e"]),
        ("How do Globex and Hooli compare?", ["a", "c"]),
    ],
)
async def test_a_company_that_only_its_calls_know_can_be_named(
    tmp_path: Path, question: str, wanted: list[str]
) -> None:
    async with at_work(tmp_path, STRANGERS, entities=()) as turn:
        assert sorted((await scope_of(task(question), turn)).ids) == wanted


@pytest.mark.parametrize(
    "question", ["What was said about Pricing?", "Which systems do they use?", "Which risks came up in Discovery?"]
)
async def test_words_that_titles_have_in_common_name_no_company(tmp_path: Path, question: str) -> None:
    async with at_work(tmp_path, STRANGERS, entities=()) as turn:
        assert (await scope_of(task(question), turn)).accounts == ()


async def test_a_call_without_an_account_is_with_the_known_one_in_its_title(tmp_path: Path) -> None:
    async with at_work(tmp_path, (titled("a", "Bolt: second demo"), titled("b", "Acme demo"))) as turn:
        assert (await scope_of(task("What worries Bolt & Sons?"), turn)).ids == ["a"]
