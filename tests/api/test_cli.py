"""The command line where no server runs."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path
from unicodedata import category

import pytest

from api.sample import SAMPLE, sample_calls
from api.version import VERSION
from tests.api.children import SOPHIA, Place

HEAVY = ("lancedb", "langgraph", "mcp", "fastapi", "sqlalchemy", "numpy", "pydantic")


@pytest.fixture(scope="module")
def place(light_directory: Path, light_weights: Path | None, tmp_path_factory: pytest.TempPathFactory) -> Place:
    directory = tmp_path_factory.mktemp("cli") / "data"
    shutil.copytree(light_directory, directory)
    return Place(directory, light_weights)


def imported_by(code: str) -> set[str]:
    """Which heavy packages are there once the code has run in a fresh interpreter."""
    watching = f"import sys\ntry:\n    {code}\nexcept SystemExit: pass\nprint('\\n', *sys.modules)"
    ran = subprocess.run([sys.executable, "-c", watching], capture_output=True, text=True, check=True)
    return set(HEAVY) & set(ran.stdout.splitlines()[-1].split())


def test_help_lists_every_command_and_imports_none(place: Place) -> None:
    done = place.run("--help")
    assert (done.status, done.err) == (0, "")
    lines = done.out.partition("Commands:")[2].splitlines()
    listed = [line.split()[0] for line in lines if line.strip() and not line.startswith("   ")]
    assert listed == [
        "approvals",
        "ask",
        "audit",
        "brief",
        "completion",
        "crm",
        "decide",
        "decisions",
        "doctor",
        "documents",
        "eval",
        "forget",
        "ingest",
        "keys",
        "rules",
        "serve",
        "sources",
        "threads",
    ]
    assert imported_by("from api.cli import main; sys.argv = ['sophia', '--help']; main()") == set()


def test_a_command_that_goes_through_a_server_imports_no_store() -> None:
    commands = ", ".join(
        f"api.commands.{name}"
        for name in (
            "approvals",
            "ask",
            "audit",
            "brief",
            "crm",
            "decide",
            "decisions",
            "documents",
            "forget",
            "ingest",
            "keys",
            "rules",
            "sources",
        )
    )
    stores = imported_by(f"import {commands}") - {"numpy"}
    assert stores == {"sqlalchemy", "pydantic"}


def test_documents_are_managed_without_a_server_too(place: Place) -> None:
    file = place.directory.parent / "umber.txt"
    file.write_text("Title: Umber\n\nAnna: We pay ten dollars.\nBen: Good.\n", encoding="utf-8")
    place.run_here("ingest", str(file), "--reader", "group:sales")
    assert (
        "umber  undated  internal, group:sales user:owner  Umber"
        in place.run_here("documents", "list").out.splitlines()
    )
    assert place.run_here("documents", "delete", "umber").out == "umber is deleted\n"
    assert place.run_here("documents", "delete", "umber").complaint().endswith("[E_NOT_FOUND]")


def test_a_call_is_forgotten_only_by_somebody_who_agrees(place: Place) -> None:
    file = place.directory.parent / "sienna.txt"
    file.write_text("Title: Sienna\n\nAnna: We pay ten dollars.\nBen: Good.\n", encoding="utf-8")
    assert place.run_here("ingest", str(file)).out == "added     sienna\n1 added\n"
    asked = place.run_here("forget", "sienna")
    assert asked.out.startswith("goes: sienna (Sienna, 2 turns): versions, with their chunks: 1\nstays: ")
    assert "say --yes" in asked.err
    assert "sienna" in place.run_here("documents", "list").out
    assert place.run_here("forget", "sienna", "--yes").out.endswith("\nsienna is forgotten\n")
    assert place.run_here("forget", "sienna", "--yes").complaint().endswith("[E_NOT_FOUND]")
    assert "Name a CALL" in place.run_here("forget").err


def test_the_version_is_told_anywhere() -> None:
    said = subprocess.run([SOPHIA, "--version"], capture_output=True, text=True, check=True, cwd="/", env={})
    assert said.stdout == f"sophia, version {VERSION}\n"


def test_a_question_from_standard_input_is_answered_with_its_sources(place: Place) -> None:
    done = place.run("ask", "-", stdin=b"What did Marrowfield object to?\n")
    assert (done.status, done.err) == (0, "")
    answer, _, sources = done.out.partition("\nSources\n")
    assert '"' in answer
    assert "  [1] Marrowfield" in sources
    assert "sophia ask --thread thread_" in sources


def test_a_question_that_is_not_utf8_is_refused_and_its_byte_named(place: Place) -> None:
    assert "byte 5 is 0xe4" in place.run("ask", "-", stdin="Wie läuft es?".encode("latin-1")).complaint()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SOPHIA_PORT", "eighty"),
        ("SOPHIA_RUN_LEASE_S", "0"),
        ("SOPHIA_DEFAULT_LABEL", "cosmic"),
        ("SOPHIA_LOG_LEVEL", "loud"),
    ],
)
def test_a_wrong_setting_is_named(place: Place, variable: str, value: str) -> None:
    complaint = place.run("keys", "add", "anna", settings={variable: value}).complaint()
    assert variable in complaint
    assert complaint.endswith("[E_INVALID_INPUT]")


def test_ingesting_again_changes_nothing_and_a_broken_file_keeps_no_other_from_its_place(place: Place) -> None:
    calls = place.directory.parent / "calls"
    shutil.copytree(SAMPLE / "calls", calls)
    (calls / "0-broken.json").write_text('{"callTranscripts": [\n{"callId": "7",\n', encoding="utf-8")
    (calls / "new.txt").write_text("Anna: We pay ten dollars.\nBen: Good.\n", encoding="utf-8")
    done = place.run_here("ingest", str(calls))
    assert done.status == 1
    assert done.out.splitlines()[-1] == f"1 added, {len(sample_calls())} unchanged, 1 failed"
    assert "added     new" in done.out
    assert "0-broken.json" in done.err
    assert "line" in done.err


def test_nothing_to_ingest_and_an_unknown_command_are_usage_errors(place: Place) -> None:
    for arguments in (["ingest"], ["bake"], ["ask", "Why?", "--loud"]):
        done = place.run(*arguments)
        assert (done.status, done.out) == (2, ""), arguments
        assert "Traceback" not in done.err


@pytest.mark.parametrize(("option", "value"), [("--label", "cosmic"), ("--reader", "anna")])
def test_an_unknown_label_or_reader_is_refused_before_anything_is_opened(place: Place, option: str, value: str) -> None:
    assert repr(value) in place.run("ingest", "--sample", option, value).complaint()


def test_ctrl_c_ends_a_command_without_a_word(place: Place) -> None:
    asking = place.start("ask", "-")
    assert asking.stdin
    asking.stdin.write(b"What")
    asking.stdin.flush()
    with pytest.raises(subprocess.TimeoutExpired):
        asking.wait(2)
    asking.send_signal(signal.SIGINT)
    _, err = asking.communicate(timeout=20)
    assert (asking.returncode, err.strip()) == (130, b"")


def test_names_of_files_steer_no_terminal(place: Place) -> None:
    calls = place.directory.parent / "hostile"
    calls.mkdir()
    (calls / "z\x1b[31meppelin.txt").write_text("Title: Zeppelin\n\nAnna: We pay ten dollars.\nBen: Good.\n", "utf-8")
    (calls / "bro\x1b[31mken\u202e.json").write_text("{", "utf-8")
    done = place.run_here("ingest", str(calls))

    assert "bro\\u001b[31mken\\u202e.json" in done.err
    assert not {one for one in done.out + done.err if category(one) in ("Cc", "Cf") and one != "\n"}
