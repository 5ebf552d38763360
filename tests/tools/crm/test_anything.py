"""Whatever a file holds, it is read or refused, and nothing else happens."""

import contextlib
from datetime import date, datetime

import yaml
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInputError
from tools.crm import amounts, days
from tools.crm.mapping import parsed_mapping
from tools.crm.proposal import propose
from tools.crm.sheets import read_sheet
from tools.crm.unreadable import UnreadableError
from tools.crm.written import written

CELL = st.text("0123456789.,-/() $€%:TZ+janM٣²\u00a0", max_size=24) | st.text(max_size=12)
ORDER = st.sampled_from([None, "dmy", "mdy", "ymd", "serial"])


def reads_back(content: bytes) -> bool:
    """Whether the file is refused by name, or its proposal, written down and read back, is one that nobody has confirmed."""
    try:
        found = propose([read_sheet("deals.csv", content)], today=date(2026, 3, 20))
    except InvalidInputError as refused:
        return "deals.csv" in str(refused)
    return not parsed_mapping(yaml.safe_load(written(found)), name="mapping.yaml").confirmed


@given(CELL, ORDER)
def test_any_text_is_a_day_or_unreadable(text: str, order: str | None) -> None:
    for read, kind in ((days.day, date), (days.moment, datetime)):
        with contextlib.suppress(UnreadableError):
            assert isinstance(read(text, order), kind)


@given(CELL, st.sampled_from([None, ".", ","]))
def test_any_text_is_an_amount_or_unreadable(text: str, decimal: str | None) -> None:
    with contextlib.suppress(UnreadableError):
        found = amounts.money(text, decimal)
        assert found.amount.is_finite()
        amounts.currencies_of(found.unit or "EUR")


@given(st.lists(CELL, max_size=6))
def test_any_column_is_judged(values: list[str]) -> None:
    assert amounts.decimal_sign(values).sign in (None, ".", ",")
    assert days.reading(values, today=date(2026, 3, 20), past=True).order in (None, "dmy", "mdy", "ymd", "serial")


@given(st.binary(max_size=200) | st.text(max_size=120).map(str.encode))
def test_any_file_gets_a_proposal_or_is_refused_by_name(content: bytes) -> None:
    assert reads_back(content)


@given(st.lists(st.tuples(CELL, CELL, CELL), max_size=5))
def test_any_cells_get_a_proposal(rows: list[tuple[str, str, str]]) -> None:
    quoted = ["|".join(cell.replace("|", "").replace('"', "") for cell in row) for row in rows]
    text = "\n".join(["Deal ID|Amount|Close Date", *(line.replace("\n", " ").replace("\r", " ") for line in quoted)])
    assert reads_back(text.encode("utf-8", "replace"))
