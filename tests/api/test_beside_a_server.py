"""The command line beside a running server: everything goes through it."""

import asyncio
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from api.commands.serve import serve
from api.embedded import here_or_server
from api.owner import Owner
from api.settings import Settings
from core.errors import BusyError, InvalidInputError
from tests.api.children import Place, Server, serving_child

CALL = "Title: Teal check-in\n\nNadia Orlo: The teal crates leave on Monday.\nBo Hart: Good.\n"


@pytest.fixture(scope="module")
def server(
    light_directory: Path, light_weights: Path | None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    directory = tmp_path_factory.mktemp("beside") / "data"
    shutil.copytree(light_directory, directory)
    with serving_child(Place(directory, light_weights)) as running:
        yield running


def threads_of(server: Server) -> list[dict[str, Any]]:
    async def read() -> list[dict[str, Any]]:
        async with server.client() as client:
            found: list[dict[str, Any]] = (await client.get("/v1/threads")).json()
            return found

    return asyncio.run(read())


def test_questions_go_through_the_server_and_go_on_with_their_conversation(server: Server) -> None:
    first = server.place.run("ask", "What did Marrowfield object to?", "--json")
    assert (first.status, first.err) == (0, "")
    answer = json.loads(first.out)
    assert answer["sources"]
    second = server.place.run_here("ask", "And Castellan?", "--thread", answer["thread"])
    assert f"--thread {answer['thread']} " in second.out
    assert answer["thread"] in [thread["id"] for thread in threads_of(server)]


def test_a_command_that_a_server_overtakes_while_it_gets_ready_goes_through_that_server(server: Server) -> None:
    async def reached() -> object:
        async with AsyncExitStack() as stack:
            return await here_or_server(Settings(data_dir=server.place.directory), stack)

    overtaken = asyncio.run(reached())
    assert isinstance(overtaken, Owner)
    assert overtaken.url


def test_files_go_through_the_server_and_a_broken_one_keeps_no_other_from_its_place(server: Server) -> None:
    folder = server.place.directory.parent / "more"
    folder.mkdir()
    (folder / "a-broken.json").write_text('{"callTranscripts": [\n{"callId": "7",\n', encoding="utf-8")
    (folder / "b-large.txt").write_text("Anna: " + "x" * 17_000_000, encoding="utf-8")
    (folder / "teal.txt").write_text(CALL, encoding="utf-8")
    done = server.place.run_here("ingest", str(folder))
    again = server.place.run_here("ingest", str(folder / "teal.txt"))
    assert (done.status, again.status) == (1, 0)
    assert done.out.splitlines()[-1] == "1 added, 2 failed"
    assert again.out.splitlines()[-1] == "1 unchanged"
    broken, large = done.err.splitlines()
    assert "a-broken.json" in broken
    assert "line" in broken
    assert "b-large.txt" in large
    assert "larger than" in large


def test_files_of_one_name_in_two_folders_are_two_documents(server: Server) -> None:
    folders = [server.place.directory.parent / name for name in ("umber", "azure")]
    for folder in folders:
        folder.mkdir()
        (folder / "crates.txt").write_text(CALL.replace("teal", folder.name), encoding="utf-8")
        assert server.place.run_here("ingest", str(folder)).out.splitlines()[-1] == "1 added"
    for folder in folders:
        assert server.place.run_here("ingest", str(folder)).out.splitlines()[-1] == "1 unchanged"


def test_crm_data_goes_through_the_server(server: Server) -> None:
    folder = server.place.directory.parent / "export"
    folder.mkdir()
    (folder / "deals.csv").write_text("Deal ID,Stage\nteal-1,Won\n", encoding="utf-8")
    assert server.place.run_here("crm", "propose", "export").status == 0
    mapping = folder.parent / "mapping.yaml"
    mapping.write_text(mapping.read_text().replace("confirmed: false", "confirmed: true"))
    done = server.place.run_here("crm", "import", "export", "--mapping", "mapping.yaml")
    assert (done.status, done.err) == (0, "")
    assert done.out.splitlines()[-1] == "1 added, 0 changed, 0 unchanged"
    sample = server.place.run_here("ingest", "--sample")
    assert sample.status == 0
    assert "records added" in sample.out


def test_a_key_made_beside_the_server_is_known_to_it_at_once(server: Server) -> None:
    made = server.place.run_here("keys", "add", "anna", "--role", "ask")
    assert (made.status, made.err) == (0, "")

    async def status() -> int:
        async with server.client() as client:
            return (
                await client.get("/v1/threads", headers={"Authorization": f"Bearer {made.out.strip()}"})
            ).status_code

    assert asyncio.run(status()) == 200


def test_keys_are_listed_and_revoked(server: Server) -> None:
    server.place.run_here("keys", "add", "rita", "--role", "ask", "--role", "ingest", "--group", "sales")
    listed = server.place.run_here("keys", "list").out.splitlines()
    assert "rita  ask ingest, up to internal, groups sales, 1 key" in listed
    assert server.place.run_here("keys", "revoke", "rita").out == "1 revoked\n"
    assert "rita" not in server.place.run_here("keys", "list").out


def test_a_printed_source_is_read_in_its_place_until_its_document_is_for_others_or_gone(server: Server) -> None:
    file = server.place.directory.parent / "ochre.txt"
    file.write_text(CALL.replace("eal", "angerine"), encoding="utf-8")
    server.place.run_here("ingest", str(file))
    asked = ("ask", "When do the tangerine crates leave?", "--call", "ochre")
    shown = re.search(r"sophia (sources run_\w+ 1)", server.place.run_here(*asked).out)
    assert shown
    opened = server.place.run_here(*shown[1].split())
    assert "> Nadia Orlo: The tangerine crates leave on Monday." in opened.out
    assert "  Bo Hart: Good." in opened.out
    assert server.place.run_here(*shown[1].split()[:2], "99").complaint().endswith("[E_NOT_FOUND]")

    changed = server.place.run_here("documents", "access", "ochre", "--label", "restricted", "--reader", "group:board")
    assert changed.out == "ochre  restricted, group:board user:owner\n"
    assert "restricted, group:board user:owner" in server.place.run_here("documents", "list").out
    assert server.place.run_here("documents", "delete", "ochre").status == 0
    assert "is withheld" in server.place.run_here(*shown[1].split()).complaint()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["keys", "add", "anna", "--role", "king"], "E_INVALID_INPUT"),
        (["ask", "Why?", "--thread", "thread_unknown"], "E_NOT_FOUND"),
        (["ask", "Why?", "--call", "nothing"], "E_NOT_FOUND"),
        (["ask", " "], "E_INVALID_INPUT"),
        (["ask", "x" * 5000], "E_TOO_LARGE"),
    ],
)
def test_a_refusal_of_the_server_is_one_line_with_its_code(server: Server, arguments: list[str], code: str) -> None:
    assert server.place.run_here(*arguments).complaint().endswith(f"[{code}]")


def test_a_second_server_on_the_directory_is_refused_with_the_address_of_the_first(server: Server) -> None:
    port = int(str(server.owner.url).rpartition(":")[2])
    with pytest.raises(BusyError, match=re.escape(str(server.owner.url))):
        asyncio.run(serve(Settings(data_dir=server.place.directory, port=port)))


def test_a_port_that_is_taken_is_named_with_the_way_out(server: Server, tmp_path: Path) -> None:
    port = int(str(server.owner.url).rpartition(":")[2])
    with pytest.raises(InvalidInputError, match=rf"127\.0\.0\.1:{port} .*--port or SOPHIA_PORT"):
        asyncio.run(serve(Settings(data_dir=tmp_path, port=port)))
