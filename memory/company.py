"""The names a company's people use: accounts, reps, competitors, contacts; and the day it is there."""

from datetime import date, datetime, time
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from core.clock import Clock, utc_now
from core.errors import InvalidInputError
from core.plain_yaml import plain_yaml
from models.entities import Entity

_FORMAT = "docs/company.md shows the format"


class _Named(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str
    aliases: tuple[str, ...] = ()

    def entity(self, kind: str) -> Entity:
        return Entity(kind, self.name, self.aliases)


class _Account(_Named):
    contacts: tuple[_Named, ...] = ()


class _Seller(_Named):
    pass


class Company(BaseModel):
    """What `company.yaml` may hold, as docs/company.md has it; everything in it is optional.

    `as_of` fixes the day that relative dates ("last week") start from; without it the clock decides.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    as_of: date | None = None
    seller: _Seller | None = None
    products: tuple[_Named, ...] = ()
    competitors: tuple[_Named, ...] = ()
    reps: tuple[_Named, ...] = ()
    team: tuple[_Named, ...] = ()
    accounts: tuple[_Account, ...] = ()

    @property
    def entities(self) -> tuple[Entity, ...]:
        """Every name, by kind: account, competitor, product, rep, person, company."""
        people = [*self.team, *(contact for account in self.accounts for contact in account.contacts)]
        kinds = (
            ("account", self.accounts),
            ("competitor", self.competitors),
            ("product", self.products),
            ("rep", self.reps),
            ("person", people),
            ("company", [self.seller] if self.seller else []),
        )
        return tuple(named.entity(kind) for kind, listed in kinds for named in listed)

    @property
    def sellers(self) -> tuple[Entity, ...]:
        """The company's own people: reps and team."""
        return tuple(one.entity("rep") for one in (*self.reps, *self.team))

    def of_kind(self, kind: str) -> tuple[Entity, ...]:
        """The names of one kind."""
        return tuple(entity for entity in self.entities if entity.kind == kind)

    def clock(self, clock: Clock = utc_now) -> Clock:
        """The clock that questions are answered by: noon of the as-of day, or the present."""
        if self.as_of is None:
            return clock
        noon = datetime.combine(self.as_of, time(12), tzinfo=clock().tzinfo)
        return lambda: noon


def read_company(path: Path) -> Company:
    """The company in the file, or an empty one where there is no file; InvalidInputError that names what is wrong."""
    if not path.exists():
        return Company()
    try:
        return Company.model_validate(plain_yaml(path.read_text(encoding="utf-8")) or {})
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"{path}: not a YAML file: {error}; {_FORMAT}") from None
    except OSError as error:
        raise InvalidInputError(f"{path}: cannot be read: {error.strerror}") from None
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidInputError(
            f"{path}: {'.'.join(str(part) for part in first['loc'])}: {first['msg']}; {_FORMAT}"
        ) from None
