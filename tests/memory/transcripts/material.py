"""Files to read: Gong's responses as the API gives them, and the sample calls of the wheel."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from memory.transcripts.detect import read
from memory.transcripts.model import Transcript

SAMPLES = sorted(Path(str(files("memory.sample") / "calls")).glob("*.json"))


def sentence(start: int, end: int, text: str = "Well.") -> dict[str, Any]:
    return {"start": start, "end": end, "text": text}


def monologue(speaker: str | None, *sentences: dict[str, Any], topic: str | None = None) -> dict[str, Any]:
    return {"speakerId": speaker, "topic": topic, "sentences": list(sentences)}


def gong(*monologues: dict[str, Any], call: str = "77", **details: Any) -> dict[str, Any]:
    """A response with one call; `details` are parts of its object in `calls`."""
    export: dict[str, Any] = {"callTranscripts": [{"callId": call, "transcript": list(monologues)}]}
    if details:
        export["calls"] = [{"metaData": {"id": call} | details.pop("meta_data", {})} | details]
    return export


def read_json(document: object, file: str = "call.json") -> tuple[Transcript, ...]:
    return read(json.dumps(document).encode(), file=file)


def read_one(document: object, file: str = "call.json") -> Transcript:
    (transcript,) = read_json(document, file)
    return transcript


def read_text(text: str, file: str = "call.txt") -> Transcript:
    (transcript,) = read(text.encode(), file=file)
    return transcript


def said(transcript: Transcript) -> list[tuple[str, str]]:
    return [(utterance.speaker, utterance.text) for utterance in transcript.utterances]


def misplaced(transcript: Transcript) -> list[int]:
    """Turns whose words do not stand at their span of the text; citations would open something else."""
    text = transcript.text
    return [u.turn for u in transcript.utterances if text[slice(*u.span)] != u.text]
