"""Why a value cannot be what its column should hold."""


class UnreadableError(ValueError):
    """The message goes on from the value: `'31-02-2026' is no day of the calendar`."""
