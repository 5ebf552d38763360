from collections.abc import AsyncIterator, Iterator

import pytest

from memory.warehouse.base import Warehouse
from memory.warehouse.duckdb import DuckDBWarehouse, open_duckdb
from memory.warehouse.snowflake import open_snowflake
from tests.fakesnow.peer import PYTHON, REASON, fakesnow, fresh_account


@pytest.fixture
async def duckdb_warehouse() -> AsyncIterator[DuckDBWarehouse]:
    async with open_duckdb() as opened:
        yield opened


@pytest.fixture(scope="session")
def snowflake_port() -> Iterator[int]:
    if PYTHON is None:
        pytest.skip(REASON)
    with fakesnow() as port:
        yield port


@pytest.fixture
async def snowflake_warehouse(snowflake_port: int) -> AsyncIterator[Warehouse]:
    async with open_snowflake(fresh_account(snowflake_port)) as opened:
        yield opened
