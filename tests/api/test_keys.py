import pytest
from sqlalchemy import select

from api.security.keys import Keys, OwnerToken, api_keys, local_owner
from core.database import Database
from core.errors import InvalidInputError, UnauthenticatedError
from core.identity import Label, Principal
from tests.api.conftest import HandClock

CAROL = Principal("acme", "carol", frozenset({"ask"}), frozenset({"sales"}), Label.CONFIDENTIAL)


@pytest.fixture
def keys(database: Database, clock: HandClock) -> Keys:
    return Keys(database, clock=clock, owner=OwnerToken("owner-token", local_owner("acme")))


async def test_a_key_stands_for_its_principal(keys: Keys) -> None:
    assert await keys.principal(await keys.create(CAROL)) == CAROL
    assert await keys.resolve("acme/carol") == CAROL


async def test_a_key_is_kept_only_as_a_digest(keys: Keys, database: Database) -> None:
    key = await keys.create(CAROL)
    row = await database.read(lambda connection: connection.execute(select(api_keys)).one())
    assert key not in str(row)


async def test_the_owners_token_is_the_owner(keys: Keys) -> None:
    assert (await keys.principal("owner-token")).user == "owner"


async def test_unknown_and_revoked_keys_are_refused(keys: Keys) -> None:
    key = await keys.create(CAROL)
    assert await keys.revoke("acme", "carol") == 1
    for refused in (key, "sk-sophia-nobody", "", "schlüssel"):
        with pytest.raises(UnauthenticatedError):
            await keys.principal(refused)
    with pytest.raises(UnauthenticatedError):
        await keys.resolve("acme/carol")


async def test_rights_are_those_of_the_newest_key(keys: Keys, clock: HandClock) -> None:
    older = await keys.create(CAROL)
    clock.forward(seconds=1)
    await keys.create(Principal("acme", "carol", frozenset({"ask"})))
    assert (await keys.resolve("acme/carol")).clearance is Label.INTERNAL
    assert (await keys.principal(older)).clearance is Label.INTERNAL


@pytest.mark.parametrize(
    "principal", [Principal("acme", "x", frozenset({"king"})), Principal("acme", " "), Principal("acme", "owner")]
)
async def test_a_key_for_nobody_or_for_an_unknown_role_is_refused(keys: Keys, principal: Principal) -> None:
    with pytest.raises(InvalidInputError):
        await keys.create(principal)
