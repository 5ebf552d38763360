"""The sides of a conversation whose source names none, told by who is known to sell."""

from collections.abc import Sequence
from dataclasses import replace

from memory.transcripts.model import Speaker, Transcript
from models.entities import Entity


def sided(call: Transcript, sellers: Sequence[Entity]) -> Transcript:
    """The conversation with a role for everybody, where nobody had one and one of `sellers` speaks; else as it is.

    Who has the name or an alias of one of them sells, and everybody else buys.
    """
    names = {_plain(name) for one in sellers for name in (one.name, *one.aliases)}
    if any(speaker.role for speaker in call.speakers) or not any(_plain(one.name) in names for one in call.speakers):
        return call
    return replace(call, speakers=tuple(_with_role(speaker, names) for speaker in call.speakers))


def _with_role(speaker: Speaker, names: set[str]) -> Speaker:
    return replace(speaker, role="seller" if _plain(speaker.name) in names else "buyer")


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
