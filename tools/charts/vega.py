"""Draws Vega-Lite specs. It runs in a process of its own, which reaches no network: a spec brings its data.

vl-convert is imported where it is used, so that the process can answer that it is not installed.
"""

import base64
from collections.abc import Mapping
from typing import Any

from core.apart import answer_once
from core.errors import InvalidInputError

PIXELS = 2.0
_NOWHERE: list[str] = []


def draw(request: Mapping[str, Any]) -> Mapping[str, Any]:
    """`specs` as `svg` elements, or as `png` in base64 at two pixels a point."""
    import vl_convert  # noqa: PLC0415 - loaded only in this process

    for spec in request["specs"]:
        _refuse_addresses(spec)
    if request["form"] == "svg":
        return {"drawn": [vl_convert.vegalite_to_svg(spec, allowed_base_urls=_NOWHERE) for spec in request["specs"]]}
    pictures = (vl_convert.vegalite_to_png(spec, scale=PIXELS, allowed_base_urls=_NOWHERE) for spec in request["specs"])
    return {"drawn": [base64.b64encode(picture).decode("ascii") for picture in pictures]}


def _refuse_addresses(part: object) -> None:
    """The list of allowed addresses does not hold for files, and so no address is let through."""
    if isinstance(part, Mapping):
        if "url" in part or "href" in part:
            raise InvalidInputError("A chart brings its data: 'url' and 'href' are not drawn")
        for inner in part.values():
            _refuse_addresses(inner)
    elif isinstance(part, list):
        for inner in part:
            _refuse_addresses(inner)


if __name__ == "__main__":
    answer_once(draw)
