"""`/v1/keys`: API keys for others."""

from typing import Annotated

from fastapi import APIRouter, Depends

from api.bootstrap import Sophia
from api.chat.schemas import HolderView, KeyView, NewKey
from api.security.http import asker, the_sophia
from api.security.keys import ADMIN, require
from core.identity import Label, Principal

router = APIRouter(prefix="/v1/keys", tags=["keys"])


@router.post("", status_code=201)
async def add(
    wanted: NewKey, sophia: Annotated[Sophia, Depends(the_sophia)], principal: Annotated[Principal, Depends(asker)]
) -> KeyView:
    """A new key for a user of your tenant; it is shown this once."""
    require(principal, ADMIN)
    holder = Principal(
        principal.tenant, wanted.user, frozenset(wanted.roles), frozenset(wanted.groups), Label.parse(wanted.clearance)
    )
    return KeyView(key=await sophia.keys.create(holder), user=holder.user, tenant=holder.tenant)


@router.get("")
async def holders(
    sophia: Annotated[Sophia, Depends(the_sophia)], principal: Annotated[Principal, Depends(asker)]
) -> list[HolderView]:
    """Who of your tenant holds keys, and which rights they have. The keys themselves are kept only as digests."""
    require(principal, ADMIN)
    return [
        HolderView(
            user=holder.principal.user,
            roles=sorted(holder.principal.roles),
            groups=sorted(holder.principal.groups),
            clearance=str(holder.principal.clearance),
            keys=holder.keys,
            newest_at=holder.newest_at,
        )
        for holder in await sophia.keys.holders(principal.tenant)
    ]


@router.delete("/{user}")
async def revoke(
    user: str, sophia: Annotated[Sophia, Depends(the_sophia)], principal: Annotated[Principal, Depends(asker)]
) -> dict[str, int]:
    """Ends every key of the user at once; runs that wait or are taken up again are refused."""
    require(principal, ADMIN)
    return {"revoked": await sophia.keys.revoke(principal.tenant, user)}
