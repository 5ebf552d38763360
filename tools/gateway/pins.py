"""What a tool was when it was discovered: a tool that changes afterwards is not the tool that was agreed to."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jsonschema_rs import Draft202012Validator, ValidationError, ValidationErrorKind
from mcp_types import Tool

from core.errors import InvalidInputError, UnavailableError


@dataclass(frozen=True, slots=True)
class Pinned:
    """A tool with the fingerprint of everything a model reads of it: description and both schemas."""

    server: str
    tool: Tool
    fingerprint: str
    takes: Draft202012Validator
    returns: Draft202012Validator | None

    def check(self, arguments: Mapping[str, Any]) -> None:
        """InvalidInputError, naming the field, for arguments the pinned input schema does not admit."""
        unknown = sorted(arguments.keys() - self.tool.input_schema.get("properties", {}).keys())
        if unknown:
            raise InvalidInputError(
                f"Tool {self.tool.name!r} has no argument {unknown[0]!r}: it takes {', '.join(self._accepted())}"
            )
        for flaw in self.takes.iter_errors(dict(arguments)):
            raise InvalidInputError(f"Tool {self.tool.name!r}, argument {_field(flaw)!r}: {_told(flaw)}")

    def check_result(self, structured: Any) -> None:
        """UnavailableError for a result that the pinned output schema does not admit."""
        if self.returns is not None and not self.returns.is_valid(structured):
            raise UnavailableError(f"Tool {self.tool.name!r} returned something else than its schema says")

    def _accepted(self) -> Iterator[str]:
        required = self.tool.input_schema.get("required", ())
        for name in self.tool.input_schema.get("properties", {}):
            yield name if name in required else f"{name} (optional)"


def pinned(server: str, tool: Tool) -> Pinned:
    """The tool as it is now."""
    returns = Draft202012Validator(tool.output_schema) if tool.output_schema is not None else None
    takes = Draft202012Validator(tool.input_schema, validate_formats=True)
    return Pinned(server, tool, fingerprint(tool), takes, returns)


def fingerprint(tool: Tool) -> str:
    """SHA-256 (hex) over name, description, both schemas and annotations, whatever the order of their keys."""
    seen = tool.model_dump(mode="json", include={"name", "description", "input_schema", "output_schema", "annotations"})
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()


def _field(flaw: ValidationError) -> str:
    """The path of the field that is wrong, or the name of the one that is missing."""
    if isinstance(flaw.kind, ValidationErrorKind.Required) and not flaw.instance_path:
        return flaw.kind.property
    return ".".join(str(part) for part in flaw.instance_path)


def _told(flaw: ValidationError) -> str:
    """What is wrong; of several kinds that a value may be of, with the first, which is the one that is no null."""
    if isinstance(flaw.kind, ValidationErrorKind.AnyOf) and flaw.kind.context and flaw.kind.context[0]:
        return _told(flaw.kind.context[0][0])
    return flaw.message
