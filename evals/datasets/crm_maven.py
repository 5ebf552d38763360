"""Maven's CRM sales opportunities: 6,711 closed deals of a hardware seller, 4,238 of them won, and 2,089 open ones."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from core.errors import InvalidInputError
from tools.scores.rows import Row

FOLDER = "crm_maven"
Line = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Deal:
    """A deal with what was known while it was open; `won` is None for one that still is, `afterwards` is the rest."""

    id: str
    engaged: date | None
    features: Row
    afterwards: Row
    won: bool | None


def deals(data: Path) -> list[Deal]:
    """Every deal in the file's order, with its account, its product's price list and its agent's team."""
    accounts, products, agents = (
        {_key(line[name]): line for line in _lines(data, file)}
        for file, name in (("accounts", "account"), ("products", "product"), ("sales_teams", "sales_agent"))
    )
    return [
        _deal(
            line,
            accounts.get(_key(line["account"]), {}),
            products[_key(line["product"])],
            agents[_key(line["sales_agent"])],
        )
        for line in _lines(data, "sales_pipeline")
    ]


def _lines(data: Path, name: str) -> list[Line]:
    file = data / FOLDER / f"{name}.csv"
    if not file.exists():
        raise InvalidInputError(f"There is no {FOLDER}/{file.name} in the folder that SOPHIA_EVAL_DATA names")
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def _deal(line: Line, account: Line, product: Line, agent: Line) -> Deal:
    engaged, closed = _day(line["engage_date"]), _day(line["close_date"])
    features: Row = {
        "product": product["product"],
        "series": product["series"],
        "list_price": _number(product["sales_price"]),
        "sector": account.get("sector"),
        "account_revenue": _number(account.get("revenue")),
        "account_employees": _number(account.get("employees")),
        "account_founded": _number(account.get("year_established")),
        "account_office": account.get("office_location"),
        "sales_agent": line["sales_agent"],
        "manager": agent["manager"],
        "region": agent["regional_office"],
        "month_engaged": engaged.strftime("%B") if engaged else None,
        "weekday_engaged": engaged.strftime("%A") if engaged else None,
    }
    afterwards: Row = {
        "deal_stage": line["deal_stage"],
        "close_value": _number(line["close_value"]),
        "days_to_close": float((closed - engaged).days) if closed and engaged else None,
    }
    won = {"Won": True, "Lost": False}.get(line["deal_stage"])
    return Deal(line["opportunity_id"], engaged, features, afterwards, won)


def _key(name: str) -> str:
    """The pipeline writes `GTXPro` where the price list has `GTX Pro`."""
    return "".join(name.split()).casefold()


def _day(text: str) -> date | None:
    return datetime.strptime(text, "%d-%m-%y").date() if text else None  # noqa: DTZ007


def _number(text: str | None) -> float | None:
    return float(text) if text else None
