"""The embedded warehouse keeps the port's promises, and a few of its own."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import BusyError, DeadlineError, InvalidInputError, UnavailableError
from memory.warehouse.base import Statement, Warehouse
from memory.warehouse.duckdb import DuckDBWarehouse, open_duckdb
from tests.contracts.warehouse import COUNT, MADE, WarehouseContract

ENDLESS = Statement("SELECT COUNT(*) FROM range(10000000) AS a, range(10000000) AS b")


class TestDuckDB(WarehouseContract):
    @pytest.fixture
    def warehouse(self, duckdb_warehouse: DuckDBWarehouse) -> Warehouse:
        return duckdb_warehouse


async def test_a_query_that_takes_too_long_is_interrupted(duckdb_warehouse: DuckDBWarehouse) -> None:
    with pytest.raises(DeadlineError, match=r"0\.05 s"):
        await duckdb_warehouse.query(ENDLESS, timeout_s=0.05)


async def test_a_query_ends_with_the_interest_of_who_asked(duckdb_warehouse: DuckDBWarehouse) -> None:
    asking = [asyncio.create_task(duckdb_warehouse.query(ENDLESS)) for _ in range(4)]
    await asyncio.wait(asking, timeout=0.05)
    for asked in asking:
        asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.gather(*asking)

    assert (await duckdb_warehouse.query(Statement("SELECT 1"))).values == ((1,),)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM glob('/etc/*')",
        "COPY (SELECT 1) TO '/tmp/sophia-leak.csv'",
        "ATTACH '/tmp/sophia-leak.db' AS other",
        "INSTALL httpfs",
        "SET enable_external_access=true",
    ],
)
async def test_nothing_outside_the_file_is_reached(duckdb_warehouse: DuckDBWarehouse, sql: str) -> None:
    with pytest.raises((InvalidInputError, UnavailableError)):
        await duckdb_warehouse.write([Statement(sql)])


async def test_a_query_writes_nothing(duckdb_warehouse: DuckDBWarehouse) -> None:
    await duckdb_warehouse.write([MADE])
    with pytest.raises(InvalidInputError, match="only reads"):
        await duckdb_warehouse.query(Statement("INSERT INTO THINGS (ID) VALUES ('x') RETURNING ID"))

    assert (await duckdb_warehouse.query(COUNT)).values == ((0,),)


async def test_what_is_in_a_file_is_there_the_next_time(tmp_path: Path) -> None:
    async with open_duckdb(tmp_path / "warehouse.duckdb") as warehouse:
        await warehouse.write([MADE])
    async with open_duckdb(tmp_path / "warehouse.duckdb") as warehouse:
        assert (await warehouse.query(COUNT)).values == ((0,),)


async def test_a_file_that_is_no_warehouse_is_named(tmp_path: Path) -> None:
    file = tmp_path / "warehouse.duckdb"
    file.write_bytes(b"something else" * 1000)
    with pytest.raises(UnavailableError, match="move it away"):
        async with open_duckdb(file):
            pass


@pytest.fixture
def opened_elsewhere(tmp_path: Path) -> Iterator[Path]:
    """A warehouse file that another process holds."""
    file = tmp_path / "warehouse.duckdb"
    opens = "import sys, duckdb; held = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", opens, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdin
        assert other.stdout
        other.stdout.readline()
        yield file
        other.stdin.close()


async def test_a_file_has_one_owner(opened_elsewhere: Path) -> None:
    with pytest.raises(BusyError, match="another process"):
        async with open_duckdb(opened_elsewhere):
            pass
