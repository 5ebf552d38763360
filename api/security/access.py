"""Who may read a document, as people say it in a request or on the command line."""

import re
from collections.abc import Iterable

from core.errors import InvalidInputError
from core.identity import EVERYONE, Access, Label

READER = re.compile(rf"{EVERYONE}|(?:user|group):\S.*")


def wanted_access(tenant: str, label: str, readers: Iterable[str]) -> Access:
    """The access that a label and readers stand for; without readers it is everyone's.

    InvalidInputError for an unknown label, and for a reader nobody could be: the document would be lost to all.
    """
    named = frozenset(readers) or frozenset({EVERYONE})
    for reader in sorted(named):
        if not READER.fullmatch(reader):
            raise InvalidInputError(f"Unknown reader {reader!r}: use {EVERYONE}, user:<name> or group:<name>")
    return Access(tenant, named, Label.parse(label))
