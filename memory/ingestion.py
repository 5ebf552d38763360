"""Ingestion: from files to live documents, so that a crash at any point leaves nothing half-visible and nothing doubled.

    begun      the content is read, and no version of it is live
    staged     its row is written, invisible; from here on the row tells that the index may hold chunks
    embedded   its chunks have vectors
    indexed    the index holds the chunks; searches drop them, because the row does not say live
    published  the row says live, and its predecessor's no longer does, in one transaction
    removed    the index has forgotten the predecessor's chunks
    settled    the rows say so

After a crash, `recover` takes back what was not published and finishes what was; ingesting again does the rest.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from core import telemetry
from core.disk import REMEDY, is_full
from core.errors import ConflictError, SophiaError
from core.identity import Access, Principal
from memory.chunking.base import Chunking
from memory.chunking.turns import SpeakerTurns
from memory.documents import Documents
from memory.indexes.base import ChunkRange, Document, Index, Scope
from memory.ingested import Ingested, Outcome, Progress, Report, Share, dating, encoding
from memory.naming import named, placed, renamed
from memory.retrieval.access import Standing
from memory.transcripts.cleaning import clean
from memory.transcripts.detect import MAX_BYTES, read_file
from memory.transcripts.faults import UnreadableError
from memory.transcripts.model import Transcript
from memory.transcripts.sides import sided
from memory.transcripts.spellings import as_one, confirmed_again, one_person, proposals
from models.embeddings import Embedder
from models.entities import Entity

CHUNKS_AT_ONCE = 256
"""So many chunks are embedded before their share of the conversation is told."""
log = logging.getLogger(__name__)

Checkpoint = Callable[[str], None]
"""Told of each step above when it is done, so that a test can die there."""


def _silent(_: object) -> None:
    pass


@dataclass(slots=True)
class _Run:
    """One call of `ingest`: by whom and for whom, what it has done, and which file took which document's id.

    Once the disk is `full`, nothing more is tried.
    """

    principal: Principal
    access: Access
    account: str | None
    on_progress: Progress
    on_share: Share
    full: bool = False
    items: list[Ingested] = field(default_factory=list)
    taken: dict[str, str] = field(default_factory=dict)

    def report(self, item: Ingested) -> None:
        telemetry.documents.add(1, {"sophia.outcome": item.outcome})
        self.items.append(item)
        self.on_progress(item)


class Ingestion:
    """Writes documents and their chunks. One at a time: the index has one writer."""

    def __init__(
        self,
        documents: Documents,
        index: Index,
        embedder: Embedder,
        *,
        chunking: Chunking | None = None,
        limit: int = MAX_BYTES,
        sellers: Sequence[Entity] = (),
        checkpoint: Checkpoint = _silent,
    ) -> None:
        """`sellers` are the company's own people, by whom sides are told where a source names none."""
        self._documents = documents
        self._index = index
        self._embedder = embedder
        self._chunking = chunking or SpeakerTurns()
        self._limit = limit
        self._sellers = sellers
        self._checkpoint = checkpoint
        self._writing = asyncio.Lock()

    async def recover(self) -> int:
        """Remove what a crash left behind, before anything else writes; the number of documents that had any."""
        left = await self._documents.unpublished()
        for document in left:
            await self._index.remove(document.tenant, document.id, except_version=document.live)
            await self._documents.settle(document.tenant, document.id)
        return len(left)

    async def ingest(
        self,
        sources: Iterable[Path | Transcript],
        access: Access,
        *,
        principal: Principal,
        account: str | None = None,
        on_progress: Progress = _silent,
        on_share: Share = lambda _file, _share: None,
    ) -> Report:
        """Ingest files, all files of folders (hidden ones apart) and conversations already read.

        What is live in the same version is left alone; what fails is reported, and the others go on, unless the disk is
        full: what is left is then reported untried, and ingested by the next call. `access` is that of
        new documents: a known one keeps its own until `set_access`, and fails if that does not admit the principal, who
        is told nothing else of it. `account` is for conversations that name none.
        """
        run = _Run(principal, access, account, on_progress, on_share)
        seen: set[Path] = set()
        for source in sources:
            if isinstance(source, Transcript):
                await self._take(source, source.id, run)
                continue
            for path in files_in(source):
                if path.resolve() not in seen:
                    seen.add(path.resolve())
                    await self._file(path, run)
        if not run.full and any(item.outcome in ("added", "replaced") for item in run.items):
            await self._compact()
        return Report(tuple(run.items))

    async def _compact(self) -> None:
        """Make searches faster, if the disk has the space that it takes meanwhile."""
        try:
            await self._index.compact()
        except Exception as error:
            if not is_full(error):
                raise
            log.warning("The index is left as it is, because the disk is full: %s", REMEDY)

    async def set_access(self, document: str, access: Access) -> None:
        """Let these and no others read a document of this tenant: at once for its row, then for its chunks.

        NotFoundError if there is none. After a crash in between the row decides; set it again.
        """
        await self._documents.set_access(document, access)
        async with self._writing:  # a document being ingested has its chunks rewritten after they are put
            await self._index.set_access(document, access)

    async def join_speakers(
        self, document: str, names: Collection[str], name: str, *, principal: Principal
    ) -> Transcript:
        """Make the speakers of these names one, called `name`, in a new version of the document, and return that.

        Ingesting the file again keeps it so. NotFoundError and InvalidInputError as `as_one` has them.
        """
        async with self._writing:
            joined = as_one(await self._documents.transcript(document, principal), names, name)
            standing = (await self._documents.standing(principal.tenant, [document]))[document]
            origin = (await self._documents.origins(principal.tenant, [document]))[document]
            await self._make_live(joined, standing.access, origin)
        return joined

    async def delete(self, tenant: str, document: str) -> None:
        """Forget the document, all its versions and its chunks. NotFoundError if there is none.

        From the first step on nobody sees it; `recover` finishes what a crash cuts short.
        """
        async with self._writing:
            await self._documents.withdraw(tenant, document)
            self._checkpoint("withdrawn")
            await self._index.remove(tenant, document)
            self._checkpoint("removed")
            await self._documents.settle(tenant, document)

    async def _file(self, path: Path, run: _Run) -> None:
        name = clean(str(path))
        if run.full:
            run.report(Ingested(name, "failed", reason=f"{name}: not tried, because the disk is full: {REMEDY}"))
            return
        try:
            transcripts = await asyncio.to_thread(_read, path, limit=self._limit, account=run.account)
        except SophiaError as error:
            run.report(Ingested(name, "failed", reason=str(error)))
        except OSError as error:
            run.report(Ingested(name, "failed", reason=f"{name}: it cannot be opened: {error.strerror or error}"))
        else:
            for transcript in transcripts:
                await self._take(transcript, name, run)

    async def _take(self, transcript: Transcript, file: str, run: _Run) -> None:
        """Ingest one conversation and report what became of it."""
        id_, transcript = transcript.id, sided(transcript, self._sellers)
        try:
            async with self._writing:
                transcript = await named(transcript, self._documents, run.access.tenant)
                id_ = transcript.id
                if (first := run.taken.get(id_)) is not None:
                    raise ConflictError(
                        f"document {id_!r} was already given by {first} in this run: rename one of them"
                    )
                run.taken[id_] = file
                outcome, note = await self._ingest(transcript, file, run)
        except SophiaError as error:
            run.report(Ingested(file, "failed", id_, f"{file}: {error}"))
        except Exception as error:
            if not is_full(error):
                raise
            run.full = True
            run.report(Ingested(file, "failed", id_, f"{file}: the disk is full: {REMEDY}"))
        else:
            notes = filter(None, (renamed(transcript), dating(transcript), encoding(transcript), note))
            run.report(Ingested(file, outcome, id_, "; ".join(notes) or None))

    async def _ingest(self, transcript: Transcript, file: str, run: _Run) -> tuple[Outcome, str | None]:
        access, tenant, id_ = run.access, run.access.tenant, transcript.id
        before = (await self._documents.standing(tenant, [id_])).get(id_)
        self._checkpoint("begun")
        if before is not None and not before.access.admits(run.principal):
            raise ConflictError("this id cannot be used: name the file or call otherwise")
        if before is not None and before.version != transcript.content_hash:
            transcript = confirmed_again(transcript, await self._documents.properties(tenant, id_))
        if before is not None and before.version == transcript.content_hash:
            await placed(transcript, self._documents, tenant)
            if await self._is_indexed(id_, before):
                return "unchanged", _kept(before.access, run)
            await self._write_chunks(transcript, before.access, lambda share: run.on_share(file, share))
            return "replaced", "its chunks were missing from the index"
        granted = await self._make_live(
            transcript, access, transcript.named_by or file, lambda share: run.on_share(file, share)
        )
        notes = filter(None, (_kept(granted, run), one_person(proposals(transcript), id_)))
        return "added" if before is None else "replaced", "; ".join(notes) or None

    async def _make_live(
        self, transcript: Transcript, access: Access, origin: str, told: Callable[[float], None] = _silent
    ) -> Access:
        """Take a version that is not live through every step; the access that it has."""
        tenant, id_, version = access.tenant, transcript.id, transcript.content_hash
        granted = await self._documents.stage(transcript, access, origin=origin)
        self._checkpoint("staged")
        await self._write_chunks(transcript, granted, told)
        await self._documents.publish(tenant, id_, version)
        self._checkpoint("published")
        await self._index.remove(tenant, id_, except_version=version)
        self._checkpoint("removed")
        await self._documents.settle(tenant, id_)
        self._checkpoint("settled")
        return granted

    async def _write_chunks(self, transcript: Transcript, access: Access, told: Callable[[float], None]) -> None:
        chunks = await asyncio.to_thread(self._chunking.chunks, transcript.utterances)
        vectors = []
        for first in range(0, len(chunks), CHUNKS_AT_ONCE):
            part = chunks[first : first + CHUNKS_AT_ONCE]
            vectors.append(await self._embedder.embed([chunk.text for chunk in part]))
            told((first + len(part)) / len(chunks))
        self._checkpoint("embedded")
        embedded = np.concatenate(vectors) if vectors else await self._embedder.embed([])
        await self._index.put(Document(transcript.id, transcript.content_hash, access), chunks, embedded)
        self._checkpoint("indexed")

    async def _is_indexed(self, document: str, standing: Standing) -> bool:
        """Whether the index holds the live version: it does not after its folder was removed to be made again.

        A version's chunks are stored all at once, so that the first one speaks for all.
        """
        if not standing.access.readers:
            return True
        first = ChunkRange(document, standing.version, 0, 0)
        return bool(await self._index.read([first], scope=Scope(_reader(standing.access), (document,))))


def files_in(source: Path) -> Iterator[Path]:
    """The files of a folder in order of their paths; the path itself for anything else, an empty folder included."""
    if not source.is_dir():
        yield source
        return
    below = (path.relative_to(source) for path in source.rglob("*") if path.is_file())
    shown = [source / path for path in below if not any(part.startswith(".") for part in path.parts)]
    yield from sorted(shown) or [source]


def _read(path: Path, *, limit: int, account: str | None) -> tuple[Transcript, ...]:
    if path.is_dir():
        raise UnreadableError(str(path), "the folder holds no files: name the one that does")
    return read_file(path, limit=limit, account=account)


def _reader(access: Access) -> Principal:
    """Someone whom the access admits, to see what is stored under it."""
    users = [reader.removeprefix("user:") for reader in access.readers if reader.startswith("user:")]
    groups = [reader.removeprefix("group:") for reader in access.readers if reader.startswith("group:")]
    return Principal(access.tenant, users[0] if users else "", groups=frozenset(groups), clearance=access.label)


def _kept(granted: Access, run: _Run) -> str | None:
    """What to tell whoever asked for another access than the document has, and may know which that is."""
    if granted == run.access or not granted.admits(run.principal):
        return None
    return f"it keeps its access: {granted.label}, {', '.join(sorted(granted.readers))}"
