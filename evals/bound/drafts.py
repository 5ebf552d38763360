"""True sentences: our own writer's, and paraphrases as chat models write them, filled from the numbers."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random

from evals.bound.worlds import Measure, apart
from models.evidence import Figure
from models.extractive import figures as writer


@dataclass(frozen=True)
class Draft:
    """A true sentence, the figures bound to it, all that its writer had, and the measure they are from."""

    text: str
    bound: tuple[Figure, ...]
    known: tuple[Figure, ...]
    measure: Measure
    ours: bool

    @property
    def real(self) -> bool:
        """Whether its numbers are of real data."""
        return self.measure.real


@dataclass(frozen=True)
class Scene:
    """One subject's last month beside the month before, and beside others in the same month."""

    measure: Measure
    subject: str
    others: tuple[str, ...]
    random: Random

    @cached_property
    def series(self) -> tuple[Figure, ...]:
        """The subject's figures, oldest first."""
        return tuple(self.measure.figure(self.subject, at) for at in range(len(self.measure.months)))

    @cached_property
    def parts(self) -> tuple[Figure, ...]:
        """The subject and the others in the last month, the highest first."""
        last = len(self.measure.months) - 1
        found = [self.measure.figure(one, last) for one in (self.subject, *self.others)]
        return tuple(sorted(found, key=lambda figure: -figure.value))

    @property
    def whole(self) -> Figure | None:
        """The last month of all together."""
        return self.measure.figure("", len(self.measure.months) - 1) if "" in self.measure.subjects else None

    def number(self, value: float, *, noun: bool = False) -> str:
        """A number in a way that is drawn."""
        return self.measure.written(value, self.random.randrange(3), noun=noun)

    def one_of(self, *words: str) -> str:
        """One of the words."""
        return self.random.choice(words)

    def by(self, delta: float, before: float) -> str:
        """How much it went, in percent, or in points where that is its unit."""
        if self.measure.unit == "%":
            return f"{abs(delta):.1f} {self.one_of('points', 'percentage points')}"
        percent = abs(delta) / before * 100
        return (
            f"{percent:.1f}{self.one_of(' %', '%', ' percent')}"
            if percent < 10
            else f"{percent:.0f}{self.one_of(' %', '%')}"
        )


Told = tuple[str, tuple[Figure, ...], tuple[Figure, ...]]


def _over_time(scene: Scene) -> Iterator[Told]:
    """The last month against the one before."""
    now, then = scene.series[-1], scene.series[-2]
    up, metric = now.value > then.value, now.name
    value, before = scene.number(now.value), scene.number(then.value)
    whose = f"{scene.subject}'s {metric}" if scene.subject else metric
    who = f" for {scene.subject}" if scene.subject else ""
    share = scene.by(now.value - then.value, then.value)
    rose = scene.one_of("rose", "climbed", "went up") if up else scene.one_of("fell", "dropped", "went down")
    more, above, higher = ("more", "above", "higher") if up else ("less", "below", "lower")
    p, q = now.period, then.period
    texts = [
        f"In {p}, {whose} {rose} from {before} to {value}.",
        f"At {value}, {p} {metric}{who} was {share} {above} {q}'s.",
        f"{'Up' if up else 'Down'} {share} from {q}, {whose} reached {value} in {p}.",
        f"{_capital(whose)} {'expanded' if up else 'shrank'} by {share} month over month to {value} in {p}.",
        f"Compared with {before} in {q}, {whose} {rose} to {value} in {p}.",
        f"{_capital(whose)} for {p} came in at {value}, {share} {more} than in {q}.",
        f"{_capital(whose)} came in at {value} in {p}, a {share} {'increase' if up else 'decline'} on {q}.",
        f"{p}: {whose} {value} ({'up' if up else 'down'} {share} on {q}).",
        f"{_capital(whose)} was {before} in {q} and {value} in {p}.",
        f"{_capital(whose)} in {p} was {higher} than in {q}: {value} versus {before}.",
        f"{_capital(whose)} {rose} to about {value} in {p}, from {before} in {q}.",
    ]
    if scene.measure.unit != "%":
        texts.append(f"{_capital(whose)} {rose} by {scene.number(abs(now.value - then.value))} to {value} in {p}.")
    for text in texts:
        yield text, (now, then), scene.series


def _beside(scene: Scene) -> Iterator[Told]:
    """Two or three side by side in the last month."""
    first, second, *_, last = scene.parts
    metric, p = first.name, first.period
    a, b, c = (scene.number(figure.value) for figure in (first, second, last))
    gap = scene.by(first.value - second.value, second.value)
    yield f"{first.subject}'s {metric} was {a} in {p}, while {second.subject}'s was {b}.", (first, second), scene.parts
    yield f"In {p}, {metric} was {a} at {first.subject} and {b} at {second.subject}.", (first, second), scene.parts
    yield f"{first.subject}'s {metric} ({a}) was higher than {last.subject}'s ({c}) in {p}.", (first, last), scene.parts
    yield (
        f"{last.subject}'s {metric} in {p} was lower than {first.subject}'s: {c} against {a}.",
        (first, last),
        scene.parts,
    )
    yield f"In {p}, {first.subject}'s {metric} was {gap} above {second.subject}'s.", (first, second), scene.parts
    yield (
        f"{first.subject} had the highest {metric} in {p} ({a}) and {last.subject} the lowest ({c}).",
        scene.parts,
        scene.parts,
    )
    yield (
        f"{_capital(metric)} in {p}: {second.subject} {b}, {first.subject} {a}, {last.subject} {c}.",
        scene.parts,
        scene.parts,
    )
    yield from _moved_apart(scene, first, last)
    if scene.whole is not None:
        share = f"{last.value / scene.whole.value * 100:.1f} %"
        yield f"{last.subject} made up {share} of {metric} in {p}.", (last, scene.whole), (*scene.parts, scene.whole)


def _moved_apart(scene: Scene, one: Figure, other: Figure) -> Iterator[Told]:
    moves = [figure.change.delta for figure in (one, other) if figure.change]
    if len(moves) == 2 and all(moves):
        went = ["rose" if move > 0 else "fell" for move in moves]
        yield (
            f"{one.subject}'s {one.name} {went[0]} to {scene.number(one.value)}, {other.subject}'s {went[1]} to {scene.number(other.value)}.",
            (one, other),
            scene.parts,
        )


def _extremes(scene: Scene) -> Iterator[Told]:
    """The highest and lowest month."""
    ordered = sorted(scene.series, key=lambda figure: figure.value)
    low, high = ordered[0], ordered[-1]
    whose = f"{scene.subject}'s {high.name}" if scene.subject else high.name
    top, bottom, count = scene.number(high.value), scene.number(low.value), len(ordered)
    yield f"{_capital(whose)} peaked at {top} in {high.period}.", scene.series, scene.series
    yield f"{_capital(whose)} was lowest in {low.period}, at {bottom}.", scene.series, scene.series
    yield (
        f"Over the {count} months, {whose} was highest in {high.period} ({top}) and lowest in {low.period} ({bottom}).",
        scene.series,
        scene.series,
    )


def _own(scene: Scene) -> Iterator[Told]:
    """What our writer makes of the same figures."""
    now = scene.series[-1]
    for line in (writer.value_line(now), writer.change_line(now), writer.breakdown_line(scene.parts)):
        yield line.text, line.figures, scene.parts if len(line.figures) > 1 else scene.series
    if (series := writer.series_line(scene.series)) is not None:
        yield series.text, series.figures, scene.series
    if scene.whole is not None:
        first = scene.parts[0]
        yield writer.share_line(first, scene.whole).text, (first, scene.whole), (*scene.parts, scene.whole)


_KINDS: Sequence[tuple[Callable[[Scene], Iterator[Told]], bool]] = (
    (_own, True),
    (_over_time, False),
    (_beside, False),
    (_extremes, False),
)


def drafts_of(measure: Measure, random: Random) -> list[Draft]:
    """Every true sentence that we know of one subject of the measure and some others; none where numbers lie too near."""
    named = [subject for subject in measure.subjects if subject]
    if len(named) < 3:
        return []
    subject, *others = random.sample(named, min(len(named), random.randint(3, 5)))
    scene = Scene(measure, subject, tuple(others), random)
    over_time, at_once = [one.value for one in scene.series], [one.value for one in scene.parts]
    if not (
        apart(over_time[-2:]) and apart(sorted(over_time)[-2:]) and apart(sorted(over_time)[:2]) and apart(at_once)
    ):
        return []
    if min(over_time + at_once) <= 0:
        return []
    return [Draft(text, bound, known, measure, ours) for kind, ours in _KINDS for text, bound, known in kind(scene)]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
