"""A number is written the way a reader expects, and reads as itself."""

from decimal import Decimal

import pytest

from models.text.written import written


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (Decimal("82800.00"), "USD", "$82,800"),
        (Decimal(10_005_534), "USD", "$10.01M"),
        (Decimal("-1250000"), "EUR", "-€1.25M"),
        (Decimal("4.5"), "USD", "$4.50"),
        (1200, "CHF", "CHF 1,200"),
        (1200, "JPY", "¥1,200"),
        (63.2, "percent", "63.2 %"),
        (50.0, "percent", "50 %"),
        (1, "days", "1 day"),
        (47.25, "days", "47.3 days"),
        (412, "tickets", "412"),
        (0, "deals", "0"),
        (-0.04, "points", "0 points"),
        (1234567, "messages", "1,234,567"),
    ],
)
def test_a_value_in_its_unit(value: Decimal | float, unit: str, text: str) -> None:
    assert written(value, unit) == text
