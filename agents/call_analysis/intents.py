"""The kinds of question that call analysis answers on explicit nodes, and which of them a question is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from agents.call_analysis.times import KIND_OF_CALL
from core.plain_yaml import plain_yaml
from models.language import Choice, Option
from models.text.words import QUESTION_WORDS, STOP_WORDS, words

#: A choice that none of the intent's words supports counts from this confidence on.
SURELY = 0.97
#: Words that say where to look, or that something is to be shown, and not what is asked about.
FRAME = frozenset(
    re.findall(
        r"\S+",
        """
    account accounts buyer buyers customer customers client prospect deal demo review renewal show list find come came coming
    up raise raised hear heard bring brought name named far us our everything all last latest recent first next new
    one two three four five
    react reacts reacted reaction reply replies replied respond responds responded response still open left there anything something someone anyone else exactly during after before today now most biggest main
    """,
    )
)


_LISTS_CALLS = re.compile(
    r"^\W{0,9}(?:list|show)\b.{0,30}\b(?:calls|meetings|recordings|conversations)\b", re.IGNORECASE
)


class Intent(StrEnum):
    """What a question wants; the names are those of `intents.yaml`."""

    SUMMARISE = "summarise"
    STATISTICS = "statistics"
    OBJECTIONS = "objections"
    COMPETITORS = "competitors"
    NEXT_STEPS = "next_steps"
    RISKS = "risks"
    PRICES = "prices"
    DECISIONS = "decisions"
    COMPARE = "compare"
    TALK_TRACKS = "talk_tracks"
    THREATS = "threats"
    MOOD = "mood"
    COACH = "coach"
    PLAYBOOK = "playbook"
    LIST_CALLS = "list_calls"
    QUESTION = "question"


LISTS = frozenset(
    {Intent.OBJECTIONS, Intent.COMPETITORS, Intent.NEXT_STEPS, Intent.RISKS, Intent.PRICES, Intent.DECISIONS}
)
"""Intents that list everything of a kind: a question about one thing of that kind is a question."""


PLAIN = (Intent.COACH, Intent.PLAYBOOK, Intent.TALK_TRACKS, Intent.THREATS, Intent.MOOD, Intent.COMPARE)
"""Intents whose words are said of nothing else; a comparison of one thing, or of a statistic, is not among them."""


@dataclass(frozen=True, slots=True)
class Known:
    """An intent: something to choose, and the words people use who want it."""

    option: Option
    words: re.Pattern[str]

    def asked_in(self, question: str) -> bool:
        """Whether the question has a word of it."""
        return self.words.search(question) is not None

    def besides(self, question: str) -> list[str]:
        """What else the question asks about, word by word."""
        rest = words(KIND_OF_CALL.sub(" ", self.words.sub(" ", question)))
        return [word for word in rest if word not in STOP_WORDS | QUESTION_WORDS | FRAME]


@cache
def known() -> dict[Intent, Known]:
    """The intents by name; the file is part of the package."""
    listed = plain_yaml(files("agents.call_analysis").joinpath("intents.yaml").read_text(encoding="utf-8"))
    return {
        Intent(entry["name"]): Known(
            Option(entry["name"], entry["description"], tuple(entry["examples"])),
            re.compile(rf"\b(?:{'|'.join(entry['words'])})\b" if entry["words"] else r"(?!)", re.IGNORECASE),
        )
        for entry in listed
    }


def intents() -> tuple[Option, ...]:
    """The intents as something to choose from."""
    return tuple(one.option for one in known().values())


def settled(question: str, choices: Sequence[Choice], *, names: Sequence[str] = ()) -> list[tuple[Intent, str]]:
    """What is asked, part by part: each choice where its words or its confidence support it, else a question.

    `names` are said of whom it is asked, and are nothing else that is asked about.
    """
    if _plain(question, names) is Intent.COMPARE:
        return [(Intent.COMPARE, question)]
    parts = [(_settled(choice.question, choice, names), choice.question) for choice in choices]
    if any(intent in PLAIN for intent, _ in parts):
        parts = [(intent, part) for intent, part in parts if intent in PLAIN or not says_nothing_new(part, names)]
    if not parts:
        parts = [(_plain(question, names) or _worded_or_measured(question, names), question)]
    return parts if len({intent for intent, _ in parts}) > 1 else [(parts[0][0], question)]


def says_nothing_new(question: str, names: Sequence[str]) -> bool:
    """Whether the question only names somebody ("and Castellan?"), so that it asks again what was asked before.

    To ask for a summary or for the list of calls is to ask something, though the words say nothing of what about.
    """
    if known()[Intent.SUMMARISE].asked_in(question) or _LISTS_CALLS.match(question):
        return False
    spoken = STOP_WORDS | QUESTION_WORDS | FRAME | {part for name in names for part in words(name)}
    return all(word.removesuffix("'s") in spoken for word in words(question))


def _settled(question: str, choice: Choice, names: Sequence[str]) -> Intent:
    if (plain := _plain(question, names)) is not None:
        return plain
    intent = Intent(choice.name)
    if intent in PLAIN:
        return _worded_or_measured(question, names)
    listed = _worded(question, names)
    if listed is not None and not known()[intent].asked_in(question):
        return listed
    if intent in LISTS and _about_more(known()[intent], question, names):
        return Intent.QUESTION
    supported = known()[intent].asked_in(question) or choice.confidence >= SURELY
    return intent if supported else Intent.QUESTION


def _plain(question: str, names: Sequence[str]) -> Intent | None:
    """The intent that the question's words leave no doubt of."""
    asked = next((one for one in PLAIN if known()[one].asked_in(question)), None)
    if asked is Intent.COMPARE:
        measured = known()[Intent.STATISTICS].asked_in(question)
        return None if measured or _about_more(known()[asked], question, names) else asked
    return asked


def _worded_or_measured(question: str, names: Sequence[str]) -> Intent:
    """The list or the statistics that the question has the words of; a question else."""
    measured = Intent.STATISTICS if known()[Intent.STATISTICS].asked_in(question) else Intent.QUESTION
    return _worded(question, names) or measured


def _worded(question: str, names: Sequence[str]) -> Intent | None:
    """The list that the question asks for by its words, and by nothing but these."""
    asked = [one for one in LISTS if known()[one].asked_in(question)]
    return asked[0] if len(asked) == 1 and not _about_more(known()[asked[0]], question, names) else None


def _about_more(one: Known, question: str, names: Sequence[str]) -> bool:
    spoken = {part for name in names for part in words(name)}
    return any(word.removesuffix("'s") not in spoken for word in one.besides(question))
