"""Moments of a conversation as files write them: `12:04`, `1:02:04.500`, `00:00:01,250`."""

import re

_CLOCK = re.compile(r"(?:([0-9]{1,4}):)?([0-9]{1,3}):([0-9]{1,2})(?:[.,]([0-9]{1,3}))?")


def milliseconds(written: str) -> int | None:
    """Hours (optional), minutes, seconds and a fraction as milliseconds; None for what is no such time.

    Without hours there may be more than 59 minutes.
    """
    found = _CLOCK.fullmatch(written)
    if found is None:
        return None
    hours, minutes, seconds, fraction = found.groups()
    if int(seconds) > 59 or (hours and int(minutes) > 59):
        return None
    return ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(f"{fraction or '':0<3}")
