"""WebVTT captions (W3C), as Teams, Zoom and Meet export them.

WEBVTT                                     the first line says the format
                                           NOTE, STYLE and REGION blocks are left out
1                                          a cue may have a name
00:12.400 --> 00:15.000 align:start        hours and settings are optional
<v Anna Meyer>We pay too much.</v>         who speaks: memory/transcripts/cues.py
"""

import re

from memory.transcripts.cues import blocks, cue, pieces
from memory.transcripts.model import Transcript
from memory.transcripts.pieces import Origin, conversation

_FIRST = re.compile(r"WEBVTT(?=[ \t\r\n]|\Z)")
_LEFT_OUT = re.compile(r"(?:NOTE|STYLE|REGION)(?:[ \t].*)?")


def is_webvtt(text: str) -> bool:
    """Whether the text begins as WebVTT does."""
    return _FIRST.match(text) is not None


def read(text: str, origin: Origin) -> tuple[Transcript, ...]:
    """The conversation. UnreadableError names the line that does not fit."""
    _, *below = blocks(text)
    cues = [cue(block, line, origin, mark=".") for line, block in below if not _LEFT_OUT.fullmatch(block[0])]
    return (conversation(pieces(cues, escaped=True), origin),)
