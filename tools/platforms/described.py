"""The file that describes an installation's platforms and its policies (`SOPHIA_PLATFORMS`)."""

from datetime import timedelta
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, ValidationError, model_validator

from core.errors import InvalidInputError
from core.plain_yaml import plain_yaml
from tools.platforms.base import Cost
from tools.platforms.gpu_pool import PoolSettings
from tools.platforms.http_health import Endpoint
from tools.platforms.policies import Policies
from tools.platforms.processes import NAME as SOPHIA
from tools.platforms.scaler import Limits

_STRICT = ConfigDict(extra="forbid", frozen=True)
_FORMAT = "docs/platforms.md shows the format"
_NAME = "^[a-z0-9][a-z0-9._-]{0,99}$"


class ScalerEntry(BaseModel):
    """When a pool should grow or shrink; percent, instances, minutes, and an amount an hour."""

    model_config = _STRICT

    up_above: Decimal = Field(default=Decimal(80), gt=0, le=100)
    down_below: Decimal = Field(default=Decimal(20), ge=0)
    least: int = Field(default=1, ge=0)
    most: int = Field(default=5, ge=1)
    cool_down_minutes: int = Field(default=10, ge=0)
    cost_ceiling: Decimal | None = None

    @model_validator(mode="after")
    def _has_room(self) -> "ScalerEntry":
        if self.least > self.most or self.down_below >= self.up_above:
            raise ValueError("least must not exceed most, and down_below must lie under up_above")
        return self

    @property
    def limits(self) -> Limits:
        """As the scaler takes them; the price is the pool's."""
        cool_down = timedelta(minutes=self.cool_down_minutes)
        return Limits(self.up_above, self.down_below, self.least, self.most, cool_down, cost_ceiling=self.cost_ceiling)


class PoolEntry(BaseModel):
    """A simulated pool of GPU instances."""

    model_config = _STRICT

    name: str = Field(pattern=_NAME)
    title: str
    instances: int = Field(ge=0)
    cost_per_hour: Decimal = Field(ge=0)
    currency: str = Field(pattern="^[A-Z]{3}$")
    scaler: ScalerEntry = ScalerEntry()
    needs: tuple[str, ...] = ()

    @property
    def settings(self) -> PoolSettings:
        """As the pool takes them."""
        price = Cost(self.cost_per_hour, self.currency)
        return PoolSettings(self.name, self.title, self.instances, price, self.scaler.limits)


class EndpointEntry(BaseModel):
    """A health page somewhere; `timeout` is in seconds."""

    model_config = _STRICT

    name: str = Field(pattern=_NAME)
    title: str
    url: HttpUrl
    timeout: float = Field(default=3.0, gt=0, le=30)
    needs: tuple[str, ...] = ()

    @property
    def endpoint(self) -> Endpoint:
        """As the adapter takes it."""
        return Endpoint(self.name, self.title, str(self.url), self.timeout)


class Described(BaseModel):
    """What the file says. Policies that it leaves out are those of the package."""

    model_config = _STRICT

    pools: tuple[PoolEntry, ...] = ()
    endpoints: tuple[EndpointEntry, ...] = ()
    policies: Policies = Field(default_factory=lambda: packaged().policies)

    @model_validator(mode="after")
    def _names_are_known(self) -> "Described":
        names = [SOPHIA, *(one.name for one in self._entries)]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two platforms are named {twice[0]!r}")
        for name, needs in self.needs.items():
            unknown = [one for one in needs if one not in names or one == name]
            if unknown:
                raise ValueError(f"{name!r} needs {unknown[0]!r}, which is no other platform")
        return self

    @property
    def needs(self) -> dict[str, tuple[str, ...]]:
        """What each platform needs, by name."""
        return {one.name: one.needs for one in self._entries}

    @property
    def _entries(self) -> list[PoolEntry | EndpointEntry]:
        return [*self.pools, *self.endpoints]


def packaged() -> Described:
    """What an installation without a file of its own has."""
    text = files("tools.platforms").joinpath("platforms.yaml").read_text(encoding="utf-8")
    return Described.model_validate(plain_yaml(text))


def read_described(path: Path | None) -> Described:
    """The file's platforms, or the package's where there is none; InvalidInputError that names what is wrong."""
    if path is None:
        return packaged()
    try:
        return Described.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    except OSError as error:
        raise InvalidInputError(f"{path}: cannot be read: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"{path}: not a YAML file: {error}; {_FORMAT}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InvalidInputError(f"{path}: {where}: {first['msg']}; {_FORMAT}") from None
