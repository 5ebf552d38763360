"""The course of a metric on one line: as characters, and as a small SVG."""

from collections.abc import Sequence

from agents.executive_briefing.document import Point
from agents.executive_briefing.rendering.words import days

LEVELS = "▁▂▃▄▅▆▇█"
NOTHING = "·"
MOST = 16
_MARGIN = 4.0


def sparkline(points: Sequence[Point], most: int = MOST) -> str:
    """One character a value, the latest `most`; a dot where there was nothing to measure. A period under way is left out."""
    shown = [point for point in points if not point.partial][-most:]
    heights = _heights(shown)
    return "".join(NOTHING if height is None else LEVELS[round(height * (len(LEVELS) - 1))] for height in heights)


def drawn(points: Sequence[Point], width: int = 104, height: int = 28) -> str:
    """An SVG element of that many pixels; a gap where there was nothing to measure, a ring for a period under way.

    It takes its colour from the text around it. Empty where fewer than two values are there to join.
    """
    heights = _heights(points)
    if sum(value is not None for value in heights) < 2:
        return ""
    step = (width - 2 * _MARGIN) / (len(points) - 1)
    at = [
        None if value is None else (_MARGIN + n * step, _MARGIN + (1 - value) * (height - 2 * _MARGIN))
        for n, value in enumerate(heights)
    ]
    last = max(n for n, place in enumerate(at) if place)
    joined = [place for n, place in enumerate(at) if not (n == last and points[n].partial)]
    end = at[last]
    assert end
    ring = ' class="ring"' if points[last].partial else ""
    return (
        f'<svg class="spark" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{course(points)}"><path d="{_path(joined)}"/>'
        f'<circle cx="{end[0]:.1f}" cy="{end[1]:.1f}" r="2.6"{ring}/></svg>'
    )


def course(points: Sequence[Point]) -> str:
    """The course in words: `7 values, 1 October 2025 – 1 March 2026, lowest 2,300, highest 6,900`."""
    values = [point.value for point in points if point.value is not None]
    if not values:
        return "no values"
    between = days(points[0].day, points[-1].day)
    return f"{len(values)} values, {between}, lowest {min(values):,.6g}, highest {max(values):,.6g}"


def _heights(points: Sequence[Point]) -> list[float | None]:
    """Each value between the lowest, 0, and the highest, 1; the middle where all are the same."""
    values = [point.value for point in points if point.value is not None]
    if not values:
        return [None] * len(points)
    low, span = min(values), max(values) - min(values)
    shares = (None if point.value is None else (point.value - low) / (span or 1) for point in points)
    return [share if span or share is None else 0.5 for share in shares]


def _path(places: Sequence[tuple[float, float] | None]) -> str:
    path, joined = [], False
    for place in places:
        if place:
            path.append(f"{'L' if joined else 'M'}{place[0]:.1f} {place[1]:.1f}")
        joined = place is not None
    return "".join(path)
