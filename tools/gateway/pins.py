"""What a tool was when it was discovered: a tool that changes afterwards is not the tool that was agreed to."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match
from mcp_types import Tool

from core.errors import InvalidInputError


@dataclass(frozen=True, slots=True)
class Pinned:
    """A tool with the fingerprint of everything a model reads of it: description and both schemas."""

    server: str
    tool: Tool
    fingerprint: str
    validator: Draft202012Validator

    def check(self, arguments: Mapping[str, Any]) -> None:
        """InvalidInputError, naming the field, for arguments the pinned input schema does not admit."""
        unknown = sorted(arguments.keys() - self.tool.input_schema.get("properties", {}).keys())
        if unknown:
            raise InvalidInputError(
                f"Tool {self.tool.name!r} has no argument {unknown[0]!r}: it takes {', '.join(self._accepted())}"
            )
        flaw = best_match(self.validator.iter_errors(dict(arguments)))
        if flaw is not None:
            raise InvalidInputError(f"Tool {self.tool.name!r}, argument {_field(flaw)!r}: {flaw.message}")

    def _accepted(self) -> Iterator[str]:
        required = self.tool.input_schema.get("required", ())
        for name in self.tool.input_schema.get("properties", {}):
            yield name if name in required else f"{name} (optional)"


def pinned(server: str, tool: Tool) -> Pinned:
    """The tool as it is now."""
    Draft202012Validator.check_schema(tool.input_schema)
    validator = Draft202012Validator(tool.input_schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return Pinned(server, tool, fingerprint(tool), validator)


def fingerprint(tool: Tool) -> str:
    """SHA-256 (hex) over name, description, both schemas and annotations, whatever the order of their keys."""
    seen = tool.model_dump(mode="json", include={"name", "description", "input_schema", "output_schema", "annotations"})
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()


def _field(flaw: ValidationError) -> str:
    """The path of the field that is wrong, or the name of the one that is missing."""
    if flaw.validator == "required" and not flaw.absolute_path:
        required: Any = flaw.validator_value
        given: Any = flaw.instance
        return next(str(name) for name in required if name not in given)
    return ".".join(str(part) for part in flaw.absolute_path)
