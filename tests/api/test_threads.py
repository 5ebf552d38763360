"""Conversations on the command line, and how they are deleted."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.api.children import Place
from tests.api.served import OBJECTIONS, Served, ask, problem_of
from tests.api.test_cli import imported_by


@pytest.fixture
def place(light_directory: Path, light_weights: Path | None, tmp_path: Path) -> Place:
    shutil.copytree(light_directory, tmp_path / "data")
    return Place(tmp_path / "data", light_weights)


def rows(place: Place) -> dict[str, int]:
    """How many rows the tables hold that know of conversations."""
    with closing(sqlite3.connect(place.directory / "sophia.db")) as connection:
        return {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("threads", "runs", "run_events", "checkpoints", "writes")
        }


def test_a_conversation_is_listed_shown_and_deleted_with_all_that_is_kept_of_it(place: Place) -> None:
    thread = json.loads(place.run_here("ask", "--json", OBJECTIONS).out)["thread"]
    listed = place.run_here("threads", "list").out
    assert thread in listed
    assert OBJECTIONS in listed
    shown = place.run_here("threads", "show", thread).out
    assert shown.startswith(f"> {OBJECTIONS}\n")
    assert shown.count("\n") > 2
    assert json.loads(place.run_here("threads", "show", "--json", thread).out)["runs"][0]["status"] == "completed"
    assert all(rows(place).values())
    assert place.run_here("threads", "delete", "--yes", thread).out == f"{thread} is deleted\n"
    assert set(rows(place).values()) == {0}
    assert "E_NOT_FOUND" in place.run_here("threads", "show", thread).complaint()


@pytest.mark.asyncio(loop_scope="session")
async def test_a_conversation_is_deleted_by_its_owner_alone_and_not_while_a_run_of_it_goes_on(served: Served) -> None:
    owner = await served.sophia.keys.resolve("default/owner")
    async with served.client() as mine, served.client(await served.key("somebody", "ask", "admin")) as theirs:
        thread = (await ask(mine))[0].data["thread"]
        assert await problem_of(await theirs.delete(f"/v1/threads/{thread}"), 404, "E_NOT_FOUND")
        waiting = await served.sophia.runs.accept("Why?", principal=owner, thread=thread)
        refused = await mine.delete(f"/v1/threads/{thread}")
        await mine.post(f"/v1/runs/{waiting.id}/cancel")
        deleted = await mine.delete(f"/v1/threads/{thread}")
        gone = await mine.get(f"/v1/threads/{thread}")
    assert "cancel" in await problem_of(refused, 409, "E_CONFLICT")
    assert deleted.status_code == 204
    assert await problem_of(gone, 404, "E_NOT_FOUND")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_asks_sophia_for_what_completes(place: Place, shell: str) -> None:
    script = place.run_here("completion", shell)
    assert script.status == 0
    assert f"_SOPHIA_COMPLETE={shell}_complete" in script.out


def test_commands_are_completed_without_importing_any(place: Place) -> None:
    asked = {"_SOPHIA_COMPLETE": "bash_complete", "COMP_WORDS": "sophia do", "COMP_CWORD": "1"}
    done = place.run(settings=asked)
    assert (done.status, done.out.split()) == (0, ["plain,doctor", "plain,documents"])
    code = f"import os; os.environ.update({asked}); from api.cli import main; sys.argv = ['sophia']; main()"
    assert imported_by(code) == set()
