from decimal import Decimal

import pytest

from tools.crm.amounts import Money, count, currencies_of, decimal_sign, money, number, truth
from tools.crm.unreadable import UnreadableError


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("1054", "1054", None),
        ("1,234.50", "1234.50", None),
        ("1.234,50 €", "1234.50", "€"),
        ("€1.234.567", "1234567", "€"),
        ("1 234 567,8", "1234567.8", None),
        ("1\u202f234\u00a0567", "1234567", None),
        ("CHF 1'200.50", "1200.50", "CHF"),
        ("($1,200.00)", "-1200.00", "$"),
        ("$ (1,200.00)", "-1200.00", "$"),
        ("-5", "-5", None),
        ("-$5.5", "-5.5", "$"),
        ("$-5.5", "-5.5", "$"),
        ("5-", "-5", None),
        ("0.125", "0.125", None),
        (".5", "0.5", None),
        ("1200 USD", "1200", "USD"),
    ],
)
def test_an_amount_is_read_in_every_way_that_exports_write_it(text: str, amount: str, unit: str | None) -> None:
    assert money(text) == Money(Decimal(amount), unit)


@pytest.mark.parametrize(
    ("text", "decimal"),
    [
        ("1,234", None),
        ("1.234", None),
        ("12,34", "."),
        ("1.2.3", None),
        ("1,23,456.0", None),
        ("ten", None),
        ("", None),
        ("$", None),
        ("5 to 7", None),
        ("12-13", None),
        ("1e5", None),
        ("€5 EUR", None),
        ("NaN", None),
    ],
)
def test_what_is_no_amount_or_may_be_two_is_not_guessed(text: str, decimal: str | None) -> None:
    with pytest.raises(UnreadableError):
        money(text, decimal)


def test_the_mapping_says_what_a_value_leaves_open() -> None:
    assert money("1,234", ".").amount == Decimal(1234)
    assert money("1,234", ",").amount == Decimal("1.234")
    assert number("12,5 %", ",") == Decimal("12.5")
    assert count("2,822", ".") == 2822


@pytest.mark.parametrize("text", ["12 apples", "$5"])
def test_a_number_has_nothing_beside_it(text: str) -> None:
    with pytest.raises(UnreadableError):
        number(text)


def test_a_count_is_whole() -> None:
    with pytest.raises(UnreadableError):
        count("2.5")


@pytest.mark.parametrize(
    ("values", "sign", "decided"),
    [
        (["1,234", "1,234.5"], ".", True),
        (["1.234", "12,5"], ",", True),
        (["1.234.567", "5"], ",", True),
        (["5", "1054"], None, True),
        (["1,234", "5,678"], None, False),
        (["1.5", "1,5"], None, False),
    ],
)
def test_a_column_shows_its_decimal_sign_or_is_left_open(values: list[str], sign: str | None, decided: bool) -> None:
    found = decimal_sign(values)
    assert (found.sign, found.decided) == (sign, decided)


@pytest.mark.parametrize(
    ("unit", "codes"),
    [("€", {"EUR"}), ("usd", {"USD"}), ("US$", {"USD"}), ("CA$", {"CAD"}), ("$ CAD", {"CAD"}), ("¥", {"JPY", "CNY"})],
)
def test_a_sign_stands_for_every_currency_that_writes_it(unit: str, codes: set[str]) -> None:
    assert currencies_of(unit) == codes
    assert len(currencies_of("$")) > 5


def test_an_unknown_sign_is_refused() -> None:
    with pytest.raises(UnreadableError, match="'apples'"):
        currencies_of("apples")


def test_yes_and_no_are_read_and_nothing_else() -> None:
    assert (truth("Yes"), truth("0"), truth("FALSE")) == (True, False, False)
    with pytest.raises(UnreadableError):
        truth("perhaps")
