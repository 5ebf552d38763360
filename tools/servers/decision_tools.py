"""The tools that ask the ledger of decisions."""

from typing import Annotated, Any

from mcp.server.mcpserver import Context
from pydantic import Field

from core.errors import InvalidInputError
from memory.decisions.recall import Recall
from tools.servers.decision_results import DecisionList, FoundDecisions, RejectedView
from tools.servers.principals import PrincipalOf

Ctx = Context[Any, Any]
Question = Annotated[str, Field(description="What to look for, in the words of a question")]
Limit = Annotated[int, Field(ge=1, le=20, description="At most so many decisions")]


class DecisionTools:
    """The tools; each asks `principal_of` first."""

    def __init__(self, recall: Recall, principal_of: PrincipalOf) -> None:
        self._recall, self._principal_of = recall, principal_of

    async def search_decisions(self, question: Question, context: Ctx, limit: Limit = 5) -> FoundDecisions:
        """Finds the decisions nearest to a question, with the rejected alternative that is nearest, whatever their distance."""
        principal = self._principal_of(context)
        return FoundDecisions.of(await self._recall.search(_asked(question), principal, limit=limit))

    async def why_did_we(self, question: Question, context: Ctx) -> FoundDecisions:
        """Tells why something was decided: the decisions that are about it, with rationale, alternatives and evidence."""
        principal = self._principal_of(context)
        return FoundDecisions.of(await self._recall.why(_asked(question), principal))

    async def was_rejected(
        self, idea: Annotated[str, Field(description="The idea, in words")], context: Ctx
    ) -> RejectedView:
        """Tells whether an idea was rejected before, why, and whether the reason still holds by its trip-wires."""
        principal = self._principal_of(context)
        return RejectedView.of(await self._recall.rejected(_asked(idea), principal))

    async def decision_timeline(
        self,
        context: Ctx,
        about: Annotated[str | None, Field(description="Only decisions about this, and what superseded them")] = None,
    ) -> DecisionList:
        """Lists decisions by day, with what took their place and when."""
        principal = self._principal_of(context)
        return DecisionList.of(await self._recall.timeline(principal, about=about and _asked(about)))


def _asked(words: str) -> str:
    if not words.strip():
        raise InvalidInputError("There is nothing to look for: say what the decision should be about")
    return words
