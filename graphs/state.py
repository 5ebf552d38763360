"""The supervisor's state. It is checkpointed, so it holds no principal, no port and no secret."""

import operator
from typing import Annotated, TypedDict

from pydantic import JsonValue

from agents.base import Finding, Task
from graphs.answer import Numbered


class State(TypedDict, total=False):
    """One thread's state. A run begins by overwriting all but `previous`, which the last run left for it."""

    run: str
    question: str
    calls: tuple[str, ...]
    tasks: tuple[Task, ...]
    findings: Annotated[list[Finding], operator.add]
    previous: dict[str, JsonValue]
    written: tuple[Numbered, ...]


class Assigned(TypedDict):
    """What is sent to one specialist."""

    task: Task
