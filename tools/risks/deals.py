"""Open deals that may be lost or slip, each with its reasons; those where most is at stake and most speaks against them first.

    rank = amount x the weights of the kinds of reasons (`reason.WEIGHTS`)

A deal whose reasons weigh less than `LEAST_WEIGHT` is not told of. What is usual is taken from the deals won, and only
where there are enough of them.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.identity import Label
from memory.crm.records import Deal
from models.evidence import highest
from tools.calls.speech import BUYER
from tools.risks.book import Book
from tools.risks.contradictions import contradictions
from tools.risks.hearing import Heard, Mention, Objection
from tools.risks.promises import overdue, promise_reason
from tools.risks.reason import Kind, Number, Reason, days_told, label_of, quoted, weight_of
from tools.risks.usual import contacts_of, entered_of

LEAST_WEIGHT = 2
MOST_PROMISES = 3
Rule = Callable[[Deal, Book], Iterator[Reason]]


@dataclass(frozen=True, slots=True)
class DealAtRisk:
    """A deal and what speaks against it, the weightiest first. `account` is the account's name."""

    deal: Deal
    account: str | None
    reasons: tuple[Reason, ...]
    label: Label

    @property
    def name(self) -> str:
        """The deal's name, or whose it is where it has none."""
        return self.deal.name or self.account or self.deal.id

    @property
    def weight(self) -> int:
        """What its reasons weigh together."""
        return weight_of(self.reasons)


@dataclass(frozen=True, slots=True)
class DealRisks:
    """The deals at risk, of `looked_at` open ones. `notes` say what could not be compared, and why."""

    deals: tuple[DealAtRisk, ...]
    looked_at: int
    notes: tuple[str, ...] = ()


def deals_at_risk(book: Book, wanted: Callable[[Deal], bool] = lambda _: True) -> DealRisks:
    """The wanted open deals of the book that enough speaks against, by rank; those without an amount come last.

    Amounts of several currencies are not compared: the currency of most deals comes first.
    """
    found = [deal_at_risk(deal, book) for deal in book.open_deals if wanted(deal)]
    risky = [one for one in found if one.weight >= LEAST_WEIGHT]
    currencies = Counter(one.deal.currency for one in risky if one.deal.amount and one.deal.currency)
    order = {currency: place for place, (currency, _) in enumerate(currencies.most_common())}

    def rank(one: DealAtRisk) -> tuple[int, Decimal, str]:
        known = one.deal.amount if one.deal.currency else None
        place = order.get(one.deal.currency or "", len(order)) if known else len(order)
        return place, -(known or Decimal(1)) * one.weight, one.deal.id

    return DealRisks(tuple(sorted(risky, key=rank)), len(found), tuple(_notes(book, list(order))))


def deal_at_risk(deal: Deal, book: Book) -> DealAtRisk:
    """What speaks against a deal; nothing may."""
    found = [reason for rule in RULES for reason in rule(deal, book)]
    reasons = tuple(sorted(found, key=lambda one: -one.weight))
    account = book.account.get(deal.account or "")
    own = [deal.label, account.label if account else Label.PUBLIC, label_of(reasons)]
    activities = [one.label for one in book.activities_of_deal.get(deal.id, ())]
    return DealAtRisk(deal, account.name if account else None, reasons, highest([*own, *activities]))


def _notes(book: Book, currencies: Sequence[str | None]) -> Iterator[str]:
    if book.open_deals and book.usual.said:
        yield book.usual.said
    for have, what in ((book.with_next_step, "a next step"), (book.with_amount, "an amount")):
        if book.open_deals and not _most(have, book):
            yield f"{have} of {len(book.open_deals)} open deals have {what}, so that to have none says nothing of a deal"
    if len(currencies) > 1:
        yield f"Amounts in {' and '.join(map(str, currencies))} are not compared with each other"


def _close_past(deal: Deal, book: Book) -> Iterator[Reason]:
    if deal.expected and deal.expected < book.today:
        days = (book.today - deal.expected).days
        text = f"Expected to close {deal.expected}, {days_told(days)} ago"
        yield Reason(Kind.CLOSE_PAST, text, (Number("days_past_close", days, "days", deal.expected),))


def _silent(deal: Deal, book: Book) -> Iterator[Reason]:
    days = [one.day for one in book.activities_of_deal.get(deal.id, ())]
    days += [call.day for call in book.calls_of_deal(deal)]
    usual, last = book.usual.silence, max(days, default=deal.engaged or deal.created)
    if usual is None or last is None or (silent := (book.today - last).days) <= usual:
        return
    text = (
        f"No activity or call for {days_told(silent)}, since {last}; three in four of {book.usual.deals} won deals were "
        f"never silent for more than {days_told(usual)}"
    )
    yield Reason(
        Kind.SILENT,
        text,
        (
            Number("days_since_contact", silent, "days", last),
            Number("usual_days_of_silence", usual, "days", context=True),
            Number("deals_won", book.usual.deals, "deals", context=True),
        ),
    )


def _stuck(deal: Deal, book: Book) -> Iterator[Reason]:
    entered = entered_of(deal, book.changes_of.get(deal.id, ()))
    usual = book.usual.stages.get((deal.pipeline, deal.stage))
    if entered is None or usual is None or (days := (book.today - entered).days) <= usual[0]:
        return
    text = (
        f'In "{deal.stage}" for {days_told(days)}, since {entered}; three in four of {usual[1]} won deals left it within '
        f"{days_told(usual[0])}"
    )
    yield Reason(
        Kind.STUCK,
        text,
        (
            Number("days_in_stage", days, "days", entered),
            Number("usual_days_in_stage", usual[0], "days", context=True),
            Number("won_deals_in_stage", usual[1], "deals", context=True),
        ),
    )


def _lacking(deal: Deal, book: Book) -> Iterator[Reason]:
    """What the CRM has of most open deals and not of this one."""
    if not (deal.next_step or "").strip() and _most(book.with_next_step, book):
        yield Reason(Kind.NO_NEXT_STEP, "The CRM has no next step")
    if not deal.amount and _most(book.with_amount, book):
        yield Reason(Kind.NO_AMOUNT, "The CRM has no amount")


def _most(have: int, book: Book) -> bool:
    return 2 * have > len(book.open_deals)


def _single_contact(deal: Deal, book: Book) -> Iterator[Reason]:
    """One contact is told of where fewer than half of the won deals had only one."""
    people = contacts_of(book.activities_of_deal.get(deal.id, ()))
    heard = {name for call in book.calls_of_deal(deal) for name in call.buyers}
    if len(people) == 1 and len(heard) < 2 and book.usual.single is not None and book.usual.single < 50:
        text = (
            f"Only 1 person of theirs is in touch; of {book.usual.deals} won deals {book.usual.single} % had only one"
        )
        numbers = (
            Number("contacts", 1, "contacts"),
            Number("deals_won", book.usual.deals, "deals", context=True),
            Number("won_with_one_contact", book.usual.single, "percent", context=True),
        )
        yield Reason(Kind.SINGLE_CONTACT, text, numbers)


def _competitor(deal: Deal, book: Book) -> Iterator[Reason]:
    said = [one for call in book.calls_of_deal(deal) for one in call.competitors]
    names = list(dict.fromkeys([*([deal.competitor] if deal.competitor else []), *(one.name for one in said)]))
    if names:
        yield _named(names, said)


def _named(names: Sequence[str], said: Sequence[Mention]) -> Reason:
    text = f"Competing: {', '.join(names)}"
    if not said or said[-1].quote.held is None:
        return Reason(Kind.COMPETITOR, text)
    theirs = [one for one in said if one.quote.utterances[0].role == BUYER]
    last = (theirs or said)[-1].quote
    number = Number("competitor_mentions", len(said), "mentions")
    count = f"{len(said)} mention{'' if len(said) == 1 else 's'}"
    return Reason(Kind.COMPETITOR, f"{text}; {count} on calls. {quoted(last)}", (number,), (last,))


def _objections(deal: Deal, book: Book) -> Iterator[Reason]:
    yield from open_objections(book.calls_of_deal(deal))


def open_objections(calls: Sequence[Heard]) -> Iterator[Reason]:
    """What was objected to on the last of the calls: no later one can have settled it. One a topic, the surest."""
    if not calls:
        return
    best: dict[str, Objection] = {}
    for one in sorted(calls[-1].objections, key=lambda one: -one.confidence):
        best.setdefault(one.topic, one)
    if best:
        quotes = tuple(one.quote for one in best.values())
        count = f"{len(best)} objection{'' if len(best) == 1 else 's'}"
        text = f"{count} on the last call, {calls[-1].day}: {', '.join(best)}. {quoted(quotes[0])}"
        yield Reason(Kind.OBJECTIONS, text, (Number("open_objections", len(best), "objections"),), quotes)


def _promises(deal: Deal, book: Book) -> Iterator[Reason]:
    done = book.activities_of_account.get(deal.account or "", ())
    broken = overdue(book.calls_of_deal(deal), done, book.today)
    yield from map(promise_reason, broken[:MOST_PROMISES])


def _contradicted(deal: Deal, book: Book) -> Iterator[Reason]:
    yield from contradictions(deal, book.calls_of_deal(deal), book.changes_of.get(deal.id, ()), book.usual)


RULES: tuple[Rule, ...] = (
    _close_past, _promises, _silent, _contradicted, _objections, _stuck, _lacking, _single_contact, _competitor,
)  # fmt: skip
