"""Which tables and fields there are, and what files and columns call them (fields.yaml, vocabulary.yaml)."""

import re
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Literal

from core.plain_yaml import plain_yaml

_HERE = files(__package__ or "tools.crm")
StageStatus = Literal["open", "won", "lost", "?"]
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NO_WORD = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a table. `of` is the table or the list of words that its values are taken from."""

    name: str
    kind: str
    words: frozenset[str]
    of: str | None = None
    required: bool = False
    past: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """What a file may hold. `key` has the fields that make an id where no column has one."""

    name: str
    files: frozenset[str]
    key: tuple[str, ...]
    fields: dict[str, Field]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words that columns of every CRM have."""

    words: dict[str, tuple[str, ...]]
    stages: dict[str, StageStatus]
    currencies: frozenset[str]
    signs: dict[str, frozenset[str]]


def plain(name: str) -> str:
    """A name as it is compared: `CloseDate`, `close_date` and `Close Date` are all "close date"."""
    return _NO_WORD.sub(" ", _CAMEL.sub(" ", name).lower()).strip()


def _read(name: str) -> Any:
    return plain_yaml((_HERE / name).read_text(encoding="utf-8"))


def _table(name: str, described: dict[str, Any]) -> Table:
    fields = {
        field: Field(field, **{**about, "words": frozenset(about["words"])})
        for field, about in described["fields"].items()
    }
    return Table(name, frozenset(described["files"]), tuple(described["key"]), fields)


def _vocabulary() -> Vocabulary:
    read = _read("vocabulary.yaml")
    return Vocabulary(
        words={name: tuple(read[name]) for name in ("industries", "countries")},
        stages={word: status for status, words in read["stages"].items() for word in words},
        currencies=frozenset(read["currencies"]),
        signs={sign: frozenset(codes) for sign, codes in read["signs"].items()},
    )


TABLES: dict[str, Table] = {name: _table(name, described) for name, described in _read("fields.yaml").items()}
VOCABULARY = _vocabulary()
