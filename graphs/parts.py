"""The parts of a question, each readable by itself: the account that one names is written where another says "they"."""

import re
from collections.abc import Sequence
from dataclasses import replace

from models.entities import Entity
from models.extractive.gazetteer import names_in
from models.language import Choice

_THEIR = re.compile(r"\b(?:their|theirs)\b", re.IGNORECASE)
_THEY = re.compile(r"\b(?:they|them)\b", re.IGNORECASE)


def self_contained(choices: Sequence[Choice], entities: Sequence[Entity]) -> list[Choice]:
    """The choices in their order; "they" and "their" of a part without a name stand for the only account named before."""
    told, account = [], None
    for choice in choices:
        named = {found.entity.name for found in names_in(choice.question, entities, kind="account") if found.entity}
        if named:
            account = named.pop() if len(named) == 1 else None
        elif account is not None:
            choice = replace(choice, question=_named(choice.question, account))
        told.append(choice)
    return told


def _named(question: str, account: str) -> str:
    return _THEY.sub(lambda _: account, _THEIR.sub(lambda _: f"{account}'s", question))
