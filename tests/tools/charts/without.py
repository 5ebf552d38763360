"""What stands in for the process that draws, where its package is not installed."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from core.apart import answer_once


def draw(_request: Mapping[str, Any]) -> Mapping[str, Any]:
    import_module("vl_convert_that_is_not_installed")
    return {}


if __name__ == "__main__":
    answer_once(draw)
