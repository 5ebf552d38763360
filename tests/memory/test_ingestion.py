import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.errors import NotFoundError, UnavailableError
from core.identity import Access, Label, Principal
from memory.documents import Documents
from memory.indexes.base import Scope
from memory.ingested import Ingested
from memory.ingestion import Ingestion
from memory.retrieval.access import Standing
from memory.transcripts.detect import read_file
from memory.transcripts.model import Transcript
from models.embeddings import Vectors
from models.entities import Entity
from tests.memory.bench import ACME, CHUNKING, RUTH, Bench, CountingEmbedder, open_bench, write_call
from tests.memory.conversations import PRICE, ROUTES
from tests.memory.transcripts.material import SAMPLES

LEGAL = Access("acme", frozenset({"group:legal"}), Label.CONFIDENTIAL)
LARA = Principal("acme", "lara", groups=frozenset({"legal"}), clearance=Label.CONFIDENTIAL)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with open_bench(tmp_path) as opened:
        yield opened


async def _found(bench: Bench, principal: Principal) -> set[str]:
    return {hit.document for hit in await bench.index.keyword(["price"], scope=Scope(principal), limit=50)}


async def test_files_become_live_documents_with_their_chunks(bench: Bench, tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_call(tmp_path, name)
    seen: list[Ingested] = []
    report = await bench.ingestion.ingest([bench.calls], ACME, principal=RUTH, on_progress=seen.append)
    assert [(item.outcome, item.document, item.reason) for item in report.items] == [
        ("added", "one", None),
        ("added", "two", None),
    ]
    assert tuple(seen) == report.items
    await bench.check_that_all_is_well()


async def test_ingesting_again_changes_nothing_and_embeds_nothing(bench: Bench, tmp_path: Path) -> None:
    write_call(tmp_path, "one")
    await bench.ingest()
    before = bench.embedder.embedded, await bench.index.count(), await bench.states()
    report = await bench.ingest()
    assert [item.outcome for item in report.items] == ["unchanged"]
    assert (bench.embedder.embedded, await bench.index.count(), await bench.states()) == before


async def test_an_edited_file_replaces_its_document(bench: Bench, tmp_path: Path) -> None:
    write_call(tmp_path, "one")
    write_call(tmp_path, "two")
    await bench.ingest()
    write_call(tmp_path, "two", "with other words")
    report = await bench.ingest()
    assert [item.outcome for item in report.items] == ["unchanged", "replaced"]
    assert await bench.states() == [("one", "live"), ("two", "live"), ("two", "replaced")]
    await bench.check_that_all_is_well()


async def test_a_day_taken_from_the_name_of_a_file_is_told_and_kept(bench: Bench, tmp_path: Path) -> None:
    write_call(tmp_path, "2026-05-11-globex")
    (item,) = (await bench.ingest()).items
    assert (item.outcome, item.document) == ("added", "2026-05-11-globex")
    assert item.reason == "held on 2026-05-11, by the name of its file"
    [entry] = await bench.documents.catalogue(RUTH)
    assert entry.held == datetime(2026, 5, 11, tzinfo=UTC)


async def test_a_broken_file_is_reported_and_the_others_go_on(bench: Bench, tmp_path: Path) -> None:
    write_call(tmp_path, "a")
    (tmp_path / "calls" / "b.json").write_text('{\n "callTranscripts": [,]}', encoding="utf-8")
    (tmp_path / "calls" / "c.txt").write_bytes(b"")
    write_call(tmp_path, "d")
    report = await bench.ingest()
    assert [item.outcome for item in report.items] == ["added", "failed", "failed", "added"]
    broken, empty = report.failed
    assert broken.file.endswith("b.json")
    assert broken.reason is not None
    assert broken.reason.startswith(f"{broken.file}, line 2: broken JSON")
    assert empty.reason == f"{empty.file}, line 1: it is empty: export the conversation again"


async def test_folders_are_walked_in_order_without_what_is_hidden(bench: Bench, tmp_path: Path) -> None:
    write_call(tmp_path, "z")
    for hidden in (bench.calls / ".DS_Store", bench.calls / ".git" / "config"):
        hidden.parent.mkdir(exist_ok=True)
        hidden.write_bytes(b"\0")
    below = bench.calls / "2026" / "call.txt"
    below.parent.mkdir()
    below.write_text("Anna: hello", encoding="utf-8")
    report = await bench.ingestion.ingest([bench.calls, below], ACME, principal=RUTH)
    assert [(item.document, item.outcome) for item in report.items] == [("call", "added"), ("z", "added")]


async def test_paths_without_files_fail_by_name(bench: Bench, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    report = await bench.ingestion.ingest([tmp_path / "nowhere.txt", empty], ACME, principal=RUTH)
    assert [item.reason for item in report.failed] == [
        f"{tmp_path / 'nowhere.txt'}: it cannot be opened: No such file or directory",
        f"{empty}: the folder holds no files: name the one that does",
    ]


async def test_of_two_files_with_one_id_the_second_fails(bench: Bench, tmp_path: Path) -> None:
    write_call(tmp_path, "a b")
    write_call(tmp_path, "a-b", "another call")
    report = await bench.ingest()
    first, second = report.items
    assert (first.outcome, second.outcome) == ("added", "failed")
    assert second.reason == (
        f"{second.file}: document 'a-b' was already given by {first.file} in this run: rename one of them"
    )
    assert (await bench.documents.transcript("a-b", RUTH)).title == "a b"


async def test_a_name_that_is_no_unicode_is_ingested(bench: Bench, tmp_path: Path) -> None:
    write_call(tmp_path, "one").rename(os.fsdecode(os.fsencode(tmp_path / "calls") + b"/caf\xe9.txt"))
    report = await bench.ingest()
    assert [item.outcome for item in report.items] == ["added"]
    report.items[0].file.encode()


async def test_conversations_already_read_are_ingested_too(bench: Bench) -> None:
    report = await bench.ingestion.ingest([PRICE, ROUTES, PRICE], ACME, principal=RUTH)
    assert [item.outcome for item in report.items] == ["added", "added", "failed"]
    assert await bench.documents.transcript(PRICE.id, RUTH) == PRICE


async def test_the_sample_calls_are_ingested_by_their_gong_ids(bench: Bench) -> None:
    report = await bench.ingestion.ingest(SAMPLES, ACME, principal=RUTH)
    assert [item.document for item in report.of("added")] == [read_file(path)[0].id for path in SAMPLES]
    assert await bench.index.count() == await bench.check_what_is_live()


async def test_a_file_over_the_limit_fails(bench: Bench, tmp_path: Path) -> None:
    write_call(tmp_path, "one")
    small = Ingestion(bench.documents, bench.index, bench.embedder, limit=100)
    (failed,) = (await small.ingest([bench.calls], ACME, principal=RUTH)).failed
    assert failed.reason is not None
    assert "more than 100 bytes" in failed.reason


async def test_the_account_is_for_conversations_that_name_none(bench: Bench, tmp_path: Path) -> None:
    write_call(tmp_path, "one")
    await bench.ingestion.ingest([bench.calls], ACME, principal=RUTH, account="Castellan")
    assert [entry.account for entry in await bench.documents.catalogue(RUTH)] == ["Castellan"]


async def test_a_monologue_of_two_hours_is_cut_into_chunks(bench: Bench, tmp_path: Path) -> None:
    path = write_call(tmp_path, "long")
    path.write_text("Anna: " + "The price of the renewal is too high, as I said before. " * 1_500, encoding="utf-8")
    await bench.ingest()
    assert await bench.index.count() > 500
    await bench.check_that_all_is_well()


async def test_chunks_that_are_missing_from_the_index_are_written_again(tmp_path: Path) -> None:
    write_call(tmp_path, "one")
    async with open_bench(tmp_path) as bench:
        await bench.ingest()
    shutil.rmtree(tmp_path / "index")
    async with open_bench(tmp_path) as bench:
        (item,) = (await bench.ingest()).items
        assert (item.outcome, item.reason) == ("replaced", "its chunks were missing from the index")
        await bench.check_that_all_is_well()
        assert [item.outcome for item in (await bench.ingest()).items] == ["unchanged"]


async def test_access_is_changed_on_the_row_and_on_the_chunks_without_embedding(bench: Bench, tmp_path: Path) -> None:
    write_call(tmp_path, "one")
    await bench.ingest()
    embedded = bench.embedder.embedded
    await bench.ingestion.set_access("one", LEGAL)
    assert (await _found(bench, RUTH), await _found(bench, LARA)) == (set(), {"one"})
    assert [entry.id for entry in await bench.documents.catalogue(LARA)] == ["one"]
    assert await bench.documents.catalogue(RUTH) == []
    assert bench.embedder.embedded == embedded
    with pytest.raises(NotFoundError):
        await bench.ingestion.set_access("two", LEGAL)


async def test_a_deleted_document_is_gone_in_all_its_versions_and_can_be_ingested_again(
    bench: Bench, tmp_path: Path
) -> None:
    path = write_call(tmp_path, "one")
    await bench.ingest()
    (before,) = await bench.documents.catalogue(RUTH)
    path.write_text("Anna: The price is another one now.\nBen: Good.\n", encoding="utf-8")
    await bench.ingest()
    await bench.documents.transcript("one", RUTH, before.version)

    await bench.ingestion.delete("acme", "one")
    assert (await bench.states(), await bench.index.count()) == ([], 0)
    with pytest.raises(NotFoundError):
        await bench.ingestion.delete("acme", "one")
    assert [item.outcome for item in (await bench.ingest()).items] == ["added"]
    with pytest.raises(NotFoundError):
        await bench.documents.transcript("one", RUTH, before.version)


@pytest.mark.parametrize("step", ["withdrawn", "removed"])
async def test_a_deletion_that_was_cut_short_is_finished_at_the_next_start(tmp_path: Path, step: str) -> None:
    def die(reached: str) -> None:
        if dying and reached == step:
            raise KeyboardInterrupt

    dying = False
    write_call(tmp_path, "one")
    async with open_bench(tmp_path, checkpoint=die) as bench:
        await bench.ingest()
        dying = True
        with pytest.raises(KeyboardInterrupt):
            await bench.ingestion.delete("acme", "one")
        assert await bench.documents.catalogue(RUTH) == []
        await bench.ingestion.recover()
        assert (await bench.states(), await bench.index.count()) == ([], 0)


async def test_access_changed_while_a_new_version_is_embedded_holds_at_once_and_afterwards(
    bench: Bench, tmp_path: Path
) -> None:
    write_call(tmp_path, "one")
    await bench.ingest()
    write_call(tmp_path, "one", "edited")
    closing: list[asyncio.Task[None]] = []

    def close_when_staged(step: str) -> None:
        if step == "staged":
            closing.append(asyncio.create_task(ingestion.set_access("one", LEGAL)))

    ingestion = Ingestion(bench.documents, bench.index, bench.embedder, chunking=CHUNKING, checkpoint=close_when_staged)
    (item,) = (await ingestion.ingest([bench.calls], ACME, principal=RUTH)).items
    await asyncio.gather(*closing)
    assert item.outcome == "replaced"
    assert (await _found(bench, RUTH), await _found(bench, LARA)) == (set(), {"one"})
    assert await bench.documents.live(["one"], RUTH) == {}


@pytest.mark.parametrize(("words", "outcome"), [("so we begin", "unchanged"), ("edited", "replaced")])
async def test_ingesting_again_never_opens_what_was_closed(
    words: str, outcome: str, bench: Bench, tmp_path: Path
) -> None:
    write_call(tmp_path, "one")
    await bench.ingest(LEGAL)
    write_call(tmp_path, "one", words)
    (item,) = (await bench.ingest(ACME, LARA)).items
    assert (item.outcome, item.reason) == (outcome, "it keeps its access: confidential, group:legal")
    assert (await _found(bench, RUTH), await _found(bench, LARA)) == (set(), {"one"})


CEO = Access("acme", frozenset({"user:ceo"}), Label.RESTRICTED)


@pytest.mark.parametrize("words", ["so we begin", "edited"])
@pytest.mark.parametrize(
    "stranger",
    [
        Principal("acme", "mallory", clearance=Label.PUBLIC),
        Principal("acme", "ceo", clearance=Label.CONFIDENTIAL),
        Principal("acme", "mallory", clearance=Label.RESTRICTED),
        Principal("elsewhere", "ceo", clearance=Label.RESTRICTED),
    ],
    ids=["neither", "a reader not cleared", "cleared but no reader", "of another tenant"],
)
@pytest.mark.parametrize("asked", [ACME, CEO], ids=["another access", "the same access"])
async def test_whoever_may_not_read_a_document_cannot_replace_it_and_is_told_nothing_of_it(
    words: str, stranger: Principal, asked: Access, bench: Bench, tmp_path: Path
) -> None:
    path = write_call(tmp_path, "one")
    await bench.ingest(CEO)
    before = await bench.states(), await bench.index.count(), bench.embedder.embedded
    write_call(tmp_path, "one", words)
    (item,) = (await bench.ingest(asked, stranger)).items
    assert (item.outcome, item.document) == ("failed", "one")
    assert item.reason == f"{path}: this id cannot be used: name the file or call otherwise"
    assert (await bench.states(), await bench.index.count(), bench.embedder.embedded) == before


async def test_whoever_may_not_read_a_document_does_not_learn_that_its_chunks_are_missing(tmp_path: Path) -> None:
    path = write_call(tmp_path, "one")
    async with open_bench(tmp_path) as bench:
        await bench.ingest(CEO)
    shutil.rmtree(tmp_path / "index")
    async with open_bench(tmp_path) as bench:
        (item,) = (await bench.ingest(CEO)).items
        assert item.reason == f"{path}: this id cannot be used: name the file or call otherwise"
        assert await bench.index.count() == 0


async def test_a_document_closed_while_it_is_looked_at_keeps_its_access_to_itself(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_call(tmp_path, "one")
    await bench.ingest()
    write_call(tmp_path, "one", "edited")
    look = Documents.standing

    async def look_and_close(register: Documents, tenant: str, ids: Collection[str]) -> dict[str, Standing]:
        seen = await look(register, tenant, ids)
        await register.set_access("one", CEO)
        return seen

    monkeypatch.setattr(Documents, "standing", look_and_close)
    (item,) = (await bench.ingest()).items
    assert (item.outcome, item.reason) == ("replaced", None)


async def test_one_document_that_may_not_be_replaced_does_not_stop_the_others(bench: Bench, tmp_path: Path) -> None:
    write_call(tmp_path, "one")
    await bench.ingest(CEO)
    write_call(tmp_path, "two")
    report = await bench.ingest()
    assert [(item.document, item.outcome) for item in report.items] == [("one", "failed"), ("two", "added")]


class Unreachable(CountingEmbedder):
    """Is out of reach for conversations in which someone speaks of trucks."""

    async def embed(self, texts: Sequence[str]) -> Vectors:
        if any("truck" in text for text in texts):
            raise UnavailableError("the embedder does not answer: try again later")
        return await super().embed(texts)


async def test_what_cannot_be_embedded_fails_unseen_and_the_next_attempt_succeeds(bench: Bench) -> None:
    failing = Ingestion(bench.documents, bench.index, Unreachable(), chunking=CHUNKING)
    report = await failing.ingest([ROUTES, PRICE], ACME, principal=RUTH)
    assert [item.outcome for item in report.items] == ["failed", "added"]
    assert report.failed[0].reason == f"{ROUTES.id}: the embedder does not answer: try again later"
    assert await bench.documents.live([ROUTES.id], RUTH) == {}
    edited: Transcript = replace(ROUTES, title="Routes, once more")
    report = await bench.ingestion.ingest([edited], ACME, principal=RUTH)
    assert [item.outcome for item in report.items] == ["added"]
    assert await bench.states() == [(PRICE.id, "live"), (ROUTES.id, "live")]


async def test_speakers_that_a_person_made_one_stay_one_when_their_file_is_ingested_again(
    bench: Bench, tmp_path: Path
) -> None:
    path = write_call(tmp_path, "renewal")
    path.write_text(path.read_text() + "\nA. Meyer: Agreed.\nAnna Meyer: Good.\n", encoding="utf-8")
    (item,) = (await bench.ingest()).items
    assert item.reason is not None
    assert "'A. Meyer' and 'Anna Meyer' may be one person: see 'sophia documents speakers renewal'" in item.reason
    before = await bench.documents.transcript("renewal", RUTH)
    joined = await bench.ingestion.join_speakers("renewal", ["A. Meyer"], "Anna Meyer", principal=RUTH)
    assert await bench.documents.transcript("renewal", RUTH) == joined
    assert await bench.documents.transcript("renewal", RUTH, before.content_hash) == before
    assert [one.outcome for one in (await bench.ingest()).items] == ["unchanged"]
    path.write_text(path.read_text() + "Ben: One word more.\n", encoding="utf-8")
    assert [one.outcome for one in (await bench.ingest()).items] == ["replaced"]
    assert [one.name for one in (await bench.documents.transcript("renewal", RUTH)).speakers] == [
        "Anna",
        "Ben",
        "Anna Meyer",
    ]
    await bench.check_what_is_live()


async def test_how_much_of_a_long_call_is_embedded_is_told_on_the_way(bench: Bench, tmp_path: Path) -> None:
    path = write_call(tmp_path, "long", "word " * 4_000)
    told: list[tuple[str, float]] = []
    await bench.ingestion.ingest([path], ACME, principal=RUTH, on_share=lambda file, share: told.append((file, share)))
    shares = [share for _, share in told]
    assert len(shares) > 2
    assert shares == sorted(shares)
    assert (shares[-1], {file for file, _ in told}) == (1.0, {str(path)})
    await bench.check_what_is_live()


async def test_the_companys_own_people_sell_in_a_file_that_names_no_sides(bench: Bench, tmp_path: Path) -> None:
    knowing = Ingestion(
        bench.documents, bench.index, bench.embedder, chunking=CHUNKING, sellers=[Entity("rep", "Anna", ())]
    )
    [item] = (await knowing.ingest([write_call(tmp_path, "teal")], ACME, principal=RUTH)).items
    assert item.document
    told = await bench.documents.transcript(item.document, RUTH)
    assert [(one.name, one.role) for one in told.speakers] == [("Anna", "seller"), ("Ben", "buyer")]
