"""What a figure is bound to: metric, parameters, as-of and query."""

from dataclasses import replace

import pytest

from models.evidence import Figure

PIPELINE = Figure(
    "pipeline_value", 40_000.0, "USD", "$40k", "Acme", "SELECT 1", "2026-03-31", parameters=(("account", "Acme"),)
)


def test_the_same_question_of_the_same_day_has_the_same_hash() -> None:
    assert len(PIPELINE.query_hash) == 16
    assert replace(PIPELINE, value=41_000.0, text="$41k").query_hash == PIPELINE.query_hash


@pytest.mark.parametrize(
    "other",
    [
        replace(PIPELINE, metric="open_deals"),
        replace(PIPELINE, parameters=(("account", "Globex"),)),
        replace(PIPELINE, parameters=(("account", "Acme"), ("rep", "Ann"))),
        replace(PIPELINE, as_of="2026-04-01"),
        replace(PIPELINE, query="SELECT 2"),
    ],
)
def test_another_question_has_another_hash(other: Figure) -> None:
    assert other.query_hash != PIPELINE.query_hash


def test_a_metric_is_told_by_its_title_or_by_its_name_in_words() -> None:
    assert PIPELINE.name == "pipeline value"
    assert replace(PIPELINE, title="open pipeline").name == "open pipeline"
