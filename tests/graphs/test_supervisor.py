import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypedDict

import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime
from pydantic import JsonValue

from agents.base import Finding, Task, ToolAnswer, Turn
from core.errors import FencedError, UnavailableError
from core.identity import Label, Principal
from graphs.answer import IN_CALLS, Withheld
from graphs.state import State
from graphs.supervisor import OUT_OF_SCOPE, Subgraph, build_supervisor, start_of_run
from models.citations import NEAREST
from models.entities import Entity
from models.evidence import Citation, Source, Utterance
from models.language import Brief, Call, Choice, Option, Sentence
from models.numbered import Numbered
from tests.fakes.language import Chooses, ScriptedLanguage, Writes, quotes_all

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
PATIENCE_S = 30.0


class Work(TypedDict, total=False):
    task: Task
    findings: list[Finding]


class NoTools:
    async def call(self, *_: Any, **__: Any) -> ToolAnswer:
        raise AssertionError("no tool is called here")


def source(document: str, words: str) -> Source:
    return Source(document, "h" * 64, document, Label.CONFIDENTIAL, (Utterance(0, "Anna", words, (6, 6 + len(words))),))


def worker(
    *, slow: str = "", note: str | None = None, remark: str | None = None, acted: bool = False, unknown: bool = False
) -> Subgraph:
    """A specialist that finds the question itself, with a remark on it; or nothing, and a note why."""

    async def work(state: Work, runtime: Runtime[Turn]) -> Work:
        task = state["task"]
        await asyncio.sleep(0.05 if task.question == slow else 0)
        found = () if note else (source("c1", task.question),)
        return {
            "findings": [
                Finding(
                    task.specialist,
                    task.question,
                    sources=found,
                    note=note or remark,
                    arguments={"account": "Acme"},
                    label=Label.CONFIDENTIAL,
                    acted=acted,
                    unknown=unknown,
                )
            ]
        }

    return _of(work)


def picks(*chosen: tuple[str, str]) -> Chooses:
    def choose(_question: str, _options: Sequence[Option]) -> list[Choice]:
        return [Choice(name, part, 0.9) for name, part in chosen]

    return choose


async def ask(
    chooses: Chooses,
    *,
    workers: dict[str, Subgraph] | None = None,
    writes: Writes = quotes_all,
    calls: Sequence[str] = (),
    entities: tuple[Entity, ...] = (),
    question: str = "Why?",
    previous: dict[str, JsonValue] | None = None,
    patience_s: float = PATIENCE_S,
) -> tuple[list[Any], dict[str, Any]]:
    graph = build_supervisor(
        workers if workers is not None else {"call_analysis": worker()}, checkpointer=None, patience_s=patience_s
    )
    turn = Turn(
        Principal("acme", "alice"),
        NOW,
        NOW + timedelta(minutes=1),
        ScriptedLanguage(chooses, writes),
        NoTools(),
        entities,
    )
    said: list[Any] = []
    final: Any = None
    async for part in graph.astream(
        State(**start_of_run("run_1", question, calls), previous=previous or {}),
        context=turn,
        stream_mode=["custom", "values"],
        version="v2",
    ):
        if part["type"] == "custom":
            said.append(part["data"])
        else:
            final = part["data"]
    return said, final


async def test_a_question_is_answered_by_the_specialist_it_is_for() -> None:
    said, final = await ask(picks(("call_analysis", "why they wait")))

    assert [task.specialist for task in said[0]] == ["call_analysis"]
    assert said[1:] == [Numbered("why they wait")]
    assert [sentence["text"] for sentence in final["written"]] == ["why they wait"]
    assert final["previous"] == {"account": "Acme", "answered_by": ["call_analysis"], "cited": []}


async def test_parts_of_a_question_are_answered_in_the_order_they_were_asked() -> None:
    said, _ = await ask(
        picks(("call_analysis", "slow one"), ("call_analysis", "quick one")),
        workers={"call_analysis": worker(slow="slow one")},
    )
    assert [sentence.text for sentence in said[1:]] == ["slow one", "quick one"]


async def test_an_out_of_scope_question_is_said_to_be_so() -> None:
    said, final = await ask(picks())
    assert said == [(), Numbered(OUT_OF_SCOPE)]
    assert [sentence["text"] for sentence in final["written"]] == [OUT_OF_SCOPE]


async def test_a_specialist_that_is_not_there_is_named_instead_of_guessed_for() -> None:
    said, _ = await ask(picks(("crm_sync", "update the stage")))
    assert "CRM sync" in said[1].text
    assert not said[1].references


def cites_first(brief: Brief, _call: Call) -> list[Sentence]:
    cited = brief.sources[0]
    return [Sentence("So it is. [1]", (Citation(cited.document, cited.content_hash, (0, 0), (6, 7)),))]


async def test_what_was_said_on_calls_is_added_where_the_specialist_is_not_there() -> None:
    said, _ = await ask(picks(("crm_sync", "when is it due?")), writes=cites_first)
    assert "CRM sync" in said[1].text
    assert [sentence.text for sentence in said[2:]] == [IN_CALLS, "So it is. [1]"]


async def test_what_is_added_from_calls_keeps_its_remark_and_nothing_is_remarked_on_where_nothing_was_found() -> None:
    remark, workers = "Calls alone do not tell.", {"call_analysis": worker(remark="Calls alone do not tell.")}
    said, _ = await ask(picks(), workers=workers, writes=cites_first)
    assert [sentence.text for sentence in said[1:]] == [IN_CALLS, "So it is. [1]", remark]
    said, _ = await ask(picks(), workers=workers, writes=lambda *_: [Sentence(NEAREST)])
    assert remark not in [sentence.text for sentence in said[1:]]


async def test_a_command_for_a_specialist_that_is_not_there_looks_nothing_up() -> None:
    said, _ = await ask(picks(("crm_sync", "set the stage to won")), writes=cites_first)
    assert len(said) == 2


async def test_an_out_of_scope_question_that_the_calls_do_answer_is_answered() -> None:
    said, _ = await ask(picks(), writes=cites_first)
    assert [sentence.text for sentence in said[1:]] == [IN_CALLS, "So it is. [1]"]


async def test_what_only_comes_nearest_is_not_added_to_another_answer() -> None:
    def nearest(brief: Brief, call: Call) -> list[Sentence]:
        return [Sentence(NEAREST), *cites_first(brief, call)]

    said, _ = await ask(picks(), writes=nearest)
    assert said == [(), Numbered(OUT_OF_SCOPE)]


async def test_a_question_about_given_calls_is_for_call_analysis_whatever_its_words() -> None:
    said, _ = await ask(picks(), calls=["c1"], question="thoughts?")
    assert said[0][0] == Task("call_analysis", "thoughts?", ("c1",))


async def test_a_question_that_names_someone_known_is_for_call_analysis() -> None:
    acme = Entity("account", "Acme Corp", ("Acme",))
    said, _ = await ask(picks(), entities=(acme,), question="ACME's mood?")
    assert [task.specialist for task in said[0]] == ["call_analysis"]
    said, _ = await ask(picks(), entities=(acme,), question="the acmeist poets?")
    assert said[0] == ()


@pytest.mark.parametrize(
    ("chosen", "question", "specialist"),
    [
        ("executive_briefing", "Why did we lose Acme?", "call_analysis"),
        ("executive_briefing", "What is Acme's pipeline worth?", "executive_briefing"),
        ("infrastructure", "Did Acme like version 2?", "call_analysis"),
        ("infrastructure", "Is the Acme server up?", "infrastructure"),
        ("crm_sync", "What are the next steps with Acme?", "call_analysis"),
        ("crm_sync", "What stage is Acme in?", "crm_sync"),
        ("crm_sync", "Who could block the Acme deal?", "crm_sync"),
        ("crm_sync", "Move Acme to Demo", "crm_sync"),
    ],
)
async def test_a_choice_that_the_words_do_not_bear_is_for_the_calls_of_whom_they_name(
    chosen: str, question: str, specialist: str
) -> None:
    acme = Entity("account", "Acme Corp", ("Acme",))
    said, _ = await ask(picks((chosen, question)), question=question, entities=(acme,))
    assert [task.specialist for task in said[0]] == [specialist]


@pytest.mark.parametrize(
    ("question", "chosen", "specialist"),
    [
        ("summarise it", [], "call_analysis"),
        ("Can you summarise that?", [Choice("executive_briefing", "", 0.6)], "call_analysis"),
        ("Who owns that deal?", [Choice("crm_sync", "", 0.98)], "crm_sync"),
        ("translate the poem", [], None),
    ],
)
async def test_a_few_words_that_point_at_what_was_heard_go_on_with_it(
    question: str, chosen: list[Choice], specialist: str | None
) -> None:
    def choose(asked: str, _options: Sequence[Option]) -> list[Choice]:
        return [replace(choice, question=asked) for choice in (chosen if asked == question else [])]

    [before, *_], _ = await ask(choose, question=question)
    assert [task.specialist for task in before] == [choice.name for choice in chosen]
    [after, *_], _ = await ask(choose, question=question, previous={"calls": ["c1"]})
    assert [task.specialist for task in after] == ([specialist] if specialist else [])


def failing_worker(error: Exception) -> Subgraph:
    async def work(_: Work) -> Work:
        raise error

    return _of(work)


def hanging_worker() -> Subgraph:
    async def work(_: Work) -> Work:
        await asyncio.Event().wait()
        raise AssertionError("nobody ends the wait")

    return _of(work)


def _of(work: Callable[..., Awaitable[Work]]) -> Subgraph:
    builder = StateGraph(Work, context_schema=Turn).add_node("work", work)
    return builder.add_edge(START, "work").add_edge("work", END).compile()


@pytest.mark.parametrize(
    ("worker_", "patience_s", "why"),
    [
        (failing_worker(UnavailableError("The warehouse does not answer.")), 30, "The warehouse does not answer"),
        (failing_worker(ValueError("token=s3cret")), 30, "It failed; the server's log says how"),
        (hanging_worker(), 0.5, "It took longer than 0.5 s"),
    ],
)
async def test_a_specialist_that_fails_leaves_an_answer_that_says_what_is_missing(
    worker_: Subgraph, patience_s: float, why: str
) -> None:
    said, final = await ask(
        picks(("executive_briefing", "how big is the pipeline"), ("call_analysis", "why they wait")),
        workers={"executive_briefing": worker_, "call_analysis": worker()},
        patience_s=patience_s,
    )

    missing = f"What executive briefing knows of this is missing: how big is the pipeline ({why})"
    assert said[1:] == [Numbered(missing), Numbered("why they wait")]
    assert [sentence["text"] for sentence in final["written"]] == [missing, "why they wait"]


async def test_the_only_specialist_of_a_question_fails_it() -> None:
    with pytest.raises(UnavailableError, match="does not answer"):
        await ask(
            picks(("call_analysis", "q")),
            workers={"call_analysis": failing_worker(UnavailableError("It does not answer"))},
        )


async def test_a_run_that_was_taken_over_is_not_answered_in_part() -> None:
    with pytest.raises(FencedError):
        await ask(
            picks(("executive_briefing", "q"), ("call_analysis", "r")),
            workers={"executive_briefing": failing_worker(FencedError("taken over")), "call_analysis": worker()},
        )


async def test_a_question_that_comes_with_calls_is_looked_up_in_them_whomever_it_is_for() -> None:
    both = {"crm_sync": worker(note="The stage is demo."), "call_analysis": worker()}
    question = "What stage is it in?"
    said, _ = await ask(
        picks(("crm_sync", question)), workers=both, calls=["c1"], writes=cites_first, question=question
    )
    assert [one.text for one in said[1:]] == ["The stage is demo.", IN_CALLS, "So it is. [1]"]


async def test_a_command_that_comes_with_calls_is_not_looked_up() -> None:
    both = {"crm_sync": worker(note="It waits."), "call_analysis": worker()}
    said, _ = await ask(
        picks(("crm_sync", "Put it into the CRM")), workers=both, calls=["c1"], question="Put it into the CRM"
    )
    assert [one.text for one in said[1:]] == ["It waits."]


async def test_a_question_for_the_crm_that_calls_may_answer_is_looked_up_in_them_too() -> None:
    both = {"crm_sync": worker(note="The deal is open."), "call_analysis": worker()}
    said, _ = await ask(picks(("crm_sync", "Who could block the deal?")), workers=both, writes=cites_first)
    assert [one.text for one in said[1:]] == ["The deal is open.", IN_CALLS, "So it is. [1]"]


async def test_a_part_that_the_words_do_not_bear_is_answered_from_calls_beside_the_others() -> None:
    acme = Entity("account", "Acme Corp", ("Acme",))
    parts = picks(("executive_briefing", "how big is the pipeline"), ("crm_sync", "what is next with Acme?"))
    said, _ = await ask(parts, entities=(acme,), question="how big is the pipeline, and what is next with Acme?")
    assert [task.specialist for task in said[0]] == ["executive_briefing", "call_analysis"]


@pytest.mark.parametrize(
    ("question", "heard"), [("How large is the pipeline of trucks?", [IN_CALLS, "So it is. [1]"]), ("Chart trucks", [])]
)
async def test_a_question_about_what_its_specialist_does_not_know_is_looked_up_in_the_calls(
    question: str, heard: list[str]
) -> None:
    both = {"executive_briefing": worker(note="No such metric.", unknown=True), "call_analysis": worker()}
    said, final = await ask(picks(("executive_briefing", question)), workers=both, writes=cites_first)
    assert [one.text for one in said[1:]] == ["No such metric.", *heard]
    assert [one["specialist"] for one in final["findings"]][1:] == ["call_analysis"] * bool(heard)


async def test_a_few_words_that_point_at_what_calls_are_asked_are_asked_with_it() -> None:
    acme = Entity("account", "Acme Corp", ("Acme",))
    parts = picks(("call_analysis", "What did we promise Acme"), ("infrastructure", "did we keep it?"))
    said, _ = await ask(parts, entities=(acme,), question="What did we promise Acme, and did we keep it?")
    assert [(task.specialist, task.question) for task in said[0]] == [
        ("call_analysis", "What did we promise Acme, and did we keep it?")
    ]


async def test_a_question_that_is_hardly_for_a_specialist_is_looked_up_in_the_calls_too() -> None:
    def choose(question: str, _options: Sequence[Option]) -> list[Choice]:
        return [Choice("crm_sync", question, 0.55)]

    both = {"crm_sync": worker(note="The CRM knows no such record."), "call_analysis": worker()}
    said, _ = await ask(choose, workers=both, writes=cites_first)
    assert [one.text for one in said[1:]] == ["The CRM knows no such record.", IN_CALLS, "So it is. [1]"]


async def test_a_withheld_sentence_is_reported_with_its_reason() -> None:
    def writes(_brief: Brief, call: Call) -> list[Sentence]:
        assert call.withheld is not None
        call.withheld("the number 9 stands in no source")
        return [Sentence("The material does not say.")]

    said, final = await ask(picks(("call_analysis", "q")), writes=writes)
    assert said[1:] == [Withheld("the number 9 stands in no source"), Numbered("The material does not say.")]
    assert final["withheld"] == 1


async def test_no_language_call_of_a_thread_is_labelled_lower_than_what_it_has_read() -> None:
    language = ScriptedLanguage(picks(("call_analysis", "why they wait")))
    graph = build_supervisor({"call_analysis": asking_worker()}, checkpointer=InMemorySaver(), patience_s=PATIENCE_S)
    turn = Turn(Principal("acme", "alice"), NOW, NOW + timedelta(minutes=1), language, NoTools())
    labels: list[list[Label]] = []
    for run in ("run_1", "run_2"):
        config: RunnableConfig = {"configurable": {"thread_id": "thread_1"}}
        await graph.ainvoke(start_of_run(run, "Why?", ()), config, context=turn)
        labels.append([call.label for call in language.calls])
        language.calls.clear()

    assert labels == [[Label.INTERNAL, Label.INTERNAL, Label.CONFIDENTIAL], [Label.CONFIDENTIAL] * 3]


def asking_worker() -> Subgraph:
    """A specialist that chooses for itself before it finds something confidential."""

    async def work(state: Work, runtime: Runtime[Turn]) -> Work:
        task, turn = state["task"], runtime.context
        await turn.language.choose(task.question, [], call=turn.call("understand"))
        found = (source("c1", task.question),)
        return {"findings": [Finding(task.specialist, task.question, sources=found, label=Label.CONFIDENTIAL)]}

    return _of(work)


async def test_the_writer_is_told_how_secret_the_material_is() -> None:
    seen: list[Label] = []

    def writes(brief: Brief, call: Call) -> list[Sentence]:
        seen.append(call.label)
        cited = brief.sources[0]
        return [Sentence("So. [1]", (Citation(cited.document, cited.content_hash, (0, 0), (6, 7)),))]

    said, _ = await ask(picks(("call_analysis", "q")), writes=writes)
    assert seen == [Label.CONFIDENTIAL]
    assert said[1].references[0].title == "c1"
