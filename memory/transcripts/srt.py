"""SubRip captions, as most players and recorders export them.

1                                          the number of the cue, which may be missing
00:00:12,400 --> 00:00:15,000              a point in place of the comma is read too
Anna Meyer: We pay too much.               who speaks: memory/transcripts/cues.py
"""

import re

from memory.transcripts.cues import TIMES, blocks, cue, pieces
from memory.transcripts.model import Transcript
from memory.transcripts.pieces import Origin, conversation

_NUMBER = re.compile(r"\s*[0-9]+\s*")


def is_srt(text: str) -> bool:
    """Whether the text begins with a line of two times, or a number above one."""
    _, block = next(blocks(text), (1, [""]))
    return any(TIMES.fullmatch(line) for line in block[1 if _NUMBER.fullmatch(block[0]) else 0 :][:1])


def read(text: str, origin: Origin) -> tuple[Transcript, ...]:
    """The conversation. UnreadableError names the line that does not fit."""
    cues = [cue(block, line, origin, mark=",") for line, block in blocks(text)]
    return (conversation(pieces(cues, escaped=False), origin),)
