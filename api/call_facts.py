"""What the warehouse is told of calls: their statistics and the competitors named in them, from the kernels."""

import asyncio
from collections import Counter, OrderedDict

from core.identity import EVERYONE, Label, Principal
from memory.company import Company
from memory.documents import Documents, Entry
from memory.transcripts.model import Transcript
from memory.warehouse.facts import CallFacts, CallStatistic
from tools.calls import speech
from tools.calls.competitors import Gazetteer
from tools.calls.speech import SELLER
from tools.calls.statistics import call_statistics

REMEMBERED = 5000


class CallReading:
    """Reads each version of a call once; access and label are those of now."""

    def __init__(self, documents: Documents, company: Company) -> None:
        self._documents = documents
        self._competitors = Gazetteer(company.of_kind("competitor"))
        self._accounts = Gazetteer(company.of_kind("account"))
        self._read: OrderedDict[tuple[str, str], CallFacts] = OrderedDict()

    async def facts(self, reader: Principal) -> tuple[tuple[CallFacts, ...], dict[Label, int]]:
        """The calls that everybody with the clearance may read, and how many others there are, by label.

        `reader` is somebody who may read them all.
        """
        entries = await self._documents.catalogue(reader)
        open_to_all = [entry for entry in entries if EVERYONE in entry.readers]
        others = Counter(entry.label for entry in entries if EVERYONE not in entry.readers)
        return tuple([await self._facts(entry, reader) for entry in open_to_all]), dict(others)

    async def _facts(self, entry: Entry, reader: Principal) -> CallFacts:
        key = entry.id, f"{entry.version} {entry.label}"
        if key not in self._read:
            transcript = await self._documents.transcript(entry.id, reader, entry.version)
            self._read[key] = await asyncio.to_thread(self._analysed, transcript, entry)
            while len(self._read) > REMEMBERED:
                self._read.popitem(last=False)
        return self._read[key]

    def _analysed(self, call: Transcript, entry: Entry) -> CallFacts:
        measured = call_statistics(call)
        named = Counter(named.name for turn in call.turns for named in self._competitors.named(turn.text))
        return CallFacts(
            id=entry.id,
            title=entry.title,
            label=entry.label,
            day=entry.held.date() if entry.held else None,
            account=self._account(entry),
            rep=_rep(call),
            statistics=tuple(
                CallStatistic(one.name, one.subject, one.unit, one.part, one.whole)
                for one in measured
                if one.value is not None
            ),
            mentions=dict(named),
        )

    def _account(self, entry: Entry) -> str | None:
        """The known name of the account that the call is linked to, or that its title names."""
        found = next(self._accounts.named(entry.account or entry.title), None)
        return found.name if found else entry.account


def _rep(call: Transcript) -> str | None:
    """The seller who says most."""
    said = Counter[str]()
    for turn in call.turns:
        if call.cast[turn.speaker].role == SELLER:
            said[call.cast[turn.speaker].name] += speech.words(turn.text)
    return said.most_common(1)[0][0] if said else None
