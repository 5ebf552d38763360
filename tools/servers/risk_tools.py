"""The tools that find deals and customers at risk."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Annotated, Any

from mcp.server.mcpserver import Context
from pydantic import Field

from memory.crm.records import Account, Deal
from tools.risks.book import Book
from tools.risks.customers import customers_at_risk
from tools.risks.deals import deals_at_risk
from tools.risks.reading import Books
from tools.servers.principals import PrincipalOf
from tools.servers.risk_results import Risks

Ctx = Context[Any, Any]
Rep = Annotated[
    str | None, Field(description="Only those of this seller, by name", json_schema_extra={"x-entity": "rep"})
]
AccountName = Annotated[
    str | None, Field(description="Only this account, by name", json_schema_extra={"x-entity": "account"})
]
Limit = Annotated[int, Field(ge=1, le=50, description="At most so many, the first by rank")]


class RiskTools:
    """The tools; each asks `principal_of` first. `today` is the company's day, from which days are counted."""

    def __init__(self, books: Books, principal_of: PrincipalOf, today: Callable[[], date]) -> None:
        self._books, self._principal_of, self._today = books, principal_of, today

    async def deals_at_risk(
        self, context: Ctx, rep: Rep = None, account: AccountName = None, limit: Limit = 10
    ) -> Risks:
        """Finds the open deals that may be lost or slip, with dated reasons, by amount at stake and weight of the reasons."""
        book = await self._books.read(self._principal_of(context), self._today())
        found = await asyncio.to_thread(deals_at_risk, book, lambda deal: is_wanted(deal, book, rep, account))
        return Risks.of_deals(found, book, limit)

    async def customers_at_risk(
        self, context: Ctx, rep: Rep = None, account: AccountName = None, limit: Limit = 10
    ) -> Risks:
        """Finds the customers whose health is not good, the worst first, with what it is made of."""
        book = await self._books.read(self._principal_of(context), self._today())
        wanted = [one for one in book.accounts if _named(one.owner, rep) and _named(one.name, account)]
        found = await asyncio.to_thread(customers_at_risk, replace(book, accounts=wanted))
        return Risks.of_customers(found, book, limit)


def is_wanted(deal: Deal, book: Book, rep: str | None, account: str | None) -> bool:
    """Whether the deal is that seller's and that account's, as far as either is given."""
    buyer: Account | None = book.account.get(deal.account or "")
    return _named(deal.owner, rep) and _named(buyer.name if buyer else None, account)


def _named(name: str | None, wanted: str | None) -> bool:
    return wanted is None or (name or "").casefold() == wanted.strip().casefold()
