"""A change that is asked for: its plan, what policy says of it, and how it may be approved. Nothing here changes anything."""

from dataclasses import replace

from pydantic import JsonValue

from agents.base import Finding, Task, Turn
from agents.infrastructure.asked import action, size
from agents.infrastructure.intents import asks_what_if
from agents.infrastructure.telling import called, finding, unknown, wanted
from agents.submitted import standing
from core.errors import ConflictError, RejectedError
from tools.servers.platform_results import PlannedChange, PlatformName, Statuses

SCALE, DONE = "scale", "done"


async def plan(task: Task, turn: Turn) -> Finding:
    """The plan, before whoever may approve it; a question that only asks what would be is shown it."""
    listed, platforms = await wanted(task, turn)
    if len(platforms) != 1:
        note = "Which one do you mean? " + ", ".join(one.title for one in platforms) if platforms else unknown(listed)
        return finding(task, note=note, results=[listed])
    platform, wants = platforms[0], action(task.question)
    arguments = await _arguments(task, turn, platform) if wants == SCALE else {}
    if arguments is None:
        note = f"To how many instances? Say, for example: scale the {platform.title} to 3."
        return finding(task, note=note, results=[listed], about=platforms)
    request: dict[str, JsonValue] = {
        "platform": platform.name,
        "action": wants,
        "arguments": arguments,
        "submit": not asks_what_if(task.question),
    }
    try:
        planned = PlannedChange.model_validate(await called(turn, "plan_change", request))
    except RejectedError as error:
        return finding(task, note=_refused(error), results=[listed], about=platforms)
    figures = [one.figure for one in planned.figures]
    made = finding(task, figures=figures, note=told(planned), results=[planned], about=platforms)
    return replace(made, acted=planned.approval is not None)


def _refused(error: RejectedError) -> str:
    if isinstance(error, ConflictError):
        return f"There is no plan: {error}."
    return f"Refused: {error}. Nothing was planned or changed."


def told(planned: PlannedChange) -> str:
    """The plan in words: its steps and what undoes them, the verdict, and what it waits for."""
    sentences = [f"Plan {planned.plan_hash[:12]}: {'; '.join(_step(step) for step in planned.plan['steps'])}."]
    if planned.simulated:
        sentences.append(f"The {planned.title} is simulated: no machine is behind it.")
    if not planned.allowed:
        sentences.append(
            f"Policy refuses it: rule {planned.rule!r}, {planned.because}. Nothing was submitted or changed."
        )
        return " ".join(sentences)
    if planned.standing_rule is None:
        sentences.append(f"Policy allows it: rule {planned.rule!r}, {planned.because}.")
    if planned.approval is None:
        sentences.append("Nothing was submitted or changed: tell me to do it, and it is put before them.")
    else:
        sentences.append(standing(planned.approver, planned.approval, planned.state, planned.standing_rule))
    if planned.state == DONE:
        sentences.append(f"It was made and verified: {'; '.join(_change(step) for step in planned.plan['steps'])}.")
    return " ".join(sentences)


async def _arguments(task: Task, turn: Turn, platform: PlatformName) -> dict[str, JsonValue] | None:
    """What `scale` takes; a size that is told by how many more or fewer starts from the present one."""
    asked = size(task.question)
    if asked is None:
        return None
    if asked.instances is not None:
        return {"instances": asked.instances}
    found = Statuses.model_validate(await called(turn, "platform_status", {"platform": platform.name}))
    now = found.platforms[0].actual.get("instances")
    return {"instances": asked.of(now)} if isinstance(now, int) else {}


def _step(step: dict[str, JsonValue]) -> str:
    inverse = step["inverse"]
    assert isinstance(inverse, dict)
    return f"{step['action']} {step['target']}, {_change(step)}; undone by {inverse['action']}, {_fields(inverse['arguments'])}"


def _change(step: dict[str, JsonValue]) -> str:
    return f"{_fields(step['before'])} -> {_fields(step['after'])}"


def _fields(fields: JsonValue) -> str:
    assert isinstance(fields, dict)
    return ", ".join(f"{name} {value}" for name, value in fields.items())
