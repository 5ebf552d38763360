"""The process that fits, where scikit-learn is not installed."""

import sys

from core.apart import answer_once
from tools.scores import regression

if __name__ == "__main__":
    sys.modules["sklearn"] = None  # type: ignore[assignment]
    answer_once(regression.handle)
