"""SQL that a model wrote, made harmless before it runs: one SELECT over the star, for one principal, with an end.

The statement is read into a tree, everything that is not known to be harmless refuses it, and what runs is written from
the tree: comments and tricks of spelling do not survive. Each table becomes the rows of it that the principal may see.
"""

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from core.errors import InvalidInputError
from core.identity import Principal
from memory.warehouse.base import Rows, Statement, Warehouse
from memory.warehouse.loading import COLUMNS

LIMIT, TIMEOUT_S, LONGEST = 1000, 10.0, 8000
FUNCTIONS = frozenset(
    [
        "ABS",
        "AND",
        "AVG",
        "CASE",
        "CAST",
        "CEIL",
        "COALESCE",
        "CONCAT",
        "COUNT",
        "CURRENT_DATE",
        "DATE_DIFF",
        "DATEDIFF",
        "DATE_TRUNC",
        "DATETRUNC",
        "DAY",
        "DENSE_RANK",
        "EXISTS",
        "EXTRACT",
        "FIRST_VALUE",
        "FLOOR",
        "GREATEST",
        "IF",
        "LAG",
        "LAST_VALUE",
        "LEAD",
        "LEAST",
        "LENGTH",
        "LOWER",
        "MAX",
        "MEDIAN",
        "MIN",
        "MONTH",
        "NULLIF",
        "OR",
        "RANK",
        "ROUND",
        "ROW_NUMBER",
        "SUBSTRING",
        "SUM",
        "TIMESTAMP_TRUNC",
        "TRIM",
        "UPPER",
        "YEAR",
    ]
)
TABLES = frozenset(COLUMNS) - {"CALLS_LEFT_OUT"} | {"DAYS"}
_REFUSED = (
    exp.Placeholder, exp.Parameter, exp.SessionParameter, exp.Command, exp.DDL, exp.DML, exp.Into, exp.Lock, exp.Lateral, exp.Unnest,
    exp.Pragma, exp.Values, exp.TableSample, exp.Pivot, exp.Lambda,
)  # fmt: skip


async def ask_guarded(warehouse: Warehouse, sql: str, principal: Principal) -> Rows:
    """What the SELECT finds for the principal, at most `LIMIT` rows, within `TIMEOUT_S` seconds.

    InvalidInputError that says why it is refused; DeadlineError.
    """
    return await warehouse.query(guarded(sql, principal, warehouse.dialect), timeout_s=TIMEOUT_S)


def guarded(sql: str, principal: Principal, dialect: str) -> Statement:
    """The statement that may run instead, with its values; InvalidInputError that says why there is none."""
    tree = _parse(sql, dialect)
    _refuse_anything_else(tree)
    _refuse_unknown_names(tree)
    tenanted = [table for table in tree.find_all(exp.Table) if table.name.upper() in TABLES - {"DAYS"}]
    for table in tenanted:
        table.replace(_visible(table))
    limited = exp.select("*").from_(tree.subquery("ASKED")).limit(LIMIT)
    values = (principal.tenant, int(principal.clearance)) * len(tenanted)
    return Statement(limited.sql(dialect=dialect, comments=False), values)


def _parse(sql: str, dialect: str) -> exp.Query:
    if len(sql) > LONGEST:
        raise InvalidInputError(f"The SQL has {len(sql)} characters: at most {LONGEST} are read")
    try:
        trees = [tree for tree in sqlglot.parse(sql, dialect=dialect) if tree is not None]
    except (SqlglotError, RecursionError):
        raise InvalidInputError("The SQL cannot be read: write one SELECT") from None
    if len(trees) != 1 or not isinstance(trees[0], exp.Select | exp.SetOperation):
        raise InvalidInputError("Only one SELECT may be asked, without any other statement")
    return trees[0]


def _refuse_anything_else(tree: exp.Query) -> None:
    for node in tree.walk():
        if isinstance(node, _REFUSED):
            raise InvalidInputError(
                f"The SQL may not use {node.key.upper()}: only SELECT over the tables of the warehouse"
            )
        if isinstance(node, exp.With) and node.recursive:
            raise InvalidInputError("The SQL may not be recursive")
        if isinstance(node, exp.Func) and (name := _function(node)) not in FUNCTIONS:
            raise InvalidInputError(f"The SQL may not call {name}: use {', '.join(sorted(FUNCTIONS))}")


def _refuse_unknown_names(tree: exp.Query) -> None:
    ctes = {cte.alias.upper() for cte in tree.find_all(exp.CTE)}
    if taken := ctes & TABLES:
        raise InvalidInputError(f"{min(taken)} is a table: name the part of the query otherwise")
    for table in tree.find_all(exp.Table):
        if not isinstance(table.this, exp.Identifier) or table.args.get("db") or table.args.get("catalog"):
            raise InvalidInputError(f"The SQL may not read {table.sql()}: name a table of the warehouse alone")
        if table.name.upper() not in TABLES | ctes:
            raise InvalidInputError(f"There is no table {table.name!r}: use {', '.join(sorted(TABLES))}")


def _visible(table: exp.Table) -> exp.Subquery:
    """The rows of a table that the principal may see; the values are those of every other table, so order is no matter."""
    name = table.name.upper()
    rows = exp.select("*").from_(name)
    rows = rows.where(exp.column("TENANT").eq(exp.Placeholder()), exp.column("LABEL") <= exp.Placeholder())
    return rows.subquery(table.alias or name)


def _function(node: exp.Func) -> str:
    return node.name.upper() if isinstance(node, exp.Anonymous | exp.AnonymousAggFunc) else node.sql_name().upper()
