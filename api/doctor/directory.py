"""The data directory: who owns it, and whether there is room."""

import os
import shutil
from pathlib import Path

import httpx2

from api.doctor.finding import Finding, State
from api.owner import Owner, owner_of

NEEDED_BYTES = 256 * 1024 * 1024
PATIENCE_S = 5.0


async def look_at_directory(directory: Path) -> list[Finding]:
    """The folder, its owner, and the disk it is on."""
    return [_folder(directory), await _owner(owner_of(directory)), _disk(directory)]


def _folder(directory: Path) -> Finding:
    where = str(directory.absolute())
    if not directory.exists():
        return Finding(
            "data directory", State.MISSING, f"{where} is made by the first command", "sophia ingest --sample"
        )
    if not directory.is_dir() or not os.access(directory, os.R_OK | os.W_OK | os.X_OK):
        return Finding(
            "data directory", State.BROKEN, f"{where} cannot be written", "Give it to this user, or set SOPHIA_DATA_DIR"
        )
    return Finding("data directory", State.WORKS, where)


async def _owner(owner: Owner | None) -> Finding:
    if owner is None:
        return Finding("owner", State.WORKS, "nobody; the next command opens the directory itself")
    if owner.url is None:
        kind = "a server that is starting" if owner.serving else "another sophia command"
        return Finding("owner", State.WORKS, f"{kind} (process {owner.pid})")
    said = f"a server at {owner.url} (process {owner.pid})"
    try:
        async with httpx2.AsyncClient(timeout=PATIENCE_S, trust_env=False) as http:
            answered = await http.get(f"{owner.url}/readyz")
    except httpx2.TransportError as error:
        remedy = f"Stop process {owner.pid} and start it again"
        return Finding("owner", State.BROKEN, f"{said}, which does not answer ({type(error).__name__})", remedy)
    if answered.status_code != httpx2.codes.OK:
        return Finding("owner", State.BROKEN, f"{said}, which is not ready", "See the server's log")
    return Finding("owner", State.WORKS, f"{said}, ready")


def _disk(directory: Path) -> Finding:
    place = next(path for path in (directory.absolute(), *directory.absolute().parents) if path.exists())
    free = shutil.disk_usage(place).free
    said = f"{free / 1e9:.1f} GB free"
    if free < NEEDED_BYTES:
        return Finding("disk", State.BROKEN, said, f"Free some space on the disk of {str(place)!r}")
    return Finding("disk", State.WORKS, said)
