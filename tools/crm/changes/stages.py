"""The stage that a deal has reached, or fell back from, as far as the CRM's pipeline has such a stage."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean

from memory.crm.records import Deal, StageChange, Status
from models.evidence import Source
from tools.calls.speech import BUYER, SELLER
from tools.crm.changes.change import Said
from tools.crm.changes.closings import of_others
from tools.crm.changes.settled import stated
from tools.crm.changes.talk import names_competitor, role_of, text_of
from tools.risks.book import Book
from tools.risks.hearing import Heard

_PAPER = r"(?:contract|agreement|order form|paperwork|renewal)"
_SIGNED = re.compile(
    rf"\b(?:(?:i|we)(?:'ve| have)?(?: just| already| now)? (?:counter)?signed (?:it\b|the {_PAPER}|your {_PAPER}|everything)"
    rf"|(?:the {_PAPER}|it)(?:'s| is| has been)(?: all| now)? (?:fully |counter)?(?:signed|executed)\b(?! by\b))",
    re.IGNORECASE,
)
_LOST = re.compile(
    r"\b(?:(?:we|i)(?:'ve| have)? (?:decided|chosen) (?:to go (?:with (?!you)|in another)|not to|against (?:it|this|you|doing|buying|going|changing))|we(?:'re| are) (?:going (?:ahead )?with (?!you)"
    r"|not (?:going (?:ahead|forward)|moving (?:ahead|forward)|renewing|proceeding|buying)\b)|we (?:went|signed) with (?!you)"
    r"|we won't be (?:renewing|moving forward|going ahead|proceeding))\b",
    re.IGNORECASE,
)
#: Of a part or of another thing: nothing of the deal itself.
_PARTLY = re.compile(
    r"^\W*(?:\w+ )?(?:with (?!(?:this|it|that|you|us)\b|the (?:deal|project|purchase|renewal)\b)|for\b|on\b|in\b)|\bonly with\b|\bpart of\b|\bfor the\b",
    re.IGNORECASE,
)
_NOT_YET = re.compile(r"\b(?:not|n't) signed\b|n't signed\b|\byet\b|\bstill\b", re.IGNORECASE)
_SENT = re.compile(
    rf"\b(?:i|we)(?:'ve| have)?(?: just| already)? sent (?:you |over |across |out )*(?:the |an? |your |our )?(?:\w+ )?{_PAPER}",
    re.IGNORECASE,
)
_GOT = re.compile(
    rf"\b(?:i|we)(?:'ve| have)?(?: just)? (?:got|received|have) (?:the |your )(?:\w+ )?{_PAPER}\b", re.IGNORECASE
)
_PAPER_STAGE = re.compile(r"contract|paper|order form|sent|signature", re.IGNORECASE)
SURE, LIKELY = 0.8, 0.7


@dataclass(frozen=True)
class Pipeline:
    """The stages that deals of one pipeline go through, as its records show them."""

    deals: Sequence[Deal]
    changes: Mapping[str, Sequence[StageChange]]

    @cached_property
    def status(self) -> Mapping[str, Status]:
        """Whether a deal in a stage may still be won, by the stage."""
        counted: defaultdict[str, Counter[Status]] = defaultdict(Counter)
        for deal in self.deals:
            counted[deal.stage][deal.status] += 1
            for change in self.changes.get(deal.id, ()):
                counted[change.stage][Status.OPEN] += change.stage != deal.stage
        return {stage: found.most_common(1)[0][0] for stage, found in counted.items()}

    @cached_property
    def place(self) -> Mapping[str, float]:
        """How far along a stage is, from 0: the mean place at which deals entered it."""
        places: defaultdict[str, list[int]] = defaultdict(list)
        for deal in self.deals:
            for place, change in enumerate(self.changes.get(deal.id, ())):
                places[change.stage].append(place)
        return {stage: fmean(found) for stage, found in places.items()}

    def ended(self, status: Status) -> str | None:
        """The one stage of deals that were won or lost."""
        found = [stage for stage, known in self.status.items() if known is status]
        return found[0] if len(found) == 1 else None

    def with_paper(self) -> str | None:
        """The one stage in which a contract is out."""
        found = [s for s, known in self.status.items() if known is Status.OPEN and _PAPER_STAGE.search(s)]
        return found[0] if len(found) == 1 else None


def pipeline_of(deal: Deal, book: Book) -> Pipeline:
    """The deal's pipeline."""
    return Pipeline([one for one in book.deals if one.pipeline == deal.pipeline], book.changes_of)


def stage_said(call: Heard, deal: Deal, book: Book) -> Said | None:
    """The stage that the call gives reason for, where it is another than the deal's; the last reason of the call wins."""
    found = list(_reasons(call, deal, book))
    return found[-1] if found else None


def _reasons(call: Heard, deal: Deal, book: Book) -> Iterator[Said]:
    pipeline = pipeline_of(deal, book)
    for said in call.said:
        text = text_of(said).replace("’", "'")
        if role_of(said) == BUYER and _is(_SIGNED, text) and not _of_others(call, said):
            yield from _to(deal, pipeline.ended(Status.WON), said, "the customer says that it is signed")
        elif role_of(said) == BUYER and _is(_LOST, text, denial=True):
            yield from _to(deal, pipeline.ended(Status.LOST), said, "the customer says that it goes another way")
        elif _is_out(said, text):
            yield from _on(deal, pipeline, said)
    refused = [one for one in call.refusals if not _NOT_YET.search(text_of(one))]
    if (deal.pipeline, deal.stage) in book.usual.closing and refused:
        previous = next(
            (one.previous for one in reversed(book.changes_of.get(deal.id, ())) if one.stage == deal.stage), None
        )
        why = f"the customer refused to sign, and the deal was in {previous!r} before"
        yield from _to(deal, previous, refused[-1], why)


def _is(pattern: re.Pattern[str], text: str, *, denial: bool = False) -> bool:
    found = pattern.search(text)
    return found is not None and not _PARTLY.search(text[found.end() :]) and stated(text, found, denial=denial)


def _of_others(call: Heard, said: Source) -> bool:
    """Whether it is about a competitor, or in answer to something else that is signed."""
    turn = said.utterances[0].turn
    near = " ".join(text_of(one) for one in call.said if turn - 1 <= one.utterances[0].turn <= turn)
    return names_competitor(call, said) or of_others(near)


def _is_out(said: Source, text: str) -> bool:
    return _is(_SENT, text) if role_of(said) == SELLER else role_of(said) == BUYER and _is(_GOT, text)


def _on(deal: Deal, pipeline: Pipeline, said: Source) -> Iterator[Said]:
    """Forward to where a contract is out; never back."""
    stage = pipeline.with_paper()
    if stage and pipeline.place.get(stage, 0) > pipeline.place.get(deal.stage, 0):
        yield from _to(deal, stage, said, "the contract is said to be out", LIKELY)


def _to(deal: Deal, stage: str | None, said: Source, why: str, confidence: float = SURE) -> Iterator[Said]:
    if stage and stage != deal.stage:
        yield Said(stage, said, confidence, why)
