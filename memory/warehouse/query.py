"""SQL with named values: files say `:tenant`, the warehouse is given `?` and the values in order."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from core.errors import InvalidInputError
from memory.warehouse.base import Statement, Value

_TOKEN = re.compile(r"--[^\n]*|'(?:[^']|'')*'|:([a-z_]+)")


@dataclass(frozen=True, slots=True)
class Query:
    """One statement; `names` are its values in the order of their `?`, each as often as it is used."""

    sql: str
    names: tuple[str, ...]

    @property
    def sha256(self) -> str:
        """Tells one query from another, whatever values it is run with."""
        return hashlib.sha256(self.sql.encode()).hexdigest()

    def bind(self, values: Mapping[str, Value]) -> Statement:
        """The statement over these values; one that has no value is NULL, but tenant and clearance must have theirs."""
        for required in ("tenant", "clearance"):
            if values.get(required) is None:
                raise InvalidInputError(f"A query of the warehouse needs the {required} of who asks")
        return Statement(self.sql, tuple(values.get(name) for name in self.names))


def read_query(text: str) -> Query:
    """The query of a file's text; `:name` inside quotes and comments is left alone."""
    names: list[str] = []

    def placed(match: re.Match[str]) -> str:
        if not match[1]:
            return "" if match[0].startswith("--") else match[0]
        names.append(match[1])
        return "?"

    sql = _TOKEN.sub(placed, text).strip()
    return Query(sql, tuple(names))
