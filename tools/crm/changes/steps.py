"""What is to be done next for a deal: the first thing that somebody undertook by a day that has not gone by."""

from datetime import date

from memory.crm.records import Deal
from models.text.words import content_stems
from tools.calls.speech import SELLER
from tools.crm.changes.change import Said
from tools.crm.changes.closings import signs
from tools.crm.changes.settled import settles
from tools.crm.changes.talk import role_of, text_of
from tools.crm.changes.wording import worded
from tools.risks.hearing import Heard, Promise

ALIKE = 0.5
"""A next step that shares so much of the present one's words is the present one."""
SURE = 0.7


def step_said(call: Heard, deal: Deal, today: date) -> Said | None:
    """The step of the call that is due first, from today on; None where the CRM has it already."""
    open_ = [one for one in (*call.promises, *call.theirs) if one.due >= today and _is_meant(one)]
    if not open_:
        return None
    first = min(open_, key=lambda one: (one.due, one.quote.utterances[0].turn))
    if deal.next_step and _is_known(first, deal.next_step):
        return None
    return Said(_told(first, call), first.quote, SURE, f"{first.owner} undertook it, due {first.due}")


def _is_meant(promise: Promise) -> bool:
    text = text_of(promise.quote)
    return settles(text, past=True) and not signs(text)


def _is_known(promise: Promise, known: str) -> bool:
    have, said = set(content_stems(known)), set(content_stems(text_of(promise.quote)))
    return bool(have) and len(have & said) >= ALIKE * len(have)


def _told(promise: Promise, call: Heard) -> str:
    """The step with its owner and its day."""
    ours = role_of(promise.quote) == SELLER
    step = worded(text_of(promise.quote), due=promise.due_text, other=call.account, ours=ours)
    return f"{step} ({promise.owner}, {promise.due})"
