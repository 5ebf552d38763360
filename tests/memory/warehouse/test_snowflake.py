"""The same promises on Snowflake's wire, and what happens when Snowflake is away."""

from dataclasses import replace

import pytest

from core.errors import InvalidInputError, UnavailableError
from memory.warehouse.account import SnowflakeAccount, read_account
from memory.warehouse.base import Statement, Warehouse
from memory.warehouse.snowflake import open_snowflake
from tests.contracts.warehouse import WarehouseContract

AWAY = SnowflakeAccount(
    account="nowhere",
    user="sophia",
    password="an open secret",
    database="SOPHIA",
    schema="ANALYTICS",
    host="127.0.0.1",
    port=1,
    protocol="http",
    login_s=1,
)


class TestSnowflake(WarehouseContract):
    @pytest.fixture
    def warehouse(self, snowflake_warehouse: Warehouse) -> Warehouse:
        return snowflake_warehouse


async def test_an_account_that_does_not_answer_is_named_and_no_secret_is() -> None:
    async with open_snowflake(AWAY) as warehouse:
        with pytest.raises(UnavailableError, match="nowhere") as away:
            await warehouse.query(Statement("SELECT 1"))
    assert "open secret" not in f"{away.value!r} {AWAY!r}"


def test_a_key_takes_the_place_of_a_password() -> None:
    options = replace(AWAY, password=None, private_key_file="/keys/sophia.p8").options()
    assert options["authenticator"] == "SNOWFLAKE_JWT"
    assert "password" not in options


def test_an_account_is_read_from_its_url() -> None:
    url = "snowflake://xy12345.eu-central-1/SALES/SOPHIA?warehouse=SMALL&role=ANALYST"
    account = read_account(url, user="sophia", password="secret")
    assert (account.account, account.database, account.schema) == ("xy12345.eu-central-1", "SALES", "SOPHIA")
    assert (account.warehouse, account.role) == ("SMALL", "ANALYST")
    assert "secret" not in repr(account)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("snowflake://me:secret@xy/SALES/SOPHIA", "settings of their own"),
        ("snowflake://xy/SALES", "schema"),
        ("postgres://xy/SALES/SOPHIA", "snowflake://"),
        ("snowflake://xy/SALES/SOPHIA?colour=red", "'colour'"),
        ("snowflake://xy/SALES/SOPHIA?login_s=soon", "login_s='soon'"),
        ("snowflake://xy:port/SALES/SOPHIA", "cannot be read"),
    ],
)
def test_a_url_that_is_wrong_is_refused_without_its_secrets(url: str, said: str) -> None:
    with pytest.raises(InvalidInputError, match=said) as refused:
        read_account(url, user="sophia", password="secret")
    assert "secret" not in str(refused.value)


def test_an_account_needs_a_user_and_a_proof() -> None:
    with pytest.raises(InvalidInputError, match="SOPHIA_WAREHOUSE_PASSWORD"):
        read_account("snowflake://xy/SALES/SOPHIA", user="sophia")
