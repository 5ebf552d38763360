"""What is to be known of a fitted score before anybody trusts it, in lines of Markdown."""

from collections.abc import Iterator, Sequence

from tools.scores.drift import Drift, Shift
from tools.scores.model import Model, Quality
from tools.scores.parity import GroupRates, Parity
from tools.scores.quality import percent


def report(model: Model, drift: Sequence[Drift] = ()) -> list[str]:
    """The base rate, how well it tells, how far it can be believed, what is suspicious, and what has changed since."""
    use = model.use
    base = "" if model.base_rate is None else f": {percent(model.base_rate)}"
    lines = [
        f"# {use.name.capitalize()}",
        "",
        f"{model.happened} of {model.outcomes} {use.subjects} {use.happened}{base}.",
    ]
    if model.lacks:
        lines.append(f"Nobody is scored: {model.lacks}.")
    lines += [f"Suspicious: {suspect.text}." for suspect in model.suspects]
    if model.quality:
        lines += _quality(model.quality, use.happened)
    if model.parity:
        lines += _parity(model.parity)
    return [*lines, *_drift(drift)]


def _quality(quality: Quality, happened: str) -> Iterator[str]:
    yield from ("", "## On rows that were not fitted on", "")
    yield (
        f"AUC {quality.auc:.3f} over {len(quality.folds)} folds (standard deviation {quality.spread:.3f}, "
        f"{min(quality.folds):.3f} to {max(quality.folds):.3f}); for so many rows likely {quality.low:.3f} to "
        f"{quality.high:.3f}. Brier score {quality.brier:.3f}, {percent(quality.brier_skill)} better than the base rate. "
        f"Expected calibration error {quality.calibration_error:.3f}."
    )
    yield from ("", f"| scored | rows | said on average | {happened} | likely |", "|---|---|---|---|---|")
    for bucket in quality.calibration:
        low, high = bucket.interval
        yield (
            f"| {percent(bucket.low)} to {percent(bucket.high)} | {bucket.count} | {percent(bucket.predicted)} "
            f"| {percent(bucket.observed)} | {percent(low)} to {percent(high)} |"
        )


def _parity(parity: Parity) -> Iterator[str]:
    yield from ("", f"## Groups, where a row is picked from {percent(parity.cut)} on", "")
    yield "| trait | group | rows | picked | picked of those to whom it happened | said on average | it happened to |"
    yield "|---|---|---|---|---|---|---|"
    yield from map(_rates, parity.groups)
    yield ""
    yield from (f"- {difference}" for difference in parity.differences)
    yield from (f"- {trait}: too few rows to compare" for trait in parity.unjudged)


def _rates(group: GroupRates) -> str:
    caught = "–" if group.true_positive_rate is None else percent(group.true_positive_rate)
    return (
        f"| {group.trait} | {group.group} | {group.count} | {percent(group.selection_rate)} | {caught} "
        f"| {percent(group.predicted)} | {percent(group.observed)} |"
    )


def _drift(drift: Sequence[Drift]) -> Iterator[str]:
    if not drift:
        return
    yield from (
        "",
        "## Since it was fitted",
        "",
        "| feature | PSI | by chance up to | rows now | |",
        "|---|---|---|---|---|",
    )
    yield from (f"| {one.feature} | {one.index:.3f} | {one.chance:.3f} | {one.rows} | {one.shift} |" for one in drift)
    if any(one.shift is Shift.SHIFTED for one in drift):
        yield from ("", "Features have shifted: fit it again on rows like those of now before its scores are used.")
