"""The tools that score open deals by how deals ended, and that tell how good this is."""

import asyncio
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from mcp.server.mcpserver import Context
from pydantic import Field

from core.errors import DeadlineError, UnsupportedError
from core.identity import Principal
from tools.risks.book import Book
from tools.risks.chances import chances
from tools.risks.outcomes import USE, Outcomes, outcomes_of
from tools.risks.reading import Books
from tools.scores.fits import Fits
from tools.scores.model import Model
from tools.servers.principals import PrincipalOf
from tools.servers.risk_tools import AccountName, Limit, Rep, is_wanted
from tools.servers.score_results import DealOutcomes, ScoreReport

Ctx = Context[Any, Any]
SEED = 1
"""Draws the folds of the cross-validation: the same deals give the same model."""
WAIT_S = 15.0
"""For a fit, which takes seconds; it goes on in the background."""
NO_OPEN = "there is no open deal with a day on which selling began"
NO_CHURN = (
    "no churn score is fitted from the CRM, which does not keep what was known of customers before they left: "
    "'customers_at_risk' has their health"
)


class Fitted(StrEnum):
    """What a score may be of."""

    DEAL_OUTCOME = "deal_outcome"
    CHURN = "churn"


class ScoreTools:
    """The tools; each asks `principal_of` first. `today` is the company's day, at which the open deals stand."""

    def __init__(
        self, books: Books, principal_of: PrincipalOf, today: Callable[[], date], *, wait_s: float = WAIT_S
    ) -> None:
        self._books, self._principal_of, self._today = books, principal_of, today
        self._fits, self._wait_s = Fits(seed=SEED), wait_s

    async def deal_outcomes(
        self, context: Ctx, rep: Rep = None, account: AccountName = None, limit: Limit = 10
    ) -> DealOutcomes:
        """Says how likely open deals are won, by how deals like them ended, with what moved each score; or why it cannot."""
        principal = self._principal_of(context)
        book, outcomes = await self._read(principal)
        model = await self._model(outcomes, principal)
        if isinstance(model, str):
            return DealOutcomes(label=str(book.label), notes=outcomes.notes, gap=model)
        found = await asyncio.to_thread(
            chances, book, outcomes, model, lambda deal: is_wanted(deal, book, rep, account)
        )
        return DealOutcomes.of(found, outcomes, model, book, limit)

    async def score_report(
        self, context: Ctx, use: Annotated[Fitted, Field(description="Which score")] = Fitted.DEAL_OUTCOME
    ) -> ScoreReport:
        """Says how good a score is: how well it tells, calibration, differences between groups, and what has shifted."""
        principal = self._principal_of(context)
        if use is Fitted.CHURN:
            return ScoreReport(label="public", use="churn", gap=NO_CHURN)
        book, outcomes = await self._read(principal)
        model = await self._model(outcomes, principal)
        if isinstance(model, str):
            return ScoreReport(label=str(book.label), use=USE.name, notes=outcomes.notes, gap=model)
        found = await asyncio.to_thread(chances, book, outcomes, model)
        return ScoreReport.of(found, outcomes, model, book)

    async def _read(self, principal: Principal) -> tuple[Book, Outcomes]:
        book = await self._books.records(principal, self._today())
        return book, await asyncio.to_thread(outcomes_of, book)

    async def _model(self, outcomes: Outcomes, principal: Principal) -> Model | str:
        """The model of these outcomes, or why there is none now."""
        if not outcomes.rows:
            return NO_OPEN
        try:
            key = (principal.tenant, outcomes.hash)
            return await self._fits.model(key, outcomes.examples, USE, wait_s=self._wait_s)
        except (UnsupportedError, DeadlineError) as error:
            return str(error)
