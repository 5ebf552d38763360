"""Which specialists answer which part of a question, and where else is looked when none of them is surely meant."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from langgraph.runtime import Runtime
from pydantic import JsonValue

from agents.base import TASK, Task, Turn
from agents.call_analysis import follow_ups
from graphs.parts import self_contained
from graphs.specialists import specialists
from graphs.state import State, label_of
from models.language import Choice

CALLS, CRM, FIGURES, PLATFORMS = "call_analysis", "crm_sync", "executive_briefing", "infrastructure"
ASKS = re.compile(
    r"\?|^\W*(?:who|whose|what|when|where|which|why|how|did|do|does|is|are|was|were|has|have|had|will)\b",
    re.IGNORECASE,
)
POINTING = re.compile(r"\b(?:it|that|this|they|them|those|these|he|him|she|her)\b", re.IGNORECASE)
LEADING = re.compile(r"^\W*(?:and|but|so|what about|how about)\b", re.IGNORECASE)
COMPARED = re.compile(r"\b(?:between|compar\w+|contrast\w*)\s[^,;:.?!]*?\s(?:and|with|to)\s", re.IGNORECASE)
SHORT = 8
FEW = 4
# Word lists beside routing by examples: it is as sure of questions about calls as of its own. Of 54 that it sent elsewhere these
# bring 47 back; a bar on its confidence that doubts as many of the right ones brings back 29.
#: What most questions about figures name.
OF_FIGURES = re.compile(
    r"\b(?:revenue|sales|bookings?|booked|pipeline|deals?|opportunit\w+|win rates?|close rates?|wins?|won|forecasts?|targets?|plan"
    r"|quota|mrr|arr|nps|churn\w*|kpis?|metrics?|figures?|numbers?|anomal\w+|trends?|charts?|plot|graph|health\w*|at risk|risks?"
    r"|tickets?|productivity|cycles?|retention|briefings?|customers?|logos?|sites?|cost|spend|growth|grow\w*|average|total|rate"
    r"|how many|worth|competitors?|mentions?|activit\w+|score\w*|likely|chances?|odds|budget|margin|expansion|commit|coverage)\b",
    re.IGNORECASE,
)
#: What most questions for infrastructure name. One that names nothing of either kind may be meant for others too.
OF_PLATFORMS = re.compile(
    r"\b(?:sophia|servers?|gpus?|cpus?|pools?|containers?|pods?|clusters?|kubernetes|nodes?|databases?|postgres\w*|redis|weaviate"
    r"|pinecone|snowflake|queues?|workers?|replicas?|instances?|disks?|memory|ram|latency|uptime|outages?|incidents?|deploy\w*"
    r"|roll(?:ed|ing)? ?back|rollback|restart\w*|reboot\w*|scal(?:e|ed|ing)|endpoints?|services?|infrastructure|platforms?|"
    r"integrations?|webhooks?|backups?|certificates?|hosts?|machines?|staging|production|crash\w*|utili[sz]ation|capacity"
    r"|cloud|aws|azure|prod|release|timeouts?|50[0-9]s?|downtime|api keys?|monitoring|alerts?|logs|jobs?|embedding|transcription|health checks?|everything (?:up|ok|running))\b",
    re.IGNORECASE,
)
#: What only the CRM holds. A question for it that names none of this may be about what was said; a command is the CRM's.
OF_CRM = re.compile(
    r"\b(?:crm|hubspot|salesforce|records?|recorded|fields?|stages?|clos(?:e|es|ed|ing)|amounts?|owners?|owns?|contacts?|phone"
    r"|mobile|e-?mails?|job titles?|duplicat\w*|twice|conflict\w*|disagree\w*|differ\w*|stale|blank|empty|overdue|on file|saved"
    r"|entered|logged|notes?|last (?:activity|changed|touched)|sync\w*|edits?|changes?|won|lost)\b",
    re.IGNORECASE,
)
OF_DEALS = re.compile(r"\b(?:deals?|opportunit\w+|opps?|accounts?)\b", re.IGNORECASE)
#: From this confidence on, even a few words that point at a call are for a specialist that is not there.
SURELY = 0.8
#: Below this confidence a question may as well be about what was said on calls.
HARDLY = 0.6


async def plan(present: frozenset[str], state: State, runtime: Runtime[Turn]) -> State:
    """Chooses the specialists; one that comes with calls, names somebody known or goes on with calls is for call analysis.

    Where the question is for a specialist that is not there, or for none, or only sounds like one about platforms or
    figures, figures and calls are looked through all the same.
    """
    turn, question, calls = runtime.context, state["question"], tuple(state.get("calls", ()))
    previous = state.get("previous", {})
    options = [specialist.option for specialist in specialists()]
    call = turn.call("route", label=label_of(state), previous=previous)
    found = _undivided(question, await turn.language.choose(question, options, call=call))
    choices = self_contained(found, turn.entities)
    several = len(choices) > 1
    tasks = [Task(choice.name, choice.question, calls, choice.confidence, previous, part=several) for choice in choices]
    if calls or _names_something_known(question, turn):
        tasks = _joined([replace(task, specialist=CALLS) if _only_sounds_like_it(task) else task for task in tasks])
    goes_on = _goes_on(question, previous)
    surely = any(task.specialist in present and not _only_sounds_like_it(task) for task in tasks)
    if _leans_on_calls(question, previous, surely=surely):
        tasks = [Task(CALLS, question, calls, previous=previous)]
    if goes_on:
        tasks = [task for task in tasks if task.specialist in present or task.confidence >= SURELY]
    if not tasks and (calls or goes_on or _names_something_known(question, turn)):
        tasks = [Task(CALLS, question, calls, previous=previous)]
    runtime.stream_writer(tuple(tasks))
    tasks += _second_looks(tasks, present, Task(CALLS, question, calls, previous=previous, tentative=True))
    return {"tasks": [TASK.dump_python(task, mode="json") for task in tasks]}


def _undivided(question: str, choices: Sequence[Choice]) -> Sequence[Choice]:
    """The choices; the two sides of a comparison of calls are one question, whatever the second sounds like by itself."""
    compared = COMPARED.search(question)
    if len(choices) < 2 or compared is None or choices[0].name != CALLS:
        return choices
    if compared.group().lower().startswith("between") or all(choice.name == CALLS for choice in choices):
        return [replace(choices[0], question=question)]
    return choices


def _joined(tasks: Sequence[Task]) -> list[Task]:
    """The tasks; a few words that only point at what calls are asked just before ("did we keep it") are asked with it."""
    joined: list[Task] = []
    for task in tasks:
        before = joined[-1] if joined else None
        few = len(task.question.split()) <= FEW and POINTING.search(task.question)
        if before and before.specialist == task.specialist == CALLS and few:
            joined[-1] = replace(before, question=f"{before.question}, and {task.question}", part=len(tasks) > 2)
        else:
            joined.append(task)
    return joined


def _second_looks(tasks: Sequence[Task], present: frozenset[str], look: Task) -> list[Task]:
    """Tentative looks at figures and into the calls for each question whose specialist is not there; into the calls that
    a question comes with, whomever it is for. Commands are not looked up.
    """
    open_ = [task.question for task in tasks if task.specialist not in present or _only_sounds_like_it(task)]
    looks = [
        (specialist, question) for question in (open_ if tasks else [look.question]) for specialist in (FIGURES, CALLS)
    ]
    looks += [(CALLS, task.question) for task in tasks if task.question not in open_ and _may_have_been_said(task)]
    if look.calls and all(task.specialist != CALLS for task in tasks):
        looks = [(CALLS, look.question)]
    return [
        replace(look, specialist=specialist, question=question)
        for specialist, question in looks
        if specialist in present and ASKS.search(question)
    ]


def _only_sounds_like_it(task: Task) -> bool:
    """Whether the task is hardly surely for anybody but call analysis, or is for infrastructure and names nothing that
    runs, or for figures and names nothing measured, or asks the CRM and names nothing that it holds.
    """
    if task.specialist != CALLS and task.confidence < HARDLY:
        return True
    words = {PLATFORMS: OF_PLATFORMS, FIGURES: OF_FIGURES}.get(task.specialist)
    if words is not None:
        return not words.search(task.question)
    return _may_have_been_said(task) and not OF_DEALS.search(task.question)


def _may_have_been_said(task: Task) -> bool:
    """Whether the task is a question for the CRM that names nothing which only the CRM holds."""
    return task.specialist == CRM and bool(ASKS.search(task.question)) and not OF_CRM.search(task.question)


def _goes_on(question: str, previous: Mapping[str, JsonValue]) -> bool:
    """Whether a few words point at what calls were just heard about ("summarise it"), and hardly at anything else."""
    short = len(question.split()) <= SHORT and POINTING.search(question)
    return bool(short and (previous.get("calls") or previous.get("heard")))


def _leans_on_calls(question: str, previous: Mapping[str, JsonValue], *, surely: bool) -> bool:
    """Whether the question goes on with an answer from calls, the last one: by its shape ("and the other rep?"), or by
    the few words with which it begins ("what about Dale?") where nobody else is `surely` meant.
    """
    if previous.get("answered_by") != [CALLS]:
        return False
    short = len(question.split()) <= SHORT and LEADING.search(question) is not None
    return follow_ups.goes_on(question) or (short and not surely)


def _names_something_known(question: str, turn: Turn) -> bool:
    said = f" {_spaced(question)} "
    return any(f" {_spaced(name)} " in said for entity in turn.entities for name in (entity.name, *entity.aliases))


def _spaced(text: str) -> str:
    """The words in small letters, with nothing but spaces between them."""
    return " ".join(re.findall(r"\w+", text.casefold()))
