"""What can go wrong, named by what the caller can do about it.

    SophiaError                 every error Sophia raises on purpose
    +-- UnavailableError        try again later; nothing was changed
    |   +-- BusyError           another run or process holds what is needed
    |   +-- DeadlineError       it took longer than it was allowed to
    |   +-- ClosingError        the server is about to stop; try again after `retry_after` seconds
    +-- RateLimitedError        try again after `retry_after` seconds
    +-- RejectedError           do not retry: the request itself must change
    |   +-- InvalidInputError   a value is malformed, empty, too large
    |   |   +-- TooLargeError   it is larger than the configured limit
    |   +-- NotFoundError       no such thing, or not yours: the same answer
    |   +-- ConflictError       the thing exists in another state
    |   +-- UnsupportedError    a capability this implementation does not have
    |   +-- RunCancelledError   somebody called the question off
    +-- ForbiddenError          the principal lacks a role, a group or clearance
    |   +-- UnauthenticatedError    nobody known is asking
    |   +-- WithheldError           the answer rests on what the principal may no longer read
    +-- FencedError             this worker no longer owns the run; stop writing
    +-- TamperedError           the audit log is not as it was written, from entry `index` on

`code` is stable and public: clients branch on it, and `docs/errors.md` lists every one.
"""

from typing import ClassVar


class SophiaError(Exception):
    """The root of every error Sophia raises on purpose; its message names the thing and the remedy."""

    code: ClassVar[str] = "E_INTERNAL"


class UnavailableError(SophiaError):
    """Something Sophia needs does not answer; try again later."""

    code = "E_UNAVAILABLE"


class BusyError(UnavailableError):
    """Another run or process holds what this request needs; try again when it has finished."""

    code = "E_BUSY"


class DeadlineError(UnavailableError):
    """It took longer than it was allowed to; what it had begun was given up."""

    code = "E_DEADLINE"


class ClosingError(UnavailableError):
    """The server is about to stop and begins nothing new; try again after `retry_after` seconds."""

    code = "E_CLOSING"

    def __init__(self, message: str, *, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class RateLimitedError(SophiaError):
    """Too many requests; try again after `retry_after` seconds."""

    code = "E_RATE_LIMITED"

    def __init__(self, message: str, *, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class RejectedError(SophiaError):
    """The request cannot succeed as it is; change it before sending it again."""

    code = "E_REJECTED"


class InvalidInputError(RejectedError):
    """A value is malformed, empty or too large; the message says which and what is accepted."""

    code = "E_INVALID_INPUT"


class TooLargeError(InvalidInputError):
    """The body or the question is larger than the configured limit."""

    code = "E_TOO_LARGE"


class NotFoundError(RejectedError):
    """There is no such thing for this principal; what belongs to others is reported in the same words."""

    code = "E_NOT_FOUND"


class ConflictError(RejectedError):
    """The thing exists, but in a state that does not allow this request."""

    code = "E_CONFLICT"


class UnsupportedError(RejectedError):
    """This implementation lacks the capability; the message names one that has it."""

    code = "E_UNSUPPORTED"


class RunCancelledError(RejectedError):
    """The question was called off before it was answered; ask it again if it is still wanted."""

    code = "E_CANCELLED"


class ForbiddenError(SophiaError):
    """The principal lacks a role, a group or the clearance for this."""

    code = "E_FORBIDDEN"


class UnauthenticatedError(ForbiddenError):
    """The request carries no valid credential."""

    code = "E_UNAUTHENTICATED"


class WithheldError(ForbiddenError):
    """The answer rests on material that you may no longer read, or that was deleted; ask again for what you may."""

    code = "E_WITHHELD"


class FencedError(SophiaError):
    """Another worker has taken this run over; whatever this one would still write is void."""

    code = "E_FENCED"


class TamperedError(SophiaError):
    """The audit log was changed, or cut short, behind Sophia's back; the message names the first entry that is wrong."""

    code = "E_TAMPERED"

    def __init__(self, message: str, *, index: int) -> None:
        super().__init__(message)
        self.index = index


def by_code(code: str) -> type[SophiaError]:
    """The class that a stored code stands for; SophiaError for a code that no class has (any more)."""
    return next((kind for kind in every_error() if kind.code == code), SophiaError)


def revived(code: str, message: str) -> SophiaError:
    """The error that a code and a message stand for which travelled; the code stays where no class here has it."""
    kind = by_code(code)
    error = kind.__new__(kind)
    Exception.__init__(error, message)
    error.code = code  # type: ignore[misc]
    return error


def every_error() -> list[type[SophiaError]]:
    """SophiaError and all its subclasses, parents first."""
    found: list[type[SophiaError]] = [SophiaError]
    for kind in found:
        found.extend(kind.__subclasses__())
    return found
