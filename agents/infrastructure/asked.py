"""What a question about platforms names: platforms, numbers that they tell, and what should be done to them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agents.infrastructure.intents import ACTIONS
from models.text.number_words import CARDINALS
from models.text.words import stem, words
from tools.servers.platform_results import PlatformName

#: Said of many a platform: alone they name none.
_COMMON = {"pool", "server", "service", "endpoint", "cluster", "platform", "system", "instance", "node", "replica"}
_SHORT_PLURAL = 3
_ALL = re.compile(
    r"\b(?:any(?:thing|body)?|everything|all|overall|our|we|platforms?|systems?|services|servers|things|down|incidents?|outages?)\b",
    re.IGNORECASE,
)
_READINGS = {
    "disk_free": r"dis[kc]s?|storage",
    "runs_waiting": r"queued?|queues|backlog|waiting|piling up|unprocessed",
    "memory_mib": r"memory|ram",
    "utilisation": r"utili[sz]ation|utili[sz]ed|usage|load|busy|capacity|headroom|idle",
    "response_ms": r"latency|response times?|slow(?:ly)?|lag",
    "instances": r"how many (?:instances|replicas|nodes|gpus?)",
}
_READING_WORDS = {name: re.compile(rf"\b(?:{told})\b", re.IGNORECASE) for name, told in _READINGS.items()}
_NUMBER = rf"(?:\d{{1,6}}|{'|'.join(sorted(CARDINALS, key=len, reverse=True))})"
_TO = re.compile(rf"\b(?:to|at|of)\s+(?:just |only )?(?P<less>-|\u2212|minus )?(?P<n>{_NUMBER})\b", re.IGNORECASE)
_BY = re.compile(
    rf"\b(?:(?P<another>another|one more|an? (?:extra|additional|more))|by\s+(?P<by>{_NUMBER})|(?P<n>{_NUMBER})\s+(?P<how>more|fewer|less|extra|additional))\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(rf"\b(?P<n>{_NUMBER})\s+(?:gpus?|instances?|replicas?|nodes?|pods?|workers?)\b", re.IGNORECASE)
_FEWER = re.compile(r"\b(?:reduce|shrink|fewer|less|remove|take|down by)\b", re.IGNORECASE)
_ADDS = re.compile(r"\b(?:add|remove|get|give|take)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Size:
    """How large a platform should be: so many instances, or so many `more` than now (fewer where negative)."""

    instances: int | None = None
    more: int | None = None

    def of(self, now: int) -> int:
        """The instances that are meant, of one that has `now`."""
        return self.instances if self.instances is not None else now + (self.more or 0)


def named(question: str, platforms: Sequence[PlatformName]) -> list[PlatformName]:
    """The platforms that the question names, by their titles or by a word that is theirs alone."""
    said = _stems(question)
    return [one for one in platforms if _own(one) & said or (_all(one) and _all(one) <= said)]


def asks_for_all(question: str) -> bool:
    """Whether no one platform is meant."""
    return bool(_ALL.search(question))


def readings(question: str) -> frozenset[str]:
    """The numbers that the question asks for, by metric; none where it asks how things are."""
    return frozenset(name for name, told in _READING_WORDS.items() if told.search(question))


def action(question: str) -> str:
    """What is to be done: the one whose word comes first."""
    found = {name: re.search(rf"\b(?:{told})\b", question, re.IGNORECASE) for name, told in ACTIONS.items()}
    return min((match.start(), name) for name, match in found.items() if match)[1] if any(found.values()) else "scale"


def size(question: str) -> Size | None:
    """The size that the question asks for; None where it tells none."""
    if match := _BY.search(question):
        count = 1 if match["another"] else _value(match["by"] or match["n"])
        return Size(more=-count if _FEWER.search(question) else count)
    if match := _TO.search(question):
        return Size(-_value(match["n"]) if match["less"] else _value(match["n"]))
    if match := _COUNTED.search(question):
        count = _value(match["n"])
        if _ADDS.search(question):
            return Size(more=-count if _FEWER.search(question) else count)
        return Size(count)
    return None


def _value(said: str) -> int:
    return int(said) if said.isdigit() else CARDINALS[said.lower()]


def _all(platform: PlatformName) -> set[str]:
    return _stems(platform.title)


def _stems(text: str) -> set[str]:
    """The stems of all words, those of short plurals ("GPUs") without their s."""
    return {stem(word.removesuffix("s") if len(word) > _SHORT_PLURAL else word) for word in words(text)}


def _own(platform: PlatformName) -> set[str]:
    return _all(platform) - {stem(word) for word in _COMMON}
