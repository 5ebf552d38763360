"""Ingest transcripts: files, folders, or the sample company."""

import asyncio
import secrets
import sys
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import click

from api.client import Client, connect
from api.embedded import client_of, server_or_here
from api.owner import Owner
from api.progress import Lines, shown
from api.sample import install_company, record_decisions, sample_calls, sample_crm
from api.security.access import wanted_access
from api.security.keys import local_owner
from api.settings import Settings, load_settings
from api.terminal import tell
from core.errors import RejectedError
from core.identity import Access
from memory.ingested import Ingested
from memory.ingestion import files_in
from tools.crm.report import Report


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--sample", is_flag=True, help="Ingest the fictional company that ships with Sophia.")
@click.option("--label", help="public, internal, confidential or restricted [SOPHIA_DEFAULT_LABEL].")
@click.option(
    "--reader", "readers", multiple=True, help="everyone, user:<name> or group:<name>; may be repeated [everyone]."
)
def command(paths: tuple[Path, ...], sample: bool, label: str | None, readers: tuple[str, ...]) -> None:
    """Ingest transcripts from PATHS, files or folders with all below them. docs/formats.md has the formats.

    They are Gong's JSON, QMSum's JSON, WebVTT, SRT, tables of turns, Earnings-21's tokens and speaker-labelled text,
    told by what is in a file and not by its name. Ingesting a file again changes nothing; an edited one replaces its earlier version. A broken file is named with its
    fault, the others go on, and the exit status is 1.
    """
    if not paths and not sample:
        raise click.UsageError("Name a file or folder, or use --sample.")
    settings = load_settings()
    if sample:
        install_company(settings)
    wanted = [*paths, *(sample_calls() if sample else ())]
    access = wanted_access(settings.tenant, label or settings.default_label, readers)
    items, others = asyncio.run(_ingest(settings, wanted, access, with_others=sample and not readers))
    counts = {
        outcome: sum(item.outcome == outcome for item in items)
        for outcome in ("added", "replaced", "unchanged", "failed")
    }
    if others:
        tell(f"crm       {_told(others.records)}")
        tell(f"decisions {others.decisions} recorded")
    elif sample:
        tell("crm       left out, with the decisions: they have a label, but no readers")
    tell(", ".join(f"{count} {outcome}" for outcome, count in counts.items() if count) or "nothing to ingest")
    sys.exit(1 if counts["failed"] else 0)


@dataclass(frozen=True, slots=True)
class _Others:
    """What of the sample came besides its calls: the report of its CRM data, and how many decisions were new."""

    records: Report
    decisions: int


async def _ingest(
    settings: Settings, paths: Sequence[Path], access: Access, *, with_others: bool
) -> tuple[list[Ingested], _Others | None]:
    """What became of the files, and of the sample's CRM data and decisions if they are wanted too."""
    files = [file for given in paths for file in files_in(given)]
    token = secrets.token_urlsafe(32)
    async with AsyncExitStack() as stack:
        reached = await server_or_here(settings, stack, token=token)
        if isinstance(reached, Owner):
            client = await stack.enter_async_context(connect(reached))
            with shown(files) as progress:
                items = [item async for item in _uploaded(client, files, access, progress)]
            return items, await _others(client, access) if with_others else None
        client = await stack.enter_async_context(client_of(reached, token))
        owner = local_owner(settings.tenant)
        with shown(files) as progress:
            report = await reached.ingestion.ingest(
                files, access, principal=owner, on_progress=progress.item, on_share=progress.share
            )
        others = await _others(client, access) if with_others else None
        await reached.figures.freshness.refresh()
        return list(report.items), others


async def _others(client: Client, access: Access) -> _Others:
    label = str(access.label)
    records = await client.import_crm(*sample_crm(), label=label)
    return _Others(records, await record_decisions(client, label=label))


def _told(report: Report) -> str:
    counts = {name: sum(getattr(one, name) for one in report.stored) for name in ("added", "changed", "unchanged")}
    return ", ".join(f"{count:,} records {outcome}" for outcome, count in counts.items() if count)


async def _uploaded(client: Client, files: Iterable[Path], access: Access, progress: Lines) -> AsyncIterator[Ingested]:
    for path in files:
        try:
            content = await asyncio.to_thread(path.read_bytes)
            found = await client.upload(path, content, label=str(access.label), readers=sorted(access.readers))
            items = [Ingested(str(path), item["outcome"], item["document"], item["reason"]) for item in found]
        except IsADirectoryError:
            items = [Ingested(str(path), "failed", reason="the folder holds no files: name the one that does")]
        except OSError as error:
            items = [Ingested(str(path), "failed", reason=f"it cannot be read: {error.strerror}")]
        except RejectedError as error:
            items = [Ingested(str(path), "failed", reason=str(error))]
        for item in items:
            progress.item(item)
            yield item
