"""Three sides of a field: what the CRM reads now, what a call says, and what Sophia's own last edit wrote."""

from collections.abc import Sequence
from dataclasses import replace

from memory.crm.edits import Synced
from memory.crm.records import Deal, StageChange
from tools.crm.changes.change import Change, Conflict, Side

STAGE = "stage"


def with_conflict(change: Change, deal: Deal, synced: Sequence[Synced], history: Sequence[StageChange]) -> Change:
    """The change, marked where somebody changed the CRM's side after the call or after Sophia's last edit of the field.

    `synced` are the edits of the deal, oldest first. A CRM that tells only when a record was changed leaves open which
    field it was: then each of them counts as changed.
    """
    return replace(change, conflict=_since_synced(change, synced) or _since_call(change, deal, synced, history))


def _since_synced(change: Change, synced: Sequence[Synced]) -> Conflict | None:
    mine = [one for one in synced if one.field == change.field]
    if not mine or mine[-1].after == change.now:
        return None
    last = mine[-1]
    wrote, now = _told(last.after), _told(change.now)
    text = f"Sophia wrote {wrote} on {last.at.date()} (plan {last.plan[:12]}), and since then somebody set it to {now}"
    return Conflict(Side.SYNC, last.at.date(), text)


def _since_call(
    change: Change, deal: Deal, synced: Sequence[Synced], history: Sequence[StageChange]
) -> Conflict | None:
    held, modified = change.said.quote.held, deal.modified
    own = [one for one in synced if one.field == change.field and one.after == change.now]
    if own:
        return None
    if change.field == STAGE:
        entered = next((one.entered for one in reversed(history) if one.stage == change.now), None)
        if entered and entered >= change.day:
            text = f"it was moved to {_told(change.now)} on {entered}, and the call was on {change.day}"
            return Conflict(Side.PERSON, entered, text)
    if modified is None or held is None or modified <= held:
        return None
    if synced and modified <= synced[-1].at:
        return None
    text = f"the record was changed on {modified.date()}, after the call of {change.day}; which field, the CRM does not tell"
    return Conflict(Side.PERSON, modified.date(), text)


def _told(value: object) -> str:
    return "nothing" if value is None else repr(str(value))
