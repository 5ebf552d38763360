"""A deal as it stood on a day: what its records told then, and nothing that only its end brings about."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property

from memory.crm.records import Deal, Status
from tools.risks.book import Book
from tools.risks.usual import contacts_of
from tools.scores.rows import Value

MONTH = timedelta(days=30)
FEWEST_OF_SELLER = 5
"""Earlier deals of a seller; with fewer the seller's record is not known."""
UNDATED = ("amount", "product", "segment", "region", "pipeline", "competitor_named")
"""Features that the CRM keeps no history of: they are as they were written last, and that may have been at the end."""
WORDS: Mapping[str, str] = {
    "age": "days since selling began",
    "stage_reached": "stage",
    "stages_entered": "stages entered",
    "days_in_stage": "days in its stage",
    "touches_at_first": "activities in the first 30 days",
    "touches_lately": "activities in the last 30 days",
    "days_since_touch": "days since the last activity",
    "people_in_touch": "people in touch",
    "seller_record": "percent won of the seller's earlier deals",
    "competitor_named": "a competitor named",
}


class Standing:
    """The deals of a book, each as of any day of its life."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def begun(self, deal: Deal) -> date | None:
        """The day that selling began, as far as it is known."""
        return deal.engaged or deal.created

    def ended(self, deal: Deal) -> date | None:
        """The day that the deal was decided: its close day, or an earlier one on which it entered its last stage."""
        if deal.status is Status.OPEN or deal.closed is None:
            return None
        entered = [one.entered for one in self._book.changes_of.get(deal.id, ()) if one.stage == deal.stage]
        return min([deal.closed, *entered])

    def on(self, deal: Deal, day: date) -> dict[str, Value]:
        """The features of the deal after that day, which is in its life. What was not known then is None."""
        begun = self.begun(deal)
        assert begun is not None
        return {
            "age": (day - begun).days,
            **self._stage(deal, day),
            **self._touches(deal, begun, day),
            "seller_record": self._record(deal, day),
            **self._undated(deal),
        }

    def _stage(self, deal: Deal, day: date) -> dict[str, Value]:
        entered = [one for one in self._book.changes_of.get(deal.id, ()) if one.entered <= day]
        last = entered[-1] if entered else None
        return {
            "stage_reached": last.stage if last else None,
            "stages_entered": len(entered) if entered else None,
            "days_in_stage": (day - last.entered).days if last else None,
        }

    def _touches(self, deal: Deal, begun: date, day: date) -> dict[str, Value]:
        done = [one for one in self._book.activities_of_deal.get(deal.id, ()) if begun <= one.day <= day]
        return {
            "touches_at_first": sum(one.day < begun + MONTH for one in done),
            "touches_lately": sum(one.day > day - MONTH for one in done),
            "days_since_touch": (day - done[-1].day).days if done else None,
            "people_in_touch": len(contacts_of(done)),
        }

    def _record(self, deal: Deal, day: date) -> float | None:
        earlier = [won for ended, id_, won in self._ends_of.get(deal.owner or "", ()) if ended < day and id_ != deal.id]
        return 100 * sum(earlier) / len(earlier) if len(earlier) >= FEWEST_OF_SELLER else None

    def _undated(self, deal: Deal) -> dict[str, Value]:
        account = self._book.account.get(deal.account or "")
        comparable = deal.amount and deal.currency == self._currency
        return {
            "amount": float(deal.amount) if deal.amount and comparable else None,
            "product": deal.product,
            "segment": deal.segment or (account.segment if account else None),
            "region": deal.region or (account.region if account else None),
            "pipeline": deal.pipeline,
            "competitor_named": "yes" if deal.competitor else None,
        }

    @cached_property
    def _currency(self) -> str | None:
        """The currency of most amounts; those in others are not compared."""
        known = Counter(deal.currency for deal in self._book.deals if deal.amount)
        return known.most_common(1)[0][0] if known else None

    @cached_property
    def _ends_of(self) -> Mapping[str, Sequence[tuple[date, str, bool]]]:
        """By seller: the days on which deals were decided, whose, and whether they were won."""
        found: defaultdict[str, list[tuple[date, str, bool]]] = defaultdict(list)
        for deal in self._book.deals:
            if ended := self.ended(deal):
                found[deal.owner or ""].append((ended, deal.id, deal.status is Status.WON))
        return found
