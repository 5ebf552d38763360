"""DuckDB and Snowflake say the same: every metric in every shape, over the same facts."""

from core.identity import Label
from memory.warehouse.asked import read_asked
from memory.warehouse.base import Rows, Warehouse
from memory.warehouse.catalogue import read_catalogue
from memory.warehouse.duckdb import open_duckdb
from memory.warehouse.facts import Facts
from memory.warehouse.refresh import refresh
from tests.memory.warehouse.company import AS_OF, CHIEF, EVA, FACTS, SCORED, fill, now, shapes


async def test_every_metric_says_the_same_on_snowflakes_wire(snowflake_warehouse: Warehouse) -> None:
    async with open_duckdb() as duckdb:
        expected = await _every_result(duckdb, FACTS)
    found = await _every_result(snowflake_warehouse, FACTS)

    assert found == expected
    assert {asked: _types(rows) for asked, rows in found.items()} == {
        asked: _types(rows) for asked, rows in expected.items()
    }


async def test_a_refresh_replaces_what_there_was_on_snowflakes_wire(snowflake_warehouse: Warehouse) -> None:
    metrics = await fill(snowflake_warehouse)
    again = await refresh(snowflake_warehouse, "acme", SCORED, now)
    health = await metrics.measure("customer_health", {}, CHIEF, AS_OF)

    assert again.changed == ("scores",)
    assert (health.value, health.label, health.age_s) == (60.0, Label.INTERNAL, 0)


async def _every_result(warehouse: Warehouse, facts: Facts) -> dict[str, Rows]:
    await fill(warehouse, facts)
    return {
        f"{name} {shape}": await warehouse.query(metric.query.bind(read_asked(metric, shape, AS_OF).values(EVA)))
        for name, metric in read_catalogue().metrics.items()
        for shape in shapes(metric, breakdowns=len(metric.by))
    }


def _types(rows: Rows) -> list[list[type]]:
    return [[type(value) for value in row] for row in rows.values]
