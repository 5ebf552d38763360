"""Language that remembers what it answered to exactly the same question under exactly the same rights."""

import hashlib
import json
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import asdict, is_dataclass, replace
from typing import Any, TypeVar

from models.language import Brief, Call, Choice, Extracted, Language, Option, Sentence, T
from models.streams import closing

R = TypeVar("R")
Monotonic = Callable[[], float]


class Cached:
    """An exact cache in this process, partitioned by tenant, user, grants, clearance, label and model.

    The day is part of the key too, since "last week" means another week tomorrow. Sentences are kept only when the
    stream ended by itself and none was withheld.
    """

    def __init__(
        self, inner: Language, *, model: str, monotonic: Monotonic, seconds: float = 1800.0, entries: int = 1000
    ) -> None:
        self._inner = inner
        self._model = model
        self._monotonic = monotonic
        self._seconds = seconds
        self._entries = entries
        self._kept: OrderedDict[str, tuple[float, Any]] = OrderedDict()

    async def choose(self, question: str, options: Sequence[Option], *, call: Call) -> Sequence[Choice]:
        """As the inner language chose before, or chooses now."""
        key = self._key(call, "choose", question, list(options))
        found: tuple[Choice, ...] | None = self._found(key)
        if found is None:
            found = self._keep(key, tuple(await self._inner.choose(question, options, call=call)))
        return found

    async def extract(self, schema: type[T], text: str, *, call: Call) -> Extracted[T]:
        """As the inner language extracted before, or extracts now; a copy, which the caller may change."""
        key = self._key(call, "extract", f"{schema.__module__}.{schema.__qualname__}", schema.model_json_schema(), text)
        found: Extracted[T] | None = self._found(key)
        if found is None:
            found = self._keep(key, await self._inner.extract(schema, text, call=call))
        return Extracted(found.value.model_copy(deep=True), dict(found.spans))

    async def write(self, brief: Brief, *, call: Call) -> AsyncIterator[Sentence]:
        """The sentences written before, or those written now as they come."""
        key = self._key(call, "write", brief)
        kept: tuple[Sentence, ...] | None = self._found(key)
        if kept is not None:
            for sentence in kept:
                yield sentence
            return
        withheld: list[str] = []
        written: list[Sentence] = []
        async with closing(self._inner.write(brief, call=_overheard(call, withheld))) as sentences:
            async for sentence in sentences:
                written.append(sentence)
                yield sentence
        if written and not withheld:
            self._keep(key, tuple(written))

    def _key(self, call: Call, *asked: object) -> str:
        who = call.principal
        rights = [who.tenant, who.user, who.roles, who.grants, who.clearance, call.label]
        terms = [call.purpose, call.now.date(), call.entities, dict(call.previous)]
        plain = json.dumps([self._model, rights, terms, asked], default=_plain, sort_keys=True)
        return hashlib.sha256(plain.encode()).hexdigest()

    def _found(self, key: str) -> Any:
        until, value = self._kept.get(key, (0.0, None))
        if value is None or until <= self._monotonic():
            self._kept.pop(key, None)
            return None
        self._kept.move_to_end(key)
        return value

    def _keep(self, key: str, value: R) -> R:
        self._kept[key] = (self._monotonic() + self._seconds, value)
        while len(self._kept) > self._entries:
            self._kept.popitem(last=False)
        return value


def _overheard(call: Call, withheld: list[str]) -> Call:
    def tell(reason: str) -> None:
        withheld.append(reason)
        if call.withheld:
            call.withheld(reason)

    return replace(call, withheld=tell)


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    return str(value)
