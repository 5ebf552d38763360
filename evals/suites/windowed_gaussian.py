"""The baseline anomalies are judged against: NAB's windowed Gaussian, from its description."""

import math
from collections.abc import Sequence

import numpy as np

WINDOW = 6400
STEP = 100
LEAST_DEVIATION = 1e-6


def scores(values: Sequence[float]) -> list[float]:
    """1 - Q(|x - mean| / deviation) of each value: from 0.5 at the mean to 1. The first value has 0.

    Mean and deviation are of the values before: of all until there are 6400, then of the last 6400, moved on at every
    hundredth value.
    """
    known = np.asarray(values, dtype=float)
    out: list[float] = []
    mean, deviation = 0.0, 1.0
    for place, value in enumerate(values):
        if 0 < place <= WINDOW or (place > WINDOW and (place - WINDOW) % STEP == 0):
            window = known[max(0, place - WINDOW) : place]
            mean, deviation = float(window.mean()), float(window.std()) or LEAST_DEVIATION
        out.append(1.0 - _beyond(abs(value - mean) / deviation) if place else 0.0)
    return out


def _beyond(deviations: float) -> float:
    """Q: the probability that a normal value is so many deviations above the mean, or more."""
    return 0.5 * math.erfc(deviations / math.sqrt(2))
