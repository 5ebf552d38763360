"""An outside system in memory that counts what it is made to do and fails as it is told."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from core.plans import Fields
from core.remotes import Order, Promises


class Pool:
    """Fields by target. `fails` is asked before each call whether it raises; `lies` keeps it from writing."""

    def __init__(self, sizes: Mapping[str, int], promises: Promises | None = None) -> None:
        self.promises = promises or Promises()
        self.fields: dict[str, dict[str, Any]] = {target: {"size": size} for target, size in sizes.items()}
        self.done: Counter[str] = Counter()
        self.orders: list[Order] = []
        self.answers: dict[str, Fields] = {}
        self.fails: Callable[[Order], Exception | None] = lambda _order: None
        self.after: Callable[[Order], Exception | None] = lambda _order: None
        self.lies = False

    @property
    def sizes(self) -> dict[str, Any]:
        return {target: fields["size"] for target, fields in self.fields.items()}

    async def read(self, target: str, fields: frozenset[str]) -> Fields:
        now = self.fields.get(target, {})
        return {name: now[name] for name in fields & set(now)}

    async def call(self, order: Order) -> Fields:
        if error := self.fails(order):
            raise error
        self.orders.append(order)
        if not (self.promises.keyed and order.key in self.answers):
            self.done[order.key] += 1
            if not self.lies:
                self.fields.setdefault(order.target, {}).update(order.arguments)
        self.answers[order.key] = {"ok": True}
        if error := self.after(order):
            raise error
        return self.answers[order.key]

    async def look_up(self, key: str) -> Fields | None:
        return self.answers.get(key)
