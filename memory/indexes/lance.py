"""LanceDB without the clients of a REST service that its catalogue can stand behind.

Nobody here speaks to that service, and to make its clients takes as long as all else that LanceDB imports. Of its
messages, which are imported all the same, only those that are used are described in full.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import Any

from pydantic import BaseModel

REST_CLIENTS = "lance_namespace_urllib3_client"


class _Unread(ModuleType):
    """A package whose `__init__` runs once one of its names is asked for; its submodules can be imported before."""

    def __getattr__(self, name: str) -> Any:
        self.__class__ = ModuleType  # type: ignore[assignment]
        assert self.__spec__
        assert self.__spec__.loader
        self.__spec__.loader.exec_module(self)
        return getattr(self, name)


def _leave_unread(package: str) -> None:
    """Lets parts of the package be imported without all of it; one that is not there, or is read already, stays so."""
    spec = find_spec(package)
    if spec is not None and package not in sys.modules:
        module = module_from_spec(spec)
        module.__class__ = _Unread
        sys.modules[package] = module


@contextmanager
def _described_later() -> Iterator[None]:
    """Lets pydantic describe the models that are imported in the block at their first use, one thread at a time."""
    BaseModel.model_config["defer_build"] = True
    try:
        yield
    finally:
        del BaseModel.model_config["defer_build"]


_leave_unread(REST_CLIENTS)

with _described_later():
    import lancedb


__all__ = ["lancedb"]
