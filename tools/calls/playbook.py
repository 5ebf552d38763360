"""A playbook: what a seller should say, ask and leave unsaid on a call, read from YAML.

    name: First call
    ordered: true                     # stages follow one another; false where their order is free
    stages:
      - name: Opening
        items:
          - what: Says that the call is recorded
            any_of: [this call is recorded, okay if i record]
          - what: Asks how it is done today
            ask: true                 # only in a sentence that ends in a question mark
            any_of: [how do you * today]
    must_say:
      - what: Names the price per site
        any_of: [per site per month]
    must_not_say:
      - what: Guarantees a result
        any_of: [we guarantee]

A phrase is heard in one sentence of a seller: its words in their order, in any inflection ("I'll" is "I will"), with at most three others
between one and the next, none of them a denial. `*` stands for any words.
"""

from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from core.errors import InvalidInputError

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Phrase = Annotated[Text, StringConstraints(pattern=r"^[^\W_]")]
"""Begins with a word."""


class _Described(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Item(_Described):
    """One thing to say, to ask or to leave unsaid, and the phrases of which any one will do."""

    what: Text
    any_of: tuple[Phrase, ...] = Field(min_length=1)
    ask: bool = False


class Stage(_Described):
    """A part of the call with what belongs to it."""

    name: Text
    items: tuple[Item, ...] = Field(min_length=1)


class Playbook(_Described):
    """Stages in the order in which they should come, and what the whole call must and must not hold."""

    name: Text
    ordered: bool = True
    stages: tuple[Stage, ...] = ()
    must_say: tuple[Item, ...] = ()
    must_not_say: tuple[Item, ...] = ()

    @property
    def items(self) -> int:
        """How many items there are."""
        return sum(len(stage.items) for stage in self.stages) + len(self.must_say) + len(self.must_not_say)


def playbook_in(file: Path | None) -> Playbook | None:
    """The playbook in the file, None where none is named; InvalidInputError where it cannot be read or does not fit."""
    if file is None:
        return None
    try:
        return read_playbook(file.read_text(encoding="utf-8"), origin=str(file))
    except OSError as error:
        raise InvalidInputError(f"The playbook {str(file)!r} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InvalidInputError(f"The playbook {str(file)!r} is no text in UTF-8") from None


def read_playbook(written: str, *, origin: str) -> Playbook:
    """The playbook that the YAML describes. InvalidInputError names `origin`, and the first place that does not fit."""
    try:
        return Playbook.model_validate(yaml.safe_load(written))
    except yaml.YAMLError as error:
        raise InvalidInputError(f"The playbook {origin!r} is no YAML: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the whole file"
        raise InvalidInputError(f"The playbook {origin!r} does not fit at {place}: {first['msg']}") from None
