"""The shapes in which Gong's calls are published, gathered into one: transcripts, and the details of calls.

    {"callTranscripts": […]}                              the response of /v2/calls/transcript
    {"callTranscripts": […], "calls": […]}                with the details of /v2/calls/extensive in the same object
    [{"callTranscripts": […]}, {"calls": […]}]            responses, or pages of them, in a list or under names
    {"calls": [{"metaData": {…}, "transcript": […]}]}     each call with its own monologues; also a bare list of such
    {"metaData": {…}, "parties": […], "transcript": […]}  one call a file
    {"callData": {"metaData": {…}, "parties": […]}}       the details as a webhook sends them
    {"calls": [{"id": "…", "title": "…"}]}                the details as /v2/calls lists them, without parties

What is not of such a shape is passed over.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from memory.transcripts.faults import json_path

DEEPEST = 4
"""So many lists and objects may lie around a response."""

Path = tuple[int | str, ...]
Found = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a document holds, `callTranscripts` and `calls` as the API gives them; None for what it has in no shape.

    `places` has the path of each in the document, by its path in `document`.
    """

    transcripts: list[object] | None
    calls: list[object] | None
    places: dict[Path, Path] = field(default_factory=dict)

    @property
    def document(self) -> Found:
        """One response with everything."""
        return {"callTranscripts": self.transcripts, "calls": self.calls}

    def place(self, location: Path) -> str:
        """A path in `document` as one in the document that was read."""
        before = self.places.get(location[:2])
        return json_path(location if before is None else (*before, *location[2:]))


def gathered(document: object) -> Gathered:
    """Everything of Gong's in a document, in its order."""
    transcripts: list[object] = []
    calls: list[object] = []
    places: dict[Path, Path] = {}
    seen = set[str]()
    for kind, value, path in _found(document, ()):
        seen.add(kind)
        if path is None:
            continue
        into = transcripts if kind == "callTranscripts" else calls
        places[kind, len(into)] = path
        into.append(value)
    return Gathered(transcripts if "callTranscripts" in seen else None, calls if "calls" in seen else None, places)


def _found(value: object, path: Path) -> Iterator[tuple[str, object, Path | None]]:
    """Transcripts and details with their paths; one without a path only says that there is a list of them."""
    if len(path) > DEEPEST:
        return
    if isinstance(value, list):
        for place, one in enumerate(value):
            yield from _found(one, (*path, place))
    elif isinstance(value, dict):
        yield from _of_object(value, path)


def _of_object(value: Found, path: Path) -> Iterator[tuple[str, object, Path | None]]:
    if "metaData" in value or ("callId" in value and "transcript" in value):
        yield from _of_call(value, path)
        return
    for name, inner in value.items():
        below = (*path, name)
        if name == "callTranscripts":
            yield name, None, None
            listed = inner if isinstance(inner, list) else []
            yield from ((name, one, (*below, place)) for place, one in enumerate(listed))
            if inner is not None and inner is not listed:
                yield name, inner, below
        elif name == "calls" and isinstance(inner, list):
            yield name, None, None
            for place, one in enumerate(inner):
                yield from _of_call(one, (*below, place))
        elif name in ("call", "callData"):
            yield from _of_call(inner, below)
        else:
            yield from _found(inner, below)


def _of_call(value: object, path: Path) -> Iterator[tuple[str, object, Path | None]]:
    """A call's details, and its monologues where it has its own; details that stand in the call itself are set apart."""
    if not isinstance(value, dict):
        yield "calls", value, path
        return
    about = value.get("metaData", value)
    id_ = value.get("callId") or (about.get("id") if isinstance(about, dict) else None)
    if "transcript" in value:
        yield "callTranscripts", None, None
        if isinstance(value["transcript"], dict):
            yield from _found(value["transcript"], (*path, "transcript"))
        else:
            yield "callTranscripts", {"callId": id_, "transcript": value["transcript"]}, path
    if "metaData" in value:
        yield "calls", value, path
    elif id_ is not None:
        yield "calls", {**value, "metaData": {**value, "id": id_}}, path
