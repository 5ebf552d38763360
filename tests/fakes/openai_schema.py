"""OpenAI's own description of its API, as a judge of what is said to the peer and by it."""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator


def validator(schema: str) -> Draft202012Validator:
    """Judges a body by the named schema; skips the test where the description is not at hand."""
    if not (root := os.environ.get("SOPHIA_EVAL_DATA")):
        pytest.skip("SOPHIA_EVAL_DATA is not set: OpenAI's description of its API is not at hand")
    components = _described(Path(root) / "specs" / "openai" / "openapi.json")
    return Draft202012Validator({"$ref": f"#/components/schemas/{schema}", "components": components})


@cache
def _described(path: Path) -> Any:
    return _nullable(json.loads(path.read_text(encoding="utf-8"))["components"])


def _nullable(node: Any) -> Any:
    """`nullable: true` is a word of OpenAPI 3.0, which this description of version 3.1 still uses."""
    if isinstance(node, list):
        return [_nullable(item) for item in node]
    if not isinstance(node, dict):
        return node
    plain = {key: _nullable(value) for key, value in node.items()}
    if plain.pop("nullable", None) is True and "type" in plain:
        return {"anyOf": [plain, {"type": "null"}]}
    return plain
