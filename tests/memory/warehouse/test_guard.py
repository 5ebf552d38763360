"""SQL that a model wrote reads what its principal may read, and does nothing else."""

from decimal import Decimal

import pytest

from core.errors import DeadlineError, InvalidInputError
from core.identity import Label, Principal
from memory.warehouse.base import Statement
from memory.warehouse.duckdb import DuckDBWarehouse
from memory.warehouse.guard import LIMIT, ask_guarded, guarded
from memory.warehouse.refresh import refresh
from tests.memory.warehouse.company import EVA, FACTS, fill, now

ATTACKS = (
    "SELECT 1; DROP TABLE DEALS",
    "SELECT 1; SELECT * FROM DEALS",
    "",
    "not sql at all (",
    "DROP TABLE DEALS",
    "DELETE FROM DEALS",
    "INSERT INTO DEALS SELECT * FROM DEALS",
    "UPDATE DEALS SET AMOUNT = 0",
    "CREATE TABLE X AS SELECT * FROM DEALS",
    "WITH X AS (DELETE FROM DEALS RETURNING *) SELECT * FROM X",
    "WITH X AS (INSERT INTO DEALS SELECT * FROM DEALS RETURNING *) SELECT * FROM X",
    "WITH DEALS AS (SELECT 1 AS X) SELECT * FROM DEALS",
    "WITH RECURSIVE X AS (SELECT 1 AS N UNION ALL SELECT N + 1 FROM X) SELECT * FROM X",
    "SELECT * FROM DEALS /* ; */; ATTACH 'x.db'",
    "ATTACH 'other.db'",
    "COPY DEALS TO 'deals.csv'",
    "PRAGMA database_list",
    "SET enable_external_access = true",
    "CALL pragma_version()",
    "EXPLAIN SELECT * FROM DEALS",
    "DESCRIBE DEALS",
    "SELECT * FROM REFRESHES",
    "SELECT * FROM SCHEMA_VERSIONS",
    "SELECT * FROM CALLS_LEFT_OUT",
    "SELECT * FROM main.DEALS",
    "SELECT * FROM memory.main.DEALS",
    "SELECT * FROM information_schema.tables",
    "SELECT * FROM duckdb_settings()",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    'SELECT * FROM "deals.csv"',
    "SELECT * FROM glob('*')",
    "SELECT * FROM range(1000000000)",
    "SELECT * FROM UNNEST([1, 2, 3])",
    "SELECT getenv('HOME')",
    "SELECT current_setting('access_mode')",
    "SELECT (SELECT content FROM read_text('/etc/passwd'))",
    "SELECT query('SELECT 1')",
    "SELECT REPEAT('x', 1000000000)",
    "SELECT * FROM DEALS WHERE TENANT = ?",
    "SELECT * FROM DEALS WHERE TENANT = $1",
    "SELECT * FROM DEALS, LATERAL (SELECT 1) AS X",
    "SELECT * FROM (VALUES (1)) AS X",
    "PIVOT DEALS ON STATUS USING COUNT(*)",
    "SELECT AMOUNT INTO X FROM DEALS",
    f"SELECT {'(' * 3000}1{')' * 3000}",
    f"SELECT '{'x' * 9000}'",
)


@pytest.mark.parametrize("dialect", ["duckdb", "snowflake"])
@pytest.mark.parametrize("sql", ATTACKS, ids=lambda sql: sql[:60] or "nothing")
def test_an_attack_is_refused_before_it_runs(sql: str, dialect: str) -> None:
    with pytest.raises(InvalidInputError):
        guarded(sql, EVA, dialect)


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("SELECT COUNT(*) FROM DEALS", ((7,),)),
        ("SELECT COUNT(*) FROM deals AS d JOIN accounts AS a ON d.ACCOUNT_ID = a.ACCOUNT_ID", ((7,),)),
        ("WITH W AS (SELECT * FROM DEALS WHERE STATUS = 'won') SELECT SUM(AMOUNT) FROM W", ((Decimal("1570.50"),),)),
        ("SELECT REP FROM DEALS UNION SELECT REP FROM ACTIVITIES ORDER BY 1", (("Dale",), ("Ingrid",), (None,))),
        ("SELECT REP, RANK() OVER (ORDER BY COUNT(*) DESC) FROM CALLS GROUP BY REP ORDER BY 1 LIMIT 1", (("Dale", 1),)),
        ("SELECT COUNT(*) FROM DEALS -- WHERE 1 = 0", ((7,),)),
        ("SELECT COUNT(*) FROM DEALS WHERE TENANT = 'other' OR 1 = 1 OR LABEL = 3", ((7,),)),
        ("SELECT COUNT(*) FROM DEALS WHERE DEAL_NAME LIKE '%; DROP TABLE DEALS; --%'", ((0,),)),
        ("SELECT DATE_TRUNC('month', MAX(DAY)) IS NULL FROM CALLS", ((False,),)),
    ],
)
async def test_a_select_finds_what_its_principal_may_read(
    duckdb_warehouse: DuckDBWarehouse, sql: str, rows: tuple[tuple[object, ...], ...]
) -> None:
    await fill(duckdb_warehouse)
    await refresh(duckdb_warehouse, "other", FACTS, now)

    assert (await ask_guarded(duckdb_warehouse, sql, EVA)).values == rows


async def test_who_is_cleared_for_less_finds_nothing(duckdb_warehouse: DuckDBWarehouse) -> None:
    await fill(duckdb_warehouse)
    guest = Principal("acme", "guest", clearance=Label.PUBLIC)

    assert (await ask_guarded(duckdb_warehouse, "SELECT COUNT(*) FROM DEALS", guest)).values == ((0,),)


async def test_no_more_than_the_limit_comes_back(duckdb_warehouse: DuckDBWarehouse) -> None:
    await fill(duckdb_warehouse)
    found = await ask_guarded(duckdb_warehouse, "SELECT A.DAY FROM DAYS AS A CROSS JOIN DAYS AS B LIMIT 5000", EVA)

    assert len(found) == LIMIT


async def test_a_join_of_everything_with_everything_ends_at_the_deadline(duckdb_warehouse: DuckDBWarehouse) -> None:
    await fill(duckdb_warehouse)
    bomb = guarded(
        "SELECT COUNT(*) FROM DAYS A, DAYS B, DAYS C, DAYS D, DAYS E, DAYS F WHERE A.DAY <> B.DAY", EVA, "duckdb"
    )

    with pytest.raises(DeadlineError):
        await duckdb_warehouse.query(bomb, timeout_s=0.1)
    assert (await duckdb_warehouse.query(Statement("SELECT 1"))).values == ((1,),)
