"""What is the company's own: imported series, each asked for like a metric, and the names of its pipelines and segments."""

from dataclasses import dataclass

from core.identity import Label, Principal
from memory.warehouse.base import Value, Warehouse
from memory.warehouse.catalogue import SQL
from memory.warehouse.query import read_query


@dataclass(frozen=True, slots=True)
class Series:
    """One imported series: its `name` in the metric `company_figure`, its title in words, its unit and usual step."""

    name: str
    title: str
    unit: str
    grain: str
    label: Label


async def imported_series(warehouse: Warehouse, principal: Principal) -> tuple[Series, ...]:
    """The series that the principal may see, by name."""
    query = read_query((SQL / "series.sql").read_text(encoding="utf-8"))
    values: dict[str, Value] = {"tenant": principal.tenant, "clearance": int(principal.clearance)}
    rows = (await warehouse.query(query.bind(values))).named()
    return tuple(
        Series(
            name=str(row["SERIES"]),
            title=_in_prose(str(row["TITLE"] or row["SERIES"]).replace("_", " ")),
            unit=str(row["UNIT"] or ""),
            grain=str(row["GRAIN"]),
            label=Label(int(str(row["LABEL"]))),
        )
        for row in rows
    )


async def named_parts(warehouse: Warehouse, principal: Principal) -> dict[str, tuple[str, ...]]:
    """The names of pipelines and segments that the principal may see, by what they are."""
    query = read_query((SQL / "parts.sql").read_text(encoding="utf-8"))
    values: dict[str, Value] = {"tenant": principal.tenant, "clearance": int(principal.clearance)}
    rows = [(str(row["KIND"]), str(row["NAME"])) for row in (await warehouse.query(query.bind(values))).named()]
    return {kind: tuple(name for one, name in rows if one == kind) for kind in dict.fromkeys(kind for kind, _ in rows)}


def _in_prose(title: str) -> str:
    """The title as it stands within a sentence: `support tickets`, but `MRR`."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title
