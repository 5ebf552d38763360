"""The specialists as the supervisor sees them: a name, a description, example questions."""

from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from core.plain_yaml import plain_yaml
from models.language import Option


class Specialist(BaseModel):
    """What a specialist is for. `title` is how people hear of it."""

    model_config = ConfigDict(frozen=True)

    name: str
    title: str
    description: str
    examples: tuple[str, ...]

    @property
    def option(self) -> Option:
        """The specialist as something to choose."""
        return Option(self.name, self.description, self.examples)


@cache
def specialists() -> tuple[Specialist, ...]:
    """All four, in the order of `specialists.yaml`; the file is part of the package."""
    listed = plain_yaml(files("graphs").joinpath("specialists.yaml").read_text(encoding="utf-8"))
    return tuple(Specialist.model_validate(entry) for entry in listed)
