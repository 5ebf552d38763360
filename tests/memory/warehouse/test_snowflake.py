"""The same promises on Snowflake's wire, and what happens when Snowflake is away."""

from dataclasses import replace

import pytest

from core.errors import UnavailableError
from memory.warehouse.base import Statement, Warehouse
from memory.warehouse.snowflake import SnowflakeAccount, open_snowflake
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
