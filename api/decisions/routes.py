"""`/v1/decisions`: what was decided and why, what was rejected, and what waits to be confirmed."""

from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.bootstrap import Sophia
from api.decisions.schemas import (
    CalibrationView,
    DueView,
    EntryView,
    Heard,
    ProposalView,
    Recorded,
    WantedDecision,
    WantedHearing,
    WantedOutcome,
    WantedSuccession,
)
from api.security.http import asker, the_sophia
from api.security.keys import ASK, DECIDE, require
from core.errors import InvalidInputError
from core.identity import Label, Principal
from memory.decisions.calibration import calibration
from memory.decisions.model import Decision
from memory.decisions.wires import check_wires
from tools.servers.decision_results import DecisionList, DecisionView, FoundDecisions, RejectedView

router = APIRouter(prefix="/v1/decisions", tags=["decisions"])
Sophia_ = Annotated[Sophia, Depends(the_sophia)]


async def reader(principal: Annotated[Principal, Depends(asker)]) -> Principal:
    """Who asks the ledger; ForbiddenError without the role `ask`."""
    require(principal, ASK)
    return principal


async def decider(principal: Annotated[Principal, Depends(asker)]) -> Principal:
    """Who writes the ledger; ForbiddenError without the role `decide`."""
    require(principal, DECIDE)
    return principal


Reader = Annotated[Principal, Depends(reader)]
Decider = Annotated[Principal, Depends(decider)]
Words = Annotated[str, Query(min_length=1, max_length=2000)]


@router.get("")
async def listed(sophia: Sophia_, principal: Reader) -> DecisionList:
    """Every decision that you may read, by day."""
    return DecisionList.of(await sophia.decisions.ledger.all(principal))


@router.post("", status_code=HTTPStatus.CREATED)
async def record(
    wanted: WantedDecision, sophia: Sophia_, principal: Decider, supersedes: str | None = None
) -> Recorded:
    """Records a decision; with `supersedes` it takes that one's place from its own day on.

    E_INVALID_INPUT for a quotation that is not in its call, E_CONFLICT where something else has taken the place.
    """
    decision = await _decision(wanted, sophia, principal)
    return Recorded(id=await sophia.decisions.ledger.record(decision, principal, supersedes=supersedes))


@router.get("/why")
async def why(question: Words, sophia: Sophia_, principal: Reader) -> FoundDecisions:
    """The decisions that answer "why did we ...", nearest first; none where nothing is near enough."""
    return FoundDecisions.of(await sophia.decisions.recall.why(question, principal))


@router.get("/rejected")
async def rejected(idea: Words, sophia: Sophia_, principal: Reader) -> RejectedView:
    """Whether an idea was rejected before, and whether the reason still holds by its trip-wires."""
    return RejectedView.of(await sophia.decisions.recall.rejected(idea, principal))


@router.get("/as-of")
async def as_of(day: date, sophia: Sophia_, principal: Reader, known: datetime | None = None) -> DecisionList:
    """The decisions in force on a day, as the ledger knew them at a moment (now, if none is given)."""
    if known is not None and known.tzinfo is None:
        raise InvalidInputError(f"known={known.isoformat()!r} names no time zone: write it as 2026-03-20T12:00:00Z")
    return DecisionList.of(await sophia.decisions.ledger.as_of(day, principal, known=known))


@router.get("/timeline")
async def timeline(sophia: Sophia_, principal: Reader, about: Words | None = None) -> DecisionList:
    """The decisions by day: all, or those about something with what took their place."""
    return DecisionList.of(await sophia.decisions.recall.timeline(principal, about=about))


@router.get("/due")
async def due(sophia: Sophia_, principal: Reader) -> list[DueView]:
    """The decisions in force whose review is due or whose trip-wires are crossed."""
    return [DueView.of(one) for one in await sophia.decisions.recall.due(principal)]


@router.get("/calibration")
async def calibrated(sophia: Sophia_, principal: Reader) -> list[CalibrationView]:
    """How sure each owner was, against how the decisions turned out."""
    return [CalibrationView.of(one) for one in calibration(await sophia.decisions.ledger.all(principal))]


@router.get("/proposals")
async def waiting(sophia: Sophia_, principal: Reader) -> list[ProposalView]:
    """What was heard and waits for a person, oldest first."""
    return [ProposalView.of(one) for one in await sophia.decisions.proposals.waiting(principal)]


@router.post("/proposals", status_code=HTTPStatus.CREATED)
async def hear(wanted: WantedHearing, sophia: Sophia_, principal: Decider) -> Heard:
    """Lets what sounds like a decision on a call wait for a person. The same call again adds nothing."""
    return Heard(proposals=await sophia.decisions.heard(wanted.call, principal))


@router.get("/proposals/{proposal}")
async def proposed(proposal: str, sophia: Sophia_, principal: Reader) -> ProposalView:
    """One proposal, also one that was confirmed or dismissed."""
    return ProposalView.of(await sophia.decisions.proposals.one(proposal, principal))


@router.post("/proposals/{proposal}/confirm")
async def confirm(
    proposal: str,
    sophia: Sophia_,
    principal: Decider,
    edited: WantedDecision | None = None,
    supersedes: str | None = None,
) -> Recorded:
    """Records the proposal, or what you made of it; with `supersedes` it takes that decision's place.

    Confirming again answers with the same decision.
    """
    decision = await _decision(edited, sophia, principal) if edited else None
    proposals = sophia.decisions.proposals
    return Recorded(id=await proposals.confirm(proposal, principal, edited=decision, supersedes=supersedes))


@router.post("/proposals/{proposal}/dismiss", status_code=HTTPStatus.NO_CONTENT)
async def dismiss(proposal: str, sophia: Sophia_, principal: Decider) -> None:
    """Lets the proposal go."""
    await sophia.decisions.proposals.dismiss(proposal, principal)


@router.get("/{decision}")
async def one(decision: str, sophia: Sophia_, principal: Reader) -> DecisionView:
    """One decision."""
    return DecisionView.of(await sophia.decisions.ledger.one(decision, principal))


@router.get("/{decision}/history")
async def history(decision: str, sophia: Sophia_, principal: Reader) -> list[EntryView]:
    """The records of a decision, in the order of recording."""
    return [EntryView.of(entry) for entry in await sophia.decisions.ledger.history(decision, principal)]


@router.post("/{decision}/correct")
async def correct(decision: str, wanted: WantedDecision, sophia: Sophia_, principal: Decider) -> DecisionView:
    """What the decision was from the start, as is known now; what was believed before stays to be read."""
    await sophia.decisions.ledger.correct(decision, await _decision(wanted, sophia, principal), principal)
    return await one(decision, sophia, principal)


@router.post("/{decision}/supersede")
async def supersede(decision: str, wanted: WantedSuccession, sophia: Sophia_, principal: Decider) -> DecisionView:
    """Lets another decision take its place. E_INVALID_INPUT for one that would supersede itself."""
    await sophia.decisions.ledger.supersede(decision, wanted.by, principal)
    return await one(decision, sophia, principal)


@router.post("/{decision}/outcome")
async def outcome(decision: str, wanted: WantedOutcome, sophia: Sophia_, principal: Decider) -> DecisionView:
    """How it turned out; a later record replaces an earlier one."""
    await sophia.decisions.ledger.note_outcome(decision, wanted.outcome(today=sophia.today().date()), principal)
    return await one(decision, sophia, principal)


async def _decision(wanted: WantedDecision, sophia: Sophia, principal: Principal) -> Decision:
    """As the ledger keeps it, with trip-wires that can be read. A quotation without a version is of the present one."""
    today = sophia.today().date()
    named = {one.document for one in wanted.quoted if one.content_hash is None}
    live = await sophia.citable.live(named, principal) if named else {}
    decision = wanted.decision(today=today, label=Label.parse(sophia.settings.default_label), live=live)
    await check_wires(decision.wires, sophia.figures.metrics, principal, today)
    return decision
