"""Gathering what platforms tell of themselves: how they do, what they cost, what happened to them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import JsonValue

from agents.base import Finding, Task, Turn
from agents.infrastructure.asked import asks_for_all, named, readings
from core.identity import Label
from models.evidence import Figure, highest
from tools.servers.call_results import Result
from tools.servers.platform_results import (
    History,
    HistoryLine,
    PlatformList,
    PlatformName,
    PlatformStatus,
    Statuses,
)

COST = "cost_per_hour"
MOST_LINES = 8
SIMULATED = "It is simulated: no machine is behind it."


async def status(task: Task, turn: Turn) -> Finding:
    """How the platforms do that the question names; of none in particular, the health of each."""
    listed, platforms = await wanted(task, turn)
    wants = readings(task.question)
    if not platforms and not wants and not asks_for_all(task.question):
        return finding(task, note=unknown(listed), results=[listed])
    found = await _statuses(turn, platforms)
    told = [one for one in found.platforms if platforms or not wants or _figures([one], wants)]
    figures = _figures(told, wants) if platforms or wants else []
    if wants and not figures:
        return finding(task, note=f"{_nobody_tells(found)} {_health(told)}".strip(), results=[found])
    return finding(task, figures=figures, note=_health(told), results=[found], about=platforms)


async def cost(task: Task, turn: Turn) -> Finding:
    """What the platforms cost an hour, at the size that they have now."""
    listed, platforms = await wanted(task, turn)
    if not platforms and not asks_for_all(task.question):
        return finding(task, note=unknown(listed), results=[listed])
    found = await _statuses(turn, platforms)
    figures = _figures(found.platforms, {COST})
    silent = [one.title for one in found.platforms if not _figures([one], {COST})]
    notes = [f"No cost is known of {', '.join(silent)}."] if silent else []
    notes += [f"{one.title} is simulated: nobody is billed." for one in found.platforms if one.simulated]
    return finding(task, figures=figures, note=" ".join(notes) or None, results=[found], about=platforms)


async def history(task: Task, turn: Turn) -> Finding:
    """What happened to the platforms, and which are not well now."""
    listed, platforms = await wanted(task, turn)
    if not platforms and not asks_for_all(task.question):
        return finding(task, note=unknown(listed), results=[listed])
    found = await _statuses(turn, platforms)
    name: dict[str, JsonValue] = {"platform": platforms[0].name} if len(platforms) == 1 else {}
    past = History.model_validate(await called(turn, "platform_history", name))
    titles = {one.name: one.title for one in listed.platforms}
    chosen = {one.name for one in platforms or listed.platforms}
    lines = [_line(one, titles) for one in past.lines if one.platform in chosen][:MOST_LINES]
    ill = [one for one in found.platforms if one.health != "ok"]
    now = f"Not well now: {_health(ill)}" if ill else "All that was asked is well now."
    before = (
        f"What happened, the newest first: {' '.join(lines)}" if lines else "Nothing else is known to have happened."
    )
    return finding(task, note=f"{now} {before}", results=[found, past], about=platforms)


async def wanted(task: Task, turn: Turn) -> tuple[PlatformList, list[PlatformName]]:
    """All platforms, and those that the question names; else the one that was spoken of before, if none but it can be meant."""
    listed = PlatformList.model_validate(await called(turn, "list_platforms", {}))
    found = named(task.question, listed.platforms)
    if not found and not asks_for_all(task.question):
        found = [one for one in listed.platforms if one.name == task.previous.get("platform")]
    return listed, found


async def called(turn: Turn, tool: str, arguments: Mapping[str, JsonValue]) -> Mapping[str, Any]:
    """What the tool returns to whoever asks."""
    return (await turn.tools.call(turn.principal, tool, arguments, deadline=turn.deadline)).structured


def finding(
    task: Task,
    *,
    note: str | None,
    results: Iterable[Result],
    figures: Sequence[Figure] = (),
    about: Sequence[PlatformName] = (),
) -> Finding:
    """What was found, as the supervisor takes it; it remembers the platform that it is about."""
    return Finding(
        task.specialist,
        task.question,
        figures=tuple(figures),
        note=note,
        arguments={"platform": about[0].name} if len(about) == 1 else {},
        label=highest([Label.parse(one.label) for one in results]),
    )


def unknown(listed: PlatformList) -> str:
    """That nothing of this name is watched, and what is."""
    titles = ", ".join(one.title for one in listed.platforms)
    if not titles:
        return "There are no platforms that you may see."
    return f"No platform is known by these words. There are: {titles}. More are named in SOPHIA_PLATFORMS."


async def _statuses(turn: Turn, platforms: Sequence[PlatformName]) -> Statuses:
    """Of these platforms, or of all: one call either way."""
    only: dict[str, JsonValue] = {"platform": platforms[0].name} if len(platforms) == 1 else {}
    found = Statuses.model_validate(await called(turn, "platform_status", only))
    names = {one.name for one in platforms}
    return found.model_copy(
        update={"platforms": tuple(one for one in found.platforms if not names or one.platform in names)}
    )


def _figures(told: Iterable[PlatformStatus], wants: frozenset[str] | set[str]) -> list[Figure]:
    return [one.figure for status in told for one in status.figures if not wants or one.metric in wants]


def _health(told: Sequence[PlatformStatus]) -> str:
    return " ".join(_one_health(one) for one in told)


def _one_health(one: PlatformStatus) -> str:
    sentences = [f"{one.title}: {one.health}, {one.says}."]
    sentences += [SIMULATED] if one.simulated else []
    sentences += [f"It should have {each.name} {each.desired} and has {each.actual}." for each in one.drift]
    return " ".join(sentences)


def _nobody_tells(found: Statuses) -> str:
    titles = ", ".join(one.title for one in found.platforms)
    return f"That number is not told by {titles}." if titles else "There are no platforms that you may see."


def _line(line: HistoryLine, titles: Mapping[str, str]) -> str:
    before, after = _state(line.before), _state(line.after)
    told = f"{line.at:%Y-%m-%d %H:%M} UTC, {titles[line.platform]}: {line.kind.replace('_', ' ')}, {before} -> {after}"
    return f"{told}, by {line.by}." if line.by else f"{told}."


def _state(state: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in state.items())
