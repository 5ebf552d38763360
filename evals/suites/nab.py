"""NAB: are the unusual stretches of long series noticed early and nothing else? By NAB's own scoring, standard profile.

The windowed Gaussian runs over the same series in the same run. One set of parameters holds for every series.
"""

from collections.abc import Callable, Sequence

from evals.datasets.nab import LabelledSeries, series
from evals.run import Materials, Measures
from evals.suites import windowed_gaussian
from evals.suites.nab_scoring import Scored, Verdict, verdict
from tools.metrics import stream

Detector = Callable[[Sequence[float]], Sequence[float]]


async def run(materials: Materials) -> Measures:
    """Both detectors' scores, and Sophia's above the baseline's."""
    assert materials.data is not None
    return measure(series(materials.data / "nab"))


def measure(corpus: Sequence[LabelledSeries]) -> Measures:
    """The measures of a corpus. `found` are windows, `false_detections` rows outside of windows, at the best threshold."""
    ours, baseline = judged(stream.scores, corpus), judged(windowed_gaussian.scores, corpus)
    return {
        "series": len(corpus),
        "windows": sum(len(one.windows) for one in corpus),
        "score": ours.score,
        "found": ours.found,
        "false_detections": ours.false,
        "windowed_gaussian": baseline.score,
        "over_windowed_gaussian": ours.score - baseline.score,
    }


def judged(detector: Detector, corpus: Sequence[LabelledSeries]) -> Verdict:
    """What a detector that sees only the values, in order, is worth."""
    return verdict([Scored(detector(one.values), one.windows) for one in corpus])
