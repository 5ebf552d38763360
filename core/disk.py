"""A full disk, told apart from other faults: each store says it in its own words."""

import errno
from collections.abc import Iterator

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
WORDS = ("disk is full", "no space left", "os error 28", "os error 122", "os error 27", "disk quota exceeded")
REMEDY = "make space and run the same again; nothing half-written is visible"


def is_full(error: BaseException) -> bool:
    """Whether the error, or one that it came from, is that of a disk without space or beyond its quota."""
    return any(
        getattr(one, "errno", None) in FULL or any(words in str(one).casefold() for words in WORDS)
        for one in _causes(error)
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
