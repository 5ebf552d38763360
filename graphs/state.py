"""The supervisor's state. It is checkpointed, so it holds plain data only, and no principal, port or secret."""

import operator
from typing import Annotated, Any, TypedDict

from pydantic import JsonValue

from core.identity import Label

Plain = dict[str, Any]
"""A dataclass as plain data, by its adapter: TASK, FINDING, NUMBERED."""


class State(TypedDict, total=False):
    """One thread's state. A run begins by overwriting all but `previous` and `label`, which the last run left for it.

    `label` is the highest label of what the thread's answers were made from; `settled` says that the ledger of decisions
    answers the question; `withheld` counts the sentences of the answer that failed the citation check.
    """

    run: str
    question: str
    calls: list[str]
    tasks: list[Plain]
    findings: Annotated[list[Plain], operator.add]
    settled: bool
    previous: dict[str, JsonValue]
    label: int
    written: list[Plain]
    withheld: int


class Assigned(TypedDict):
    """What is sent to one specialist: its task, and the label of the thread."""

    task: Plain
    label: int


def label_of(state: State | Assigned) -> Label:
    """The highest label of what the thread has read so far."""
    return Label(state.get("label", Label.PUBLIC))
