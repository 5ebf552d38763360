"""A module that is run apart, and does what it is told."""

import importlib
import os
import time
from collections.abc import Mapping
from typing import Any

from core.apart import answer_once
from core.errors import InvalidInputError


def handle(request: Mapping[str, Any]) -> Mapping[str, Any]:
    match request["do"]:
        case "double":
            print("a library prints this")
            return {"doubled": request["value"] * 2}
        case "environment":
            return {"names": sorted(os.environ)}
        case "refuse":
            raise InvalidInputError("The series 'revenue' has 3 points: at least 12 are needed")
        case "import":
            importlib.import_module("a_library_nobody_has")
        case "die":
            os._exit(7)
        case "hang":
            time.sleep(600)
    return {}


if __name__ == "__main__":
    answer_once(handle)
