"""WorkBench: does `choose` find the tool that a request of office work asks for, and fill its arguments?

The options are the tools that the set's answers call; their examples are other requests, each under every tool that its
answer calls. Every request is asked twice, in five folds: with other fillings of its own template among the examples, and
with every filling of its template held back (`unseen_`). Nothing in the product knows the set.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean

from pydantic import JsonValue

from core.identity import Principal
from evals.datasets.workbench.requests import NOW, Request, Tool, people, requests, tools
from evals.run import Materials, Measures
from models.embeddings import Embedder, open_embedder
from models.entities import Entity
from models.extractive.choose import Chooser
from models.language import Call, Choice, Option
from models.remembering import RememberingEmbedder

FOLDS = 5


@dataclass(frozen=True, slots=True)
class Answered:
    """A request with what `choose` made of it."""

    request: Request
    choices: Sequence[Choice]

    @property
    def tools(self) -> tuple[str, ...]:
        """The chosen tools, each once, in order."""
        return tuple(dict.fromkeys(choice.name for choice in self.choices))


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a rightly chosen tool: all values that the answer's calls give it, and those that were filled in."""

    kind: str
    wanted: frozenset[str]
    filled: frozenset[str]


async def run(materials: Materials) -> Measures:
    """The shares of right tools and arguments; vectors are kept in the cache between runs."""
    assert materials.data is not None
    folder = materials.data / "workbench"
    listed, known = requests(folder), people(folder)
    embedder = RememberingEmbedder(open_embedder(), materials.cache)
    await embedder.embed([request.text for request in listed])
    shared = await answered(listed, by_request(listed), known, embedder)
    unseen = await answered(listed, by_template(listed), known, embedder)
    embedder.save()
    unseen_measures = {f"unseen_{name}": value for name, value in measures_of(unseen).items()}
    return {"requests": len(listed), **measures_of(shared), **arguments_of(shared), **unseen_measures}


def by_request(listed: Sequence[Request]) -> list[int]:
    """A fold for each request, so that the fillings of one template are dealt out over all folds."""
    seen: defaultdict[str, int] = defaultdict(int)
    folds = []
    for request in listed:
        folds.append(seen[request.template] % FOLDS)
        seen[request.template] += 1
    return folds


def by_template(listed: Sequence[Request]) -> list[int]:
    """A fold for each request, so that the fillings of one template are in one fold."""
    order = {template: place for place, template in enumerate(dict.fromkeys(request.template for request in listed))}
    return [order[request.template] % FOLDS for request in listed]


async def answered(
    listed: Sequence[Request], folds: Sequence[int], known: tuple[Entity, ...], embedder: Embedder
) -> list[Answered]:
    """Every request with what is chosen for it among tools whose examples are of the other folds."""
    call = Call(Principal("eval", "judge"), "choose", NOW, entities=known)
    found: list[Answered] = []
    for fold in sorted(set(folds)):
        chooser, pairs = Chooser(embedder), list(zip(listed, folds, strict=True))
        options = _options([request for request, own in pairs if own != fold])
        asked = [request for request, own in pairs if own == fold]
        found += [Answered(one, await chooser.choose(one.text, options, call=call)) for one in asked]
    return found


def measures_of(judged: Sequence[Answered]) -> dict[str, float]:
    """`right_tool`: exactly the tools of the answer's calls, among requests whose answer has any. `first_tool`: the first of
    them. `refused_where_nothing_is_called` and `right_tool_of_all` count the others too, where only none is right.
    """
    calling = [one for one in judged if one.request.calls]
    return {
        "right_tool": fmean(_exact(one) for one in calling),
        "first_tool": fmean(one.tools[:1] == one.request.tools[:1] for one in calling),
        "refused_where_nothing_is_called": fmean(not one.tools for one in judged if not one.request.calls),
        "right_tool_of_all": fmean(_exact(one) for one in judged),
    }


def arguments_of(judged: Sequence[Answered]) -> dict[str, float]:
    """By kind of argument, the shares filled with exactly the answer's values, and with something else instead of left open."""
    by_kind: defaultdict[str, list[Argument]] = defaultdict(list)
    for argument in (argument for one in judged for argument in arguments(one)):
        by_kind[argument.kind].append(argument)
    measured: dict[str, float] = {}
    for kind, listed in sorted(by_kind.items()):
        measured[f"{kind}_arguments"] = len(listed)
        measured[f"{kind}_right"] = fmean(one.filled == one.wanted for one in listed)
        measured[f"{kind}_wrong"] = fmean(bool(one.filled) and one.filled != one.wanted for one in listed)
    return measured


def arguments(one: Answered) -> Iterator[Argument]:
    """The arguments of the tools that were rightly chosen, apart from those that must be looked up."""
    described = {tool.name: tool for tool in tools()}
    for name in one.request.tools:
        choices = [choice for choice in one.choices if choice.name == name]
        for argument, schema in described[name].arguments.items() if choices else ():
            wanted = {
                call.arguments[argument]
                for call in one.request.calls
                if call.tool == name and argument in call.arguments
            }
            if wanted and "x-looked-up" not in schema:
                filled = (choice.arguments[argument] for choice in choices if argument in choice.arguments)
                yield Argument(_kind(schema), _alike(wanted), _alike(filled))


def _exact(one: Answered) -> bool:
    return set(one.tools) == set(one.request.tools)


def _options(examples: Sequence[Request]) -> list[Option]:
    said: Mapping[str, list[str]] = {tool.name: [] for tool in tools()}
    for request in examples:
        for name in request.tools:
            said[name].append(request.text)
    return [Option(tool.name, tool.description, tuple(said[tool.name]), _schema(tool)) for tool in tools()]


def _schema(tool: Tool) -> dict[str, JsonValue]:
    properties: dict[str, JsonValue] = {name: dict(schema) for name, schema in tool.arguments.items()}
    return {"type": "object", "properties": properties, "required": list(properties)}


def _kind(schema: Mapping[str, JsonValue]) -> str:
    if "enum" in schema:
        return "enum"
    if "format" in schema:
        return "date"
    if "x-entity" in schema:
        return "entity"
    return "text" if schema["type"] == "string" else "number"


def _alike(written: Iterable[JsonValue]) -> frozenset[str]:
    """Values as text: moments in one form, whatever form they have."""
    texts = (one if isinstance(one, str) else json.dumps(one) for one in written)
    return frozenset(_moment(text) for text in texts)


def _moment(text: str) -> str:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None).isoformat()
    except ValueError:
        return text
