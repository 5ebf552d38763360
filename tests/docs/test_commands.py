"""The commands that the documentation shows are run: those of `sophia` beside a server, those of make as plans."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from models.endpoints import Endpoints
from tests.api.children import Place, Server, serving_child

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
SHELL_BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
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
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server as `make run` leaves it, with the encoder that is installed; the calls of the pages lie beside it."""
    folder = tmp_path_factory.mktemp("docs")
    (folder / "path/to/calls").mkdir(parents=True)
    (folder / "path/to/calls/renewal.txt").write_text(CALL)
    with serving_child(Place(folder / "data")) as running:
        yield running


def test_the_pages_show_commands_of_every_kind() -> None:
    assert of("make run")
    assert of("make test")
    assert of(".venv/bin/sophia ask")
    assert of(".venv/bin/sophia ingest")
    assert not [
        command for command in commands() if not command.startswith(("make", ".venv/bin/sophia", "curl", "KEY="))
    ]


@pytest.mark.parametrize("command", of(".venv/bin/sophia"))
def test_a_shown_sophia_command_runs(command: str, server: Server) -> None:
    done = server.place.run_here(*shlex.split(command)[1:])
    assert done.status == 0, done.err


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
