"""What is installed and what is shipped."""

import re
import subprocess
import sys
import zipfile
from importlib.metadata import EntryPoint, distribution, entry_points, packages_distributions
from pathlib import Path

import click
import pytest

ROOT = Path(__file__).parent.parent
PROJECT = "sophia-orchestrator"
OURS = ("core", "models", "memory", "tools", "agents", "graphs", "api", "evals")
WRITTEN = re.compile(r"^def command\(", re.MULTILINE)
COMMANDS = {file.stem for file in (ROOT / "api/commands").glob("*.py") if WRITTEN.search(file.read_text())} | {"eval"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    [built] = folder.glob("*.whl")
    return zipfile.ZipFile(built)


def shipped_data() -> set[str]:
    """Every file of our packages that is no Python module, as the wheel should name it."""
    files = (path for package in OURS for path in (ROOT / package).rglob("*") if path.is_file())
    return {str(path.relative_to(ROOT)) for path in files if path.suffix not in {".py", ".pyc"}}


def test_no_dependency_ships_one_of_our_names() -> None:
    owners = packages_distributions()
    assert {name: set(owners.get(name, ())) - {PROJECT} for name in OURS} == {name: set() for name in OURS}


def test_every_command_is_registered_and_loads() -> None:
    points = [point for point in entry_points(group="sophia.commands") if is_ours(point)]
    assert {point.name for point in points} == COMMANDS
    assert all(isinstance(point.load(), click.Command) for point in points)


def test_the_console_script_is_there() -> None:
    [script] = [point for point in entry_points(group="console_scripts") if point.name == "sophia"]
    assert callable(script.load())


def is_ours(point: EntryPoint) -> bool:
    return bool(point.dist and point.dist.name == PROJECT)


def test_the_wheel_has_every_module_and_all_the_data_they_read(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    modules = {str(path.relative_to(ROOT)) for package in OURS for path in (ROOT / package).rglob("*.py")}
    data = shipped_data()
    for needed in (
        "graphs/specialists.yaml",
        "agents/call_analysis/intents.yaml",
        "models/extractive/everyday.txt",
        "models/chat/prompts/write.md",
        "memory/sample/company.yaml",
        "memory/sample/truth.yaml",
        "memory/sample/truth_figures.yaml",
        "memory/sample/crm/deals.csv",
        "memory/sample/crm/mapping.yaml",
        "tools/crm/fields.yaml",
        "evals/thresholds.toml",
        "evals/datasets/routing/dev.yaml",
        "evals/datasets/routing/heldout.yaml",
    ):
        assert needed in data
    assert "core/migrations/versions/0001_first_tables.py" in modules
    assert (modules | data) - names == set()


def test_the_wheel_has_nothing_else(wheel: zipfile.ZipFile) -> None:
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(OURS)


def test_the_installed_version_is_the_one_of_the_project() -> None:
    declared = next(line for line in (ROOT / "pyproject.toml").read_text().splitlines() if line.startswith("version"))
    assert declared == f'version = "{distribution(PROJECT).version}"'
