"""What a reader says about a file it cannot read."""

from collections.abc import Callable, Sequence

from pydantic import ValidationError

from core.errors import InvalidInputError


class UnreadableError(InvalidInputError):
    """A file is no transcript Sophia can read; the message names the file, the place in it, the reason and the remedy."""

    def __init__(self, file: str, reason: str, *, place: str | None = None) -> None:
        super().__init__(f"{file}, {place}: {reason}" if place else f"{file}: {reason}")
        self.file = file
        self.place = place
        self.reason = reason


def json_path(location: Sequence[int | str]) -> str:
    """`callTranscripts[0].transcript[3].sentences[1].start`, from the steps that lead there."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in location).lstrip(".")


def misfit(
    file: str, error: ValidationError, remedy: str, *, path: Callable[[tuple[int | str, ...]], str] = json_path
) -> UnreadableError:
    """The first thing in a JSON document that is not as its format has it, with the path that leads there."""
    first = error.errors(include_url=False, include_input=False)[0]
    return UnreadableError(file, f"{first['msg']}: {remedy}", place=path(first["loc"]))
