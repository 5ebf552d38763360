"""The process that smooths, where statsmodels is not installed."""

import sys

from core.apart import answer_once
from tools.metrics import smoothing

if __name__ == "__main__":
    sys.modules["statsmodels"] = None  # type: ignore[assignment]
    answer_once(smoothing.handle)
