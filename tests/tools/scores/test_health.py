"""Health can be checked by hand: every signal is named with its points, and what is missing is told."""

import math
import re
from pathlib import Path

import pytest

from core.errors import InvalidInputError
from tools.scores.health import SIGNALS, Band, health

BEST = {signal.name: signal.best for signal in SIGNALS}
WORST = {signal.name: signal.worst for signal in SIGNALS}


def test_all_at_their_best_are_100_points_and_all_at_their_worst_none() -> None:
    assert health("Globex", BEST).value == pytest.approx(100)
    assert health("Globex", BEST).band is Band.HEALTHY
    assert health("Globex", WORST).value == pytest.approx(0)
    assert health("Globex", WORST).band is Band.AT_RISK


def test_the_weights_sum_to_a_hundred() -> None:
    assert sum(signal.weight for signal in SIGNALS) == 100


def test_between_worst_and_best_a_signal_earns_its_share() -> None:
    halfway = health("Globex", {**BEST, "days_since_contact": 37.0})
    assert halfway.value == pytest.approx(90)
    costliest = halfway.contributions[0]
    assert costliest.signal.name == "days_since_contact"
    assert costliest.text == "37 days since the last contact: 10 of 20 points (all up to 14, none from 60)"


def test_beyond_its_ends_a_signal_counts_as_its_end() -> None:
    assert health("Globex", {**BEST, "broken_promises": 40.0, "calls_held": 90.0}).value == pytest.approx(80)


def test_what_is_missing_widens_the_interval_and_is_named() -> None:
    known = {name: value for name, value in BEST.items() if name != "usage_change"}
    found = health("Globex", known)
    assert found.value == pytest.approx(100)
    assert found.interval == pytest.approx((75, 100))
    assert found.missing == ("usage_change",)
    assert found.sure
    assert "75 to 100 with what is missing: usage_change" in found.text
    assert sum(one.possible for one in found.contributions) == pytest.approx(100)


def test_a_band_that_the_missing_signals_could_change_is_not_sure() -> None:
    assert not health("Globex", {**BEST, "usage_change": None, "broken_promises": 2.0}).sure


@pytest.mark.parametrize(
    "signals",
    [
        {},
        {"usage_change": 0.0, "days_since_contact": 3.0},
        {"open_objections": 0.0, "calls_held": 3.0, "people_spoken_with": 3.0},
    ],
)
def test_too_few_signals_give_no_score_and_say_so(signals: dict[str, float | None]) -> None:
    found = health("Globex", signals)
    assert (found.value, found.interval, found.band) == (None, None, None)
    assert found.withheld is not None
    assert "at least 3" in found.text
    assert "broken_promises" in found.text


def test_an_unknown_signal_and_an_endless_value_are_refused() -> None:
    with pytest.raises(InvalidInputError, match=r"'mood'.*usage_change"):
        health("Globex", {**BEST, "mood": 1.0})
    with pytest.raises(InvalidInputError, match="finite"):
        health("Globex", {**BEST, "calls_held": math.nan})


def test_the_page_has_the_scorecard_as_it_is() -> None:
    page = (Path(__file__).parents[3] / "docs" / "scores.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1:5] for line in page.splitlines() if line.startswith("| `")]
    written = {re.findall(r"`(\w+)`", cells[0])[0]: tuple(map(float, cells[1:])) for cells in rows}
    assert written == {signal.name: (signal.weight, signal.worst, signal.best) for signal in SIGNALS}
