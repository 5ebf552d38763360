"""Where the audit log ends, kept outside the database: a file that a log which was cut short does not fit."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from core.errors import InvalidInputError

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a tenant's log: how many entries it has, the digest of the last, and a seal over both."""

    count: int
    digest: str
    seal: str


class Anchors:
    """The newest head of each tenant's log in a JSON file, replaced as a whole."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def read(self) -> Mapping[str, Head]:
        """The heads by tenant. InvalidInputError for a file that was not written here."""
        if not self._file.exists():
            return {}
        try:
            heads = json.loads(self._file.read_text(encoding="utf-8"))
            return {tenant: Head(**head) for tenant, head in heads.items()}
        except (AttributeError, TypeError, ValueError) as error:
            raise InvalidInputError(f"The audit log's anchor {self._file} is damaged: {error}") from None

    def keep(self, tenant: str, head: Head) -> None:
        """Replaces the tenant's head, unless a later one is kept already."""
        heads = dict(self.read())
        if tenant in heads and heads[tenant].count >= head.count:
            return
        heads[tenant] = head
        text = json.dumps({name: asdict(one) for name, one in sorted(heads.items())}, indent=1)
        written = self._file.with_suffix(".new")
        with written.open("w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        written.replace(self._file)


def audit_key(file: Path) -> bytes:
    """The secret that the log is chained with: read from the file, which only this user may read, or made."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        key = file.read_bytes()
    else:
        key = secrets.token_bytes(KEY_BYTES)
        with os.fdopen(descriptor, "wb") as out:
            out.write(key)
            out.flush()
            os.fsync(out.fileno())
    if len(key) != KEY_BYTES:
        raise InvalidInputError(
            f"The audit log's key {file} is damaged: put back the one that the log was written with"
        )
    return key
