"""Options as functions a chat model may call, and its calls as choices."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from langchain_core.messages import ToolCall

from models.chat.arguments import Ground, grounded
from models.chat.parts import own_part
from models.language import Call, Choice, Option

_PART, _SURE = "asked_part", "how_sure"
_OWN = {
    _PART: {"type": "string", "description": "The part of the question this answers, in its words."},
    _SURE: {"type": "number", "minimum": 0, "maximum": 1},
}
_UNFIT = re.compile(r"[^A-Za-z0-9_-]")


def functions(options: Sequence[Option]) -> dict[str, dict[str, Any]]:
    """Per option, by its place in the sequence, a function definition of the OpenAI protocol.

    Nothing of an option's own is required, so that a model can leave out what nobody said.
    """
    return {name: _function(name, option) for name, option in _named(options).items()}


def choices(tool_calls: Sequence[ToolCall], options: Sequence[Option], question: str, call: Call) -> list[Choice]:
    """The calls that name an option, each with the arguments that somebody said; a repeated call counts once."""
    named = _named(options)
    found: list[Choice] = []
    for made in tool_calls:
        option = named.get(made["name"])
        if option is None:
            continue
        proposed = {name: value for name, value in made["args"].items() if name not in _OWN}
        arguments, missing = grounded(proposed, option.parameters, Ground(question, call))
        part, confidence = own_part(made["args"].get(_PART), question), _confidence(made["args"].get(_SURE))
        choice = Choice(option.name, part, confidence, arguments, missing)
        if choice not in found:
            found.append(choice)
    return found


def _named(options: Sequence[Option]) -> dict[str, Option]:
    """Options by a name the protocol accepts; numbered, because two may differ only in what it does not accept."""
    return {f"{_UNFIT.sub('_', option.name)[:56]}_{place}": option for place, option in enumerate(options)}


def _function(name: str, option: Option) -> dict[str, Any]:
    properties = option.parameters.get("properties")
    own = dict(properties) if isinstance(properties, Mapping) else {}
    parameters = {**option.parameters, "type": "object", "properties": {**own, **_OWN}, "required": [_PART, _SURE]}
    described = "\n".join([option.description, *(f"Example: {example}" for example in option.examples)])
    return {"type": "function", "function": {"name": name, "description": described, "parameters": parameters}}


def _confidence(proposed: object) -> float:
    if isinstance(proposed, bool) or not isinstance(proposed, int | float):
        return 1.0
    return min(max(float(proposed), 0.0), 1.0)
