"""What briefing is wanted: for whom, over which days, compared with which."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from agents.executive_briefing.document import Briefing
from core.errors import NotFoundError
from core.periods import Period
from core.plain_yaml import plain_yaml


class Audience(BaseModel):
    """Whom a briefing is for; `metrics` are the rows of its table, `outlook` what is forecast.

    `better` says of imported series, up or down, which direction is good.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    title: str
    metrics: tuple[str, ...]
    outlook: tuple[str, ...]
    better: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A briefing to be made. `told` and `compared_told` are how the periods are written; `previous` is the last of its kind."""

    id: str
    company: str
    audience: Audience
    period: Period
    told: str
    compared: Period
    compared_told: str
    as_of: date
    made_at: datetime
    previous: Briefing | None = None


@cache
def audiences() -> dict[str, Audience]:
    """The audiences by name; the file is part of the package."""
    listed = plain_yaml(files("agents.executive_briefing").joinpath("audiences.yaml").read_text(encoding="utf-8"))
    return {one["name"]: Audience.model_validate({**one, "better": listed["better"]}) for one in listed["audiences"]}


def audience_named(name: str) -> Audience:
    """The audience; NotFoundError that names those there are."""
    known = audiences()
    if name.casefold() not in known:
        raise NotFoundError(f"No briefing is made for {name!r}: there are {', '.join(known)}")
    return known[name.casefold()]
