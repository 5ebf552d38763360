"""Who may read a document, as people say it in a request or on the command line."""

import re
from collections.abc import Iterable

from api.security.keys import OWNER
from core.errors import InvalidInputError
from core.identity import EVERYONE, Access, Label

READER = re.compile(rf"{EVERYONE}|(?:user|group):\S.*")


def wanted_access(tenant: str, label: str, readers: Iterable[str]) -> Access:
    """The access that a label and readers stand for; without readers it is everyone's.

    The owner of the data directory stays among the readers, so that nothing in it becomes unreadable to all.
    InvalidInputError for an unknown label, and for a reader nobody could be: the document would be lost to all.
    """
    named = frozenset(readers) or frozenset({EVERYONE})
    for reader in sorted(named):
        if not READER.fullmatch(reader):
            raise InvalidInputError(f"Unknown reader {reader!r}: use {EVERYONE}, user:<name> or group:<name>")
    owned = named if EVERYONE in named else named | {f"user:{OWNER}"}
    return Access(tenant, owned, Label.parse(label))


def changed_access(current: Access, label: str | None, readers: Iterable[str] | None) -> Access:
    """The access with another label or other readers; what is None stays. InvalidInputError when nothing changes."""
    if label is None and readers is None:
        raise InvalidInputError("Nothing to change: name a label or readers")
    return wanted_access(current.tenant, label or str(current.label), current.readers if readers is None else readers)
