"""Fits `tools/calls/objections.txt`: python -m evals.fitting.objections

Logistic regression with an L2 penalty: it minimises, over weights w and bias b,

    sum of v * log(1 + exp(-y (w x + b))) + |w|^2 / (2 C)

over the sentences of buyers in the calls to develop on (`evals/datasets/labelled_calls.py`) and in short exchanges
(`evals/datasets/exchanges`). y is 1 for a sentence that an item of the truth quotes or braces enclose, and -1 elsewhere; other
sentences in the turns of an objection are 1 with a smaller v. A word counts where at least three sentences have it. Each call
is then told by weights fitted without it, in six folds, and b is moved to where the F1 of these is best. Deterministic: two runs write the same.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evals.datasets.labelled_calls import Item, labelled_calls
from memory.transcripts.model import Speaker, Transcript, Turn
from tools.calls.objections import BIAS, Resisting, grouped, resisting, weigh
from tools.calls.resisting import Features
from tools.calls.speech import BUYER, SELLER

C = 0.3
STEPS = 300
QUOTED, IN_TURNS, EXCHANGED = 1.0, 0.3, 2.0
"""What a sentence counts: one told apart in a call, one of an objection's other sentences, one of an exchange."""
FEWEST = 3
FOLDS = 6
DECIMALS = 3
OUT = Path(str(files("tools.calls").joinpath("objections.txt")))
_CAST = (Speaker("s", "Seller", SELLER), Speaker("b", "Buyer", BUYER))
_MARKED = re.compile(r"\{([^}]*)\}")
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sample:
    """One call with its sentences, their labels (1 or 0) and how much each counts; `items` is None of an exchange."""

    sentences: tuple[Resisting, ...]
    labels: tuple[int, ...]
    counts: tuple[float, ...]
    items: tuple[Item, ...] | None


@dataclass(frozen=True, slots=True)
class Crossed:
    """What calls that were left out give: precision, recall, F1, and the z from which on a sentence objects."""

    f1: float
    precision: float
    recall: float
    least: float


def main() -> None:
    """Writes the weights, and prints what calls that are left out give."""
    samples = [*calls(), *exchanges()]
    crossed = cross_validated(samples)
    weights = fitted(samples)
    weights[BIAS] -= crossed.least
    head = "# Weights of tools/calls/objections.py, fitted by python -m evals.fitting.objections; not for editing by hand.\n"
    lines = [
        f"{name} {round(weight, DECIMALS)}\n" for name, weight in sorted(weights.items()) if round(weight, DECIMALS)
    ]
    OUT.write_text(head + "".join(lines), encoding="utf-8")
    print(f"left out: F1 {crossed.f1:.3f}, precision {crossed.precision:.3f}, recall {crossed.recall:.3f}")
    print(f"{len(lines)} weights in {OUT}")


def calls() -> Iterator[Sample]:
    """The calls to develop on in which somebody speaks who is no seller."""
    for one in labelled_calls(heldout=False):
        sentences = tuple(resisting(one.call))
        if sentences:
            items = one.items["objections"]
            told = [_label(one.call, sentence, items) for sentence in sentences]
            yield Sample(sentences, tuple(label for label, _ in told), tuple(count for _, count in told), items)


def exchanges() -> Iterator[Sample]:
    """The short exchanges, each a call of its own."""
    written = files("evals.datasets").joinpath("exchanges", "objections.txt").read_text(encoding="utf-8")
    for block in re.split(r"\n\s*\n", written):
        lines = [line.partition(" ") for line in block.splitlines() if line and not line.startswith("#")]
        if lines:
            yield _exchange([(speaker, text) for speaker, _, text in lines])


def _exchange(lines: Sequence[tuple[str, str]]) -> Sample:
    turns = [Turn(at, speaker, _MARKED.sub(r"\1", text)) for at, (speaker, text) in enumerate(lines)]
    call = Transcript("exchange", "Exchange", _CAST, tuple(turns))
    sentences = tuple(resisting(call))
    marked = [_MARKED.findall(text) for _, text in lines]
    labels = [any(_text(call, one) in braced for braced in marked[one.turn]) for one in sentences]
    return Sample(sentences, tuple(map(int, labels)), (EXCHANGED,) * len(labels), None)


def _label(call: Transcript, sentence: Resisting, items: Sequence[Item]) -> tuple[int, float]:
    text = _text(call, sentence)
    inside = [item for item in items if item.meets(sentence.turn, sentence.turn)]
    quoted = any(item.quote in text or text in item.quote for item in inside)
    return int(bool(inside)), QUOTED if quoted or not inside else IN_TURNS


def _text(call: Transcript, sentence: Resisting) -> str:
    return call.turns[sentence.turn].text[slice(*sentence.span)].strip()


def fitted(samples: Sequence[Sample]) -> dict[str, float]:
    """The weights by feature, with the bias under its own name."""
    rows = [sentence.features for sample in samples for sentence in sample.sentences]
    labels = np.array([label for sample in samples for label in sample.labels], dtype=float)
    counts = np.array([count for sample in samples for count in sample.counts])
    seen = Counter(name for row in rows for name, value in row.items() if value)
    names = sorted(name for name, times in seen.items() if times >= FEWEST)
    weights = _minimised(_matrix(rows, names), labels, counts)
    return dict(zip([*names, BIAS], weights.tolist(), strict=True))


def _matrix(rows: Sequence[Features], names: Sequence[str]) -> Array:
    """Rows by names, and a last column of ones: (rows, names + 1)."""
    places = {name: at for at, name in enumerate(names)}
    matrix = np.zeros((len(rows), len(names) + 1))
    matrix[:, -1] = 1.0
    for at, row in enumerate(rows):
        for name, value in row.items():
            if name in places:
                matrix[at, places[name]] = value
    return matrix


def _minimised(matrix: Array, labels: Array, counts: Array) -> Array:
    """Nesterov's accelerated gradient with the step 1 / L, L = |X|^2 / 4 + 1 / C by power iteration; the bias is free."""
    ridge = np.full(matrix.shape[1], 1 / C)
    ridge[-1] = 1e-6
    probe = np.ones(matrix.shape[1])
    for _ in range(30):
        probe = matrix.T @ (counts * (matrix @ probe))
        norm = float(np.linalg.norm(probe))
        probe /= norm
    step = 1 / (norm / 4 + 1 / C)
    weights, ahead, pace = np.zeros(matrix.shape[1]), np.zeros(matrix.shape[1]), 1.0
    for _ in range(STEPS):
        told = 1 / (1 + np.exp(-np.clip(matrix @ ahead, -30, 30)))
        moved = ahead - step * (matrix.T @ (counts * (told - labels)) + ridge * ahead)
        later = (1 + np.sqrt(1 + 4 * pace * pace)) / 2
        ahead = moved + (pace - 1) / later * (moved - weights)
        weights, pace = moved, later
    return weights


def cross_validated(samples: Sequence[Sample]) -> Crossed:
    """Each call told by weights that were fitted without it, at the bias that is best for all of them."""
    called = [sample for sample in samples if sample.items is not None]
    told: list[list[float]] = [[] for _ in called]
    for fold in range(FOLDS):
        left = called[fold::FOLDS]
        weights = fitted([sample for sample in samples if not any(sample is other for other in left)])
        for place in range(fold, len(called), FOLDS):
            told[place] = [weigh(one.features, weights) for one in called[place].sentences]
    return max((_crossed(called, told, float(least)) for least in np.linspace(-2, 2, 41)), key=lambda one: one.f1)


def _crossed(samples: Sequence[Sample], told: Sequence[Sequence[float]], least: float) -> Crossed:
    right = said = found = wanted = 0
    for sample, weights in zip(samples, told, strict=True):
        items = sample.items or ()
        ranges = [
            (group[0][0].turn, group[-1][0].turn)
            for group in grouped(zip(sample.sentences, weights, strict=True), least)
        ]
        right += sum(any(item.meets(*one) for item in items) for one in ranges)
        found += sum(any(item.meets(*one) for one in ranges) for item in items)
        said, wanted = said + len(ranges), wanted + len(items)
    precision, recall = right / max(said, 1), found / max(wanted, 1)
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return Crossed(f1, precision, recall, least)


if __name__ == "__main__":
    main()
