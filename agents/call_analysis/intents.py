"""The kinds of question that call analysis answers on explicit nodes."""

from enum import StrEnum
from functools import cache
from importlib.resources import files

import yaml

from models.language import Option


class Intent(StrEnum):
    """What a question wants; the names are those of `intents.yaml`."""

    SUMMARISE = "summarise"
    STATISTICS = "statistics"
    OBJECTIONS = "objections"
    COMPETITORS = "competitors"
    NEXT_STEPS = "next_steps"
    LIST_CALLS = "list_calls"
    QUESTION = "question"


@cache
def intents() -> tuple[Option, ...]:
    """The intents as something to choose from; the file is part of the package."""
    listed = yaml.safe_load(files("agents.call_analysis").joinpath("intents.yaml").read_text(encoding="utf-8"))
    return tuple(Option(Intent(entry["name"]), entry["description"], tuple(entry["examples"])) for entry in listed)
