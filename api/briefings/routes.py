"""`/v1/briefings`: making briefings, and reading those that were made."""

import json
from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, HTTPException, Response
from pydantic import BaseModel, ConfigDict, Field

from agents.executive_briefing.document import Briefing
from agents.executive_briefing.rendering.drawings import alone, picture, vector
from api.bootstrap import Sophia
from api.briefings.forms import HEADERS, Form, Picture, accepted
from api.briefings.periods import ACCEPTED, Kind
from api.security.http import admitted_asker, asker, the_sophia
from core.identity import Principal

router = APIRouter(prefix="/v1/briefings", tags=["briefings"])
Sophia_ = Annotated[Sophia, Depends(the_sophia)]
Asker = Annotated[Principal, Depends(asker)]
Accept = Annotated[str, Header()]
ANY = "*/*"
_FORMS: dict[str, Any] = {form: {"schema": {"type": "string"}} for form in Form if form is not Form.JSON}
_PICTURES: dict[str, Any] = {form: {} for form in Picture}


class WantedBriefing(BaseModel):
    """Which briefing to make."""

    model_config = ConfigDict(extra="forbid")

    audience: str = Field(min_length=1, max_length=40, description="For whom, such as ceo")
    period: str = Field(min_length=1, max_length=40, description=f"Which days: {ACCEPTED}")


class BriefingView(BaseModel):
    """A briefing in a list."""

    id: str
    audience: str
    kind: Kind = Field(description="Of the period; a briefing is compared with the last one of its kind")
    first: date
    last: date
    label: str
    made_at: datetime


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    response_model=Briefing,
    responses={
        200: {"description": "The briefing that this Idempotency-Key made earlier", "model": Briefing},
        201: {"content": _FORMS},
    },
)
async def make(
    wanted: WantedBriefing,
    sophia: Sophia_,
    principal: Annotated[Principal, Depends(admitted_asker)],
    accept: Accept = ANY,
    idempotency_key: Annotated[
        str | None, Header(max_length=200, description="Asking again with the same key gives the same briefing")
    ] = None,
) -> Response:
    """Makes a briefing of what you may read, and answers when it is made, in the form that you accept.

    E_INVALID_INPUT for days that are none or still to come, E_NOT_FOUND for an audience that there is no briefing for,
    E_CONFLICT for a key that asked for another briefing, E_DEADLINE.
    """
    form = _form(accept)
    made = await sophia.briefings.make(wanted.audience, wanted.period, principal=principal, key=idempotency_key)
    response = await _given(sophia, made.briefing, form)
    response.status_code = HTTPStatus.OK if made.again else HTTPStatus.CREATED
    response.headers["Location"] = f"{router.prefix}/{made.briefing.id}"
    return response


@router.get("")
async def listed(sophia: Sophia_, principal: Asker) -> list[BriefingView]:
    """The briefings of your tenant that you may read now, newest first."""
    return [
        BriefingView(
            id=one.id,
            audience=one.audience,
            kind=one.kind,
            first=one.first,
            last=one.last,
            label=str(one.label),
            made_at=one.made_at,
        )
        for one in await sophia.briefings.kept.listed(principal=principal)
    ]


@router.get("/{briefing}", response_model=Briefing, responses={200: {"content": _FORMS}})
async def one(briefing: str, sophia: Sophia_, principal: Asker, accept: Accept = ANY) -> Response:
    """A briefing as it was told, in the form that you accept: JSON, Markdown, HTML, or what Slack's chat.postMessage takes.

    E_WITHHELD once it rests on what you may no longer read, or on a document that was deleted.
    """
    form = _form(accept)
    return await _given(sophia, await sophia.briefings.kept.one(briefing, principal=principal), form)


@router.get("/{briefing}/charts/{chart}", response_class=Response, responses={200: {"content": _PICTURES}})
async def chart(briefing: str, chart: str, sophia: Sophia_, principal: Asker, accept: Accept = ANY) -> Response:
    """One chart of a briefing: as SVG or PNG, which need the extra `charts` (E_UNSUPPORTED without it), or as a Vega-Lite spec."""
    form = accepted(accept, list(Picture))
    if form is None:
        raise _unacceptable(Picture)
    found = await sophia.briefings.kept.one(briefing, principal=principal)
    if form == Picture.VEGA_LITE:
        return Response(json.dumps(alone(found, chart)), media_type=form, headers=dict(HEADERS))
    drawn = await picture(found, chart) if form == Picture.PNG else await vector(found, chart)
    return Response(drawn, media_type=form, headers=dict(HEADERS))


async def _given(sophia: Sophia, briefing: Briefing, form: Form) -> Response:
    return Response(await sophia.briefings.forms.render(briefing, form), media_type=form, headers=dict(HEADERS))


def _form(accept: str) -> Form:
    form = accepted(accept, list(Form))
    if form is None:
        raise _unacceptable(Form)
    return Form(form)


def _unacceptable(offered: type[Form] | type[Picture]) -> HTTPException:
    return HTTPException(HTTPStatus.NOT_ACCEPTABLE, f"This is given as {', '.join(offered)}: accept one of them")
