"""Every metric is documented, portable, and binds who asks."""

import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from core.errors import InvalidInputError
from memory.warehouse.catalogue import SQL, Metric, read_catalogue
from memory.warehouse.query import read_query

METRICS = read_catalogue().metrics
FILES = [SQL / "refreshed.sql", *(SQL / "metrics").glob("*.sql"), *(SQL / "spans").glob("*.sql")]
SELECTS = [file for file in FILES if "\nuses: " not in file.read_text(encoding="utf-8")]
WHOSE = re.compile(r"(\w+\.)?TENANT = :tenant AND (\w+\.)?LABEL <= :clearance")
FACTS = re.compile(r"\b(?:FROM|JOIN) ([A-Z_]+)\b")
ONLY_ONE_KNOWS = re.compile(r"\b(?:IFF|NVL|DATEADD|TO_CHAR|ZEROIFNULL|ILIKE|STRFTIME)\b|::")
DERIVED = {"POINTS", "SCORED", "CUSTOMERS", "CONTACTED", "RECENT", "HEALTH", "LATEST"}


@pytest.mark.parametrize("file", SELECTS, ids=lambda file: file.stem)
def test_every_file_binds_tenant_and_label_of_the_facts_it_reads(file: Path) -> None:
    sql = read_query(file.read_text(encoding="utf-8").partition("*/")[2] or file.read_text(encoding="utf-8"))
    text = file.read_text(encoding="utf-8")
    facts = [table for table in FACTS.findall(text) if table not in DERIVED | {"DAYS"}]

    assert facts
    assert {"tenant", "clearance"} <= set(sql.names)
    unions = text.count("UNION ALL\n    SELECT TENANT, LABEL")
    assert len(WHOSE.findall(text)) >= len(facts) - unions


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_file_uses_what_only_one_of_the_two_understands(file: Path) -> None:
    assert not ONLY_ONE_KNOWS.search(file.read_text(encoding="utf-8").partition("*/")[2])


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda metric: metric.name)
def test_every_metric_says_what_a_reader_needs(metric: Metric) -> None:
    assert metric.about.endswith(".")
    assert metric.owner
    assert metric.words
    assert len(metric.examples) >= 2
    assert metric.freshness_s > 0
    assert metric.nothing or metric.empty == "zero"
    assert metric.missing or "0 AS MISSING" in metric.query.sql
    Draft202012Validator.check_schema(dict(metric.parameters))


def test_the_metrics_of_the_business_are_there() -> None:
    assert set(METRICS) >= {
        "revenue",
        "revenue_month_to_date",
        "pipeline_value",
        "open_deals",
        "deals_won",
        "win_rate",
        "average_deal_size",
        "sales_cycle_days",
        "competitive_win_rate",
        "competitor_mentions",
        "customer_health",
        "team_productivity",
        "calls_analysed",
        "coverage",
        "language_cost",
        "company_figure",
    }


def test_every_kind_of_facts_has_a_span() -> None:
    assert {metric.facts for metric in METRICS.values()} == {file.stem for file in (SQL / "spans").glob("*.sql")}


def test_a_metric_that_uses_anothers_sql_has_its_hash() -> None:
    assert METRICS["revenue_month_to_date"].query.sha256 == METRICS["revenue"].query.sha256
    assert METRICS["revenue_month_to_date"].title != METRICS["revenue"].title


def test_named_values_become_marks_but_for_those_in_quotes_and_comments() -> None:
    query = read_query("SELECT ':a' AS X -- :b\nWHERE T = :tenant AND L <= :clearance AND (U = :tenant)")
    assert query.sql == "SELECT ':a' AS X \nWHERE T = ? AND L <= ? AND (U = ?)"
    assert query.bind({"tenant": "t", "clearance": 1}).values == ("t", 1, "t")


@pytest.mark.parametrize("values", [{"tenant": "acme"}, {"clearance": 1}, {}])
def test_nothing_is_asked_for_nobody(values: dict[str, str]) -> None:
    with pytest.raises(InvalidInputError, match="who asks"):
        read_query("SELECT 1").bind(values)
