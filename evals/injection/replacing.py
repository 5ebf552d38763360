"""A thing of the product stands in for another while a block runs: to see what it does, or what stops when it is gone."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def replaced(owner: Any, name: str, value: Any) -> Iterator[Any]:
    """`owner.name` is `value` inside the block, which is given what it was."""
    before = owner.__dict__[name]
    setattr(owner, name, value)
    try:
        yield before.__func__ if isinstance(before, staticmethod) else before
    finally:
        setattr(owner, name, before)
