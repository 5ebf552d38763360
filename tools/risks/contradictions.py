"""Fields of an open deal that its last call contradicts; both sides are told, and nothing says which one is right."""

from collections.abc import Iterator, Sequence
from datetime import date

from memory.crm.records import Deal, StageChange
from models.text.written import written
from tools.risks.hearing import Heard, Price
from tools.risks.reason import Kind, Number, Reason, days_told, quoted
from tools.risks.usual import Usual, entered_of

COMPARABLE = 2.0
"""An amount more than so many times the deal's, or less than one part in so many, is of something else."""
LEAST_DIFFERENCE = 0.01
LEAST_DAYS = 8
"""A close day that is a week off is no contradiction."""


def contradictions(
    deal: Deal, calls: Sequence[Heard], changes: Sequence[StageChange], usual: Usual
) -> Iterator[Reason]:
    """What the deal's fields say and the last of its calls does not: amount, close day, stage."""
    if calls:
        last = calls[-1]
        yield from _amount(deal, last)
        yield from _close_day(deal, last)
        yield from _stage(deal, last, changes, usual)


def _amount(deal: Deal, call: Heard) -> Iterator[Reason]:
    """The last yearly price that one of ours named, where it is another than the deal's amount."""
    if not deal.amount or not deal.currency:
        return
    crm = float(deal.amount)
    near = [
        one
        for one in call.prices
        if one.currency == deal.currency and crm / COMPARABLE <= one.amount <= crm * COMPARABLE
    ]
    if near and not _alike(near[-1].amount, crm):
        yield from _differing(crm, near[-1], call)


def _differing(crm: float, said: Price, call: Heard) -> Iterator[Reason]:
    """Both amounts, unless a discount that was named on the call and not refused makes one of the other."""
    discounts = [one for one in call.percents if _alike(said.amount * (1 - one.value / 100), crm)]
    refused = next((one for one in discounts if one.refused), None)
    if discounts and refused is None:
        return
    known, heard = written(crm, said.currency), written(said.amount, said.currency)
    numbers = [
        Number("deal_amount", crm, said.currency, context=True),
        Number("amount_said", said.amount, said.currency, call.day),
    ]
    text = f"The CRM has {known}; on the call of {call.day} {heard} was said. {quoted(said.quote)}"
    quotes = [said.quote]
    if refused:
        told = written(refused.value, "percent")
        text = (
            f"The CRM has {known}, which is {told} less than {heard}; on the call of {call.day} that was refused. "
            f"{quoted(refused.quote)}"
        )
        numbers.append(Number("discount_refused", refused.value, "percent", call.day))
        quotes.insert(0, refused.quote)
    yield Reason(Kind.CONTRADICTION, text, tuple(numbers), tuple(quotes))


def _alike(one: float, other: float) -> bool:
    return abs(one - other) <= LEAST_DIFFERENCE * other


def _close_day(deal: Deal, call: Heard) -> Iterator[Reason]:
    days = [one for one in call.signings if one.day >= call.day]
    if deal.expected is None or not days:
        return
    said = days[-1]
    apart = abs((deal.expected - said.day).days)
    if apart >= LEAST_DAYS:
        way = "later" if deal.expected > said.day else "earlier"
        text = (
            f"The CRM expects it to close {deal.expected}, {days_told(apart)} {way} than {said.day}, which was said on the "
            f"call of {call.day}. {quoted(said.quote)}"
        )
        numbers = (Number("days_close_apart", apart, "days", said.day),)
        yield Reason(Kind.CONTRADICTION, text, numbers, (said.quote,))


def _stage(deal: Deal, call: Heard, changes: Sequence[StageChange], usual: Usual) -> Iterator[Reason]:
    """A stage out of which deals are won, though the customer refused to sign and no later call took that back."""
    if (deal.pipeline, deal.stage) in usual.closing and call.refusals:
        quote = call.refusals[-1]
        since = _since(entered_of(deal, changes))
        text = f'The CRM has it in "{deal.stage}"{since}; on the call of {call.day} they refused. {quoted(quote)}'
        yield Reason(Kind.CONTRADICTION, text, (), (quote,))


def _since(day: date | None) -> str:
    return f" since {day}" if day else ""
