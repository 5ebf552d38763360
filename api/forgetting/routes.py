"""`/v1/forgetting`: what goes and what stays when a call is forgotten, and its end."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from api.bootstrap import Sophia
from api.forgetting.forgetting import Survey
from api.security.http import asker, the_sophia
from api.security.keys import ADMIN, require
from core.errors import InvalidInputError
from core.identity import Principal

router = APIRouter(prefix="/v1/forgetting", tags=["documents"])
Sophia_ = Annotated[Sophia, Depends(the_sophia)]
Asker = Annotated[Principal, Depends(asker)]


class ForgettingView(BaseModel):
    """A call with what hangs on it."""

    document: str
    title: str | None
    turns: int
    versions: int
    traces: dict[str, int] = Field(
        description="How many answers, conversations, proposals, plans, ended plans, plans under way, briefings and "
        "decisions hold its words"
    )
    unfinished: bool = Field(description="It was begun to be forgotten, and files may still hold its words")


class ToForget(BaseModel):
    """The call to forget."""

    model_config = ConfigDict(extra="forbid")

    document: str = Field(min_length=1, max_length=200)


@router.get("")
async def survey(
    sophia: Sophia_,
    principal: Asker,
    document: Annotated[str | None, Query(description="The id of one")] = None,
    person: Annotated[str | None, Query(description="A name: every call in which somebody of that name speaks")] = None,
) -> list[ForgettingView]:
    """What there is of a call, or of each call in which a person speaks. Nothing is changed."""
    require(principal, ADMIN)
    if (document is None) == (person is None):
        raise InvalidInputError("Name a document or a person")
    found = [document] if document is not None else await sophia.forgetting.spoken_by(person or "", principal)
    return [_view(await sophia.forgetting.survey(one, principal)) for one in found]


@router.post("")
async def forget(asked: ToForget, sophia: Sophia_, principal: Asker) -> ForgettingView:
    """Deletes the call and takes its words out of the data directory. This cannot be undone."""
    require(principal, ADMIN)
    forgotten = await sophia.forgetting.forget(asked.document, principal)
    await sophia.figures.freshness.refresh()
    return _view(forgotten)


def _view(survey: Survey) -> ForgettingView:
    call = survey.call
    return ForgettingView(
        document=survey.document,
        title=call.title if call else None,
        turns=call.turns if call else 0,
        versions=survey.versions,
        traces=survey.traces,
        unfinished=survey.unfinished,
    )
