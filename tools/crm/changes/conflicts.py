"""Three sides of a field: what the CRM reads now, what a call says, and what Sophia's own last edit wrote."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from core.plans import Json
from memory.crm.edits import MODIFIED, Synced
from memory.crm.records import Deal, StageChange
from tools.crm.changes.change import Change, Conflict, Side

STAGE = "stage"


def with_conflict(change: Change, deal: Deal, synced: Sequence[Synced], history: Sequence[StageChange]) -> Change:
    """The change, marked where the CRM's side was changed after the call, by whomever, or after Sophia's last edit of the field.

    `synced` are the edits of the deal, oldest first. A CRM that tells only when a record was changed leaves open which
    field it was: then each of them counts as changed.
    """
    return replace(change, conflict=_since_synced(change, synced) or _since_call(change, deal, synced, history))


def _since_synced(change: Change, synced: Sequence[Synced]) -> Conflict | None:
    last = _last(change, synced)
    if last is None or last.after == change.now:
        return None
    wrote, now = _told(last.after), _told(change.now)
    text = f"Sophia wrote {wrote} on {last.at.date()} (plan {last.plan[:12]}), and since then a person or an import set it to {now}"
    return Conflict(Side.SYNC, last.at.date(), text)


def _since_call(
    change: Change, deal: Deal, synced: Sequence[Synced], history: Sequence[StageChange]
) -> Conflict | None:
    held, last = change.said.quote.held, _last(change, synced)
    if last is not None:
        return None if held and last.at <= held else _approved_since(change, last)
    if change.field == STAGE:
        entered = next((one.entered for one in reversed(history) if one.stage == change.now), None)
        if entered and entered >= change.day:
            text = f"it was moved to {_told(change.now)} on {entered}, and the call was on {change.day}"
            return Conflict(Side.PERSON, entered, text)
    modified = _modified(deal, synced)
    if modified is None or held is None or modified <= held:
        return None
    text = f"the record was changed on {modified.date()}, after the call of {change.day}; which field, the CRM does not tell"
    return Conflict(Side.PERSON, modified.date(), text)


def _approved_since(change: Change, last: Synced) -> Conflict:
    """What somebody let Sophia write after the call is newer than what the call says."""
    wrote, day = _told(last.after), last.at.date()
    text = f"Sophia wrote {wrote} on {day} (plan {last.plan[:12]}), after the call of {change.day}"
    return Conflict(Side.SYNC, day, text)


def _modified(deal: Deal, synced: Sequence[Synced]) -> datetime | None:
    """When the record was last changed by anything but an edit, as far as it still says so or said so before an edit."""
    stamps = [one for one in synced if one.field == MODIFIED]
    ours = {_moment(one.after) for one in stamps}
    known = {deal.modified, *(_moment(one.before) for one in stamps)} - ours
    return max((moment for moment in known if moment), default=None)


def _moment(stamp: Json) -> datetime | None:
    return datetime.fromisoformat(stamp) if isinstance(stamp, str) else None


def _last(change: Change, synced: Sequence[Synced]) -> Synced | None:
    """The last edit of the field."""
    return next((one for one in reversed(synced) if one.field == change.field), None)


def _told(value: object) -> str:
    return "nothing" if value is None else repr(str(value))
