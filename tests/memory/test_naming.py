"""Files whose names give their documents' ids: which document each of them is."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from memory.ingested import Ingested
from memory.transcripts.detect import read
from tests.memory.bench import ACME, RUTH, Bench, open_bench


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with open_bench(tmp_path) as opened:
        yield opened


def written(folder: Path, words: str, name: str = "renewal.txt") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(f"Anna: {words}\nBen: Good.\n", encoding="utf-8")
    return file


async def ingested(bench: Bench, *sources: Path) -> list[Ingested]:
    return list((await bench.ingestion.ingest(sources, ACME, principal=RUTH)).items)


async def words(bench: Bench, document: str | None) -> str:
    assert document
    return (await bench.documents.transcript(document, RUTH)).turns[0].text


async def test_files_of_one_name_in_two_folders_are_two_documents_and_each_replaces_its_own(
    bench: Bench, tmp_path: Path
) -> None:
    here, there = written(tmp_path / "a", "The crates are teal."), written(tmp_path / "b", "The crates are ochre.")
    [first] = await ingested(bench, here)
    [second] = await ingested(bench, there)
    assert (first.outcome, second.outcome, first.document) == ("added", "added", "renewal")
    assert second.document != "renewal"
    assert second.reason
    assert repr(second.document) in second.reason
    written(tmp_path / "b", "The crates are now plum.")
    again = await ingested(bench, there, here)
    assert [(item.outcome, item.document) for item in again] == [
        ("replaced", second.document),
        ("unchanged", "renewal"),
    ]
    assert await words(bench, "renewal") == "The crates are teal."
    assert await words(bench, second.document) == "The crates are now plum."


async def test_files_of_one_name_below_one_folder_are_ingested_in_one_go(bench: Bench, tmp_path: Path) -> None:
    for folder in ("a", "b", "c"):
        written(tmp_path / "calls" / folder, f"This is {folder}.")
    items = await ingested(bench, tmp_path / "calls")
    assert [item.outcome for item in items] == ["added"] * 3
    assert [await words(bench, item.document) for item in items] == ["This is a.", "This is b.", "This is c."]
    assert [item.outcome for item in await ingested(bench, tmp_path / "calls")] == ["unchanged"] * 3


async def test_a_file_keeps_its_document_when_the_other_of_its_name_is_deleted(bench: Bench, tmp_path: Path) -> None:
    here, there = written(tmp_path / "a", "Teal."), written(tmp_path / "b", "Ochre.")
    _, second = await ingested(bench, here, there)
    await bench.ingestion.delete("acme", "renewal")
    assert [(item.outcome, item.document) for item in await ingested(bench, there)] == [("unchanged", second.document)]


async def test_a_folder_that_was_moved_makes_nothing_twice(bench: Bench, tmp_path: Path) -> None:
    await ingested(bench, written(tmp_path / "a", "Teal."))
    moved = (tmp_path / "a").rename(tmp_path / "moved") / "renewal.txt"
    assert [item.outcome for item in await ingested(bench, moved)] == ["unchanged"]
    written(tmp_path / "moved", "Plum.")
    assert [(item.outcome, item.document) for item in await ingested(bench, moved)] == [("replaced", "renewal")]


@pytest.mark.parametrize("known", ["renewal", "renewal.txt", "a/renewal.txt"])
async def test_a_document_of_an_earlier_version_of_sophia_goes_on_with_its_file(
    known: str, bench: Bench, tmp_path: Path
) -> None:
    here, there = written(tmp_path / "a", "Teal."), written(tmp_path / "b", "Ochre.")
    await ingested(bench, here)
    await bench.documents.set_origin("acme", "renewal", known)
    assert [(item.outcome, item.document) for item in await ingested(bench, here)] == [("unchanged", "renewal")]
    [other] = await ingested(bench, there)
    assert (other.outcome, await words(bench, "renewal")) == ("added", "Teal.")
    await bench.documents.set_origin("acme", "renewal", known)
    written(tmp_path / "a", "Plum.")
    assert [(item.outcome, item.document) for item in await ingested(bench, here)] == [("replaced", "renewal")]


async def test_an_id_that_the_content_gives_is_one_document_wherever_its_file_lies(bench: Bench) -> None:
    call = """{{"callTranscripts": [{{"callId": "77", "transcript": [
        {{"speakerId": "1", "sentences": [{{"start": 1, "end": 2, "text": "{words}"}}]}}]}}]}}"""
    for folder, said in (("/a", "Teal."), ("/b", "Ochre.")):
        found = read(call.format(words=said).encode(), file="77.json", folder=folder)
        await bench.ingestion.ingest(found, ACME, principal=RUTH)
    assert [entry.id for entry in await bench.documents.catalogue(RUTH)] == ["77"]
    assert await words(bench, "77") == "Ochre."
