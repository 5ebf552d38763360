"""What the calls with an account give reason to change of one of its deals, and of its contacts."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from memory.crm.edits import How
from memory.crm.records import Account, Contact, Deal
from memory.crm.values import plain
from tools.crm.changes.amounts import amount_said
from tools.crm.changes.change import Change, Said
from tools.crm.changes.closings import closing_said
from tools.crm.changes.competitors import competitor_said
from tools.crm.changes.people import named_on, spoken_with
from tools.crm.changes.stages import stage_said
from tools.crm.changes.steps import step_said
from tools.crm.remote import made_id
from tools.risks.book import Book
from tools.risks.hearing import Heard

Find = Callable[[Heard], Said | None]


@dataclass(frozen=True, slots=True)
class Talked:
    """A deal's calls, oldest first, in the book they are read from."""

    deal: Deal
    calls: Sequence[Heard]
    book: Book

    def finders(self) -> dict[str, Find]:
        """How each field is heard."""
        deal, book = self.deal, self.book
        return {
            "stage": lambda call: stage_said(call, deal, book),
            "amount": lambda call: amount_said(call, deal),
            "expected": closing_said,
            "next_step": lambda call: step_said(call, deal, book.today),
            "competitor": lambda call: competitor_said(call, deal),
        }


def deal_changes(talked: Talked) -> Iterator[Change]:
    """The fields of which a call says otherwise than the CRM; the newest call that speaks of a field wins."""
    for field, find in talked.finders().items():
        said = [(call, found) for call in talked.calls if (found := find(call))]
        if said:
            call, newest = said[-1]
            now = plain(getattr(talked.deal, field))
            earlier = tuple(one for _, one in said[:-1] if one.value != newest.value)
            if newest.value != now:
                yield _of_deal(talked.deal, field, newest, call, earlier)


def contact_changes(
    account: Account, calls: Sequence[Heard], known: Sequence[Contact], ours: frozenset[str]
) -> Iterator[Change]:
    """A new contact for each person of the customer whom the CRM does not know, newest call first."""
    seen = [*known]  # grows as people are found, and whoever is looked for next is held against it
    for call in reversed(calls):
        for confidence, people in ((0.9, spoken_with(call, seen)), (0.7, named_on(call, seen, ours))):
            for name, title, quote in people:
                said = Said(name, quote, confidence, f"{title or 'no title was told'}; the CRM has no such contact")
                id_ = made_id(account.id, name.casefold())
                fresh = Contact(
                    tenant=account.tenant, id=id_, name=name, title=title, account=account.id, owner=account.owner
                )
                seen.append(fresh)
                yield Change(
                    table="contacts",
                    record=id_,
                    title=f"{name}, {account.name}",
                    field="name",
                    now=None,
                    said=said,
                    label=account.label,
                    day=call.day,
                    how=How.CREATE,
                    account=account.name,
                    values=tuple((one, plain(getattr(fresh, one))) for one in ("title", "account", "owner")),
                )


def _of_deal(deal: Deal, field: str, said: Said, call: Heard, earlier: tuple[Said, ...]) -> Change:
    return Change(
        table="deals",
        record=deal.id,
        title=deal.name or deal.id,
        field=field,
        now=plain(getattr(deal, field)),
        said=said,
        label=deal.label,
        day=call.day,
        account=call.account,
        earlier=earlier,
    )
