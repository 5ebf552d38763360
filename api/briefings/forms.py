"""The forms in which a briefing is given, chosen by what the request accepts."""

import asyncio
import json
import logging
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from agents.executive_briefing.document import BRIEFING, Briefing
from agents.executive_briefing.rendering.drawings import draw_charts
from agents.executive_briefing.rendering.html import POLICY, Drawing, html
from agents.executive_briefing.rendering.markdown import markdown
from agents.executive_briefing.rendering.slack import notification, slack
from core.errors import SophiaError

MOST_REMEMBERED = 16
log = logging.getLogger(__name__)


class Form(StrEnum):
    """Media types of a briefing; the first is given where any will do."""

    JSON = "application/json"
    MARKDOWN = "text/markdown"
    HTML = "text/html"
    SLACK = "application/vnd.slack.blocks+json"


class Picture(StrEnum):
    """Media types of a chart."""

    SVG = "image/svg+xml"
    PNG = "image/png"
    VEGA_LITE = "application/vnd.vegalite.v6+json"


HEADERS: Mapping[str, str] = {
    "Vary": "Accept",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": f"{POLICY}; frame-ancestors 'none'",
}
"""Of every answer: a page that is opened where it came from may load and run nothing either."""


def accepted(header: str, offered: Sequence[str]) -> str | None:
    """The offered media type that an Accept header likes best, the earlier of two that it likes alike; None for none."""
    liked = {offer: max((quality for quality in _likings(header, offer)), default=(0, 0.0))[1] for offer in offered}
    best = max(offered, key=lambda offer: liked[offer])
    return best if liked[best] > 0 else None


def _likings(header: str, offer: str) -> list[tuple[int, float]]:
    """How the header likes the type, by how narrowly each of its ranges names it."""
    wild = {offer: 2, f"{offer.partition('/')[0]}/*": 1, "*/*": 0}
    found = []
    for part in header.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if name in wild:
            found.append((wild[name], _quality(parameters)))
    return found


def _quality(parameters: Sequence[str]) -> float:
    told = next((one.removeprefix("q=") for one in parameters if one.startswith("q=")), "1")
    try:
        return float(told)
    except ValueError:
        return 0.0


@dataclass(frozen=True, slots=True)
class Forms:
    """Renders briefings. Drawings of the latest are remembered, and one process draws at a time."""

    _drawn: OrderedDict[str, Mapping[str, Drawing]] = field(default_factory=OrderedDict)
    _drawing: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def render(self, briefing: Briefing, form: Form) -> str:
        """The whole text of that form."""
        if form is Form.HTML:
            return html(briefing, await self._drawings(briefing))
        if form is Form.MARKDOWN:
            return markdown(briefing)
        if form is Form.SLACK:
            return json.dumps({"text": notification(briefing), "blocks": slack(briefing)}, ensure_ascii=False)
        return BRIEFING.dump_json(briefing).decode()

    async def _drawings(self, briefing: Briefing) -> Mapping[str, Drawing]:
        """None where the charts cannot be drawn: the page then tells them as numbers."""
        async with self._drawing:
            if briefing.id not in self._drawn:
                try:
                    self._drawn[briefing.id] = await draw_charts(briefing)
                except SophiaError as error:
                    log.warning("The charts of briefing %s are told as numbers: %s", briefing.id, error)
                    return {}
            self._drawn.move_to_end(briefing.id)
            while len(self._drawn) > MOST_REMEMBERED:
                self._drawn.popitem(last=False)
            return self._drawn[briefing.id]
