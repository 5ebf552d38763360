"""The commands that the documentation shows are run: those of `sophia` on a small data directory, those of make as plans."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from models.endpoints import Endpoints

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
SHELL_BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
SOPHIA = Path(sys.executable).with_name("sophia")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)")
CALL = "Anna Meyer (buyer): We pay $48,000 today and the renewal is in May.\nDale Pruitt (seller): I will send you the terms."


def commands() -> list[str]:
    """Every command of the pages' shell blocks, continued lines joined, comments dropped."""
    blocks = [block for page in PAGES for block in SHELL_BLOCK.findall(page.read_text(encoding="utf-8"))]
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    return [line.split("   #")[0].strip() for line in lines if line.strip()]


def of(*starts: str) -> list[str]:
    return [command for command in commands() if command.startswith(starts)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("docs")
    (made / "path/to/calls").mkdir(parents=True)
    (made / "path/to/calls/renewal.txt").write_text(CALL)
    return made


def test_the_pages_show_commands_of_every_kind() -> None:
    assert of("make run")
    assert of("make test")
    assert of(".venv/bin/sophia ask")
    assert of(".venv/bin/sophia ingest")
    assert not [
        command for command in commands() if not command.startswith(("make", ".venv/bin/sophia", "curl", "KEY="))
    ]


@pytest.mark.parametrize("command", of(".venv/bin/sophia"))
def test_a_shown_sophia_command_runs(command: str, folder: Path) -> None:
    arguments = [str(SOPHIA), *shlex.split(command)[1:]]
    environment = {**os.environ, "SOPHIA_DATA_DIR": str(folder / "data")}
    done = subprocess.run(
        arguments, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", of("make"))
def test_a_shown_make_target_is_there(command: str) -> None:
    done = subprocess.run([*shlex.split(command), "--dry-run"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_relative_link_leads_to_a_file(page: Path) -> None:
    links = LINK.findall(page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_shown_file_of_endpoints_is_one() -> None:
    shown = re.search(r"```yaml\n(.*?)```", (ROOT / "docs/models.md").read_text(encoding="utf-8"), re.DOTALL)
    assert shown
    assert set(Endpoints.model_validate(yaml.safe_load(shown[1])).endpoints) == {"frontier", "workshop"}
