"""The ledger with what waits to enter it and what is asked of it, built from what Sophia knows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from api.security.keys import DECIDE, require
from core.clock import Clock
from core.database import Database
from core.errors import NotFoundError
from core.identity import Label, Principal
from memory.citable import Citable
from memory.decisions.evidence import Words
from memory.decisions.history import Kept
from memory.decisions.proposals import Proposals
from memory.decisions.recall import Due, Recall, Recalled
from memory.decisions.search import DecisionSearch
from memory.decisions.store import Ledger
from memory.decisions.told import CHAT, Told
from memory.decisions.wires import Measures
from memory.documents import Documents
from models.embeddings import Embedder
from tools.calls.decisions import decisions


@dataclass(frozen=True, slots=True)
class Decisions:
    """Everything about decisions."""

    ledger: Ledger
    proposals: Proposals
    recall: Recall
    documents: Documents
    words: Words

    async def propose(self, told: Told, run: str, principal: Principal, *, on: date, label: Label) -> str:
        """Lets what the principal told in the message of a run wait for a confirmation; the id of the proposal.

        ForbiddenError without the role `decide`. Again is no harm.
        """
        require(principal, DECIDE)
        message = await self.words.transcript(f"{CHAT}{run}", principal)
        draft = told.draft(message.id, message.content_hash, owner=principal.user, on=on, label=label)
        return await self.proposals.propose(draft, principal)

    async def recalled(self, question: str, principal: Principal) -> Recalled:
        """What the ledger says to any question; nothing where it says nothing about it."""
        return await self.recall.recalled(question, principal)

    async def due(self, principal: Principal) -> list[Due]:
        """The decisions in force whose review is due or whose trip-wires are crossed, by day."""
        return await self.recall.due(principal)

    async def every(self, principal: Principal) -> list[Kept]:
        """Every decision that the principal may read, by day."""
        return await self.ledger.all(principal)

    async def heard(self, call: str, principal: Principal) -> list[str]:
        """Lets what sounds like a decision on a call wait for a person; the ids of the proposals.

        NotFoundError for a call that there is not, or that the principal may not read. Again is no harm.
        """
        entry = next((one for one in await self.documents.catalogue(principal) if one.id == call), None)
        if entry is None:
            raise NotFoundError(f"There is no call {call!r} that you may read: see 'sophia documents list'")
        transcript = await self.documents.transcript(call, principal, entry.version)
        drafts = decisions(transcript, label=entry.label)
        return [await self.proposals.propose(draft, principal) for draft in drafts]


def open_decisions(
    database: Database,
    documents: Documents,
    words: Citable,
    embedder: Embedder,
    measures: Measures,
    *,
    today: Callable[[], date],
    clock: Clock,
) -> Decisions:
    """The ledger over these stores. `today` is the company's day, on which trip-wires are read."""
    ledger = Ledger(database, words, clock)
    recall = Recall(ledger, DecisionSearch(database, embedder), measures, today)
    return Decisions(ledger, Proposals(database, ledger, words, clock), recall, documents, words)
