"""Deals and customers at risk: the material of an answer, and the parts of a briefing."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pydantic import JsonValue

from agents.base import Finding, Task, Turn
from agents.executive_briefing.document import Line, Risk, Section
from agents.executive_briefing.measures import finding
from agents.executive_briefing.metrics import structured
from agents.executive_briefing.prose import Prose
from agents.executive_briefing.wanted import Wanted
from models.evidence import Citation, Figure
from models.extractive.gazetteer import names_in
from models.language import Form, Sentence
from tools.servers.metric_results import MetricInfo
from tools.servers.risk_results import AtRisk, RiskReason, Risks

MOST_TOLD = 5
MOST_IN_BRIEFING = 5
NARROWS = ("rep", "account")
RANKED = "They are in the order of the amount at stake times the weight of the reasons"


async def deals_at_risk(task: Task, turn: Turn) -> Finding:
    """The open deals that may be lost or slip: figures of their reasons, and the words of calls that they rest on."""
    found = await _asked(task, turn, "deals_at_risk")
    return _finding(task, found, what="open deals", ranked=RANKED)


async def customers_at_risk(task: Task, turn: Turn) -> Finding:
    """The customers whose health is not good, with what it is made of."""
    found = await _asked(task, turn, "customers_at_risk")
    return _finding(task, found, what="customers", ranked="They are in the order of their health, the worst first")


async def deals(_wanted: Wanted, _metrics: dict[str, MetricInfo], prose: Prose) -> Section:
    """The part of a briefing about open deals."""
    found = await _found(prose.turn, "deals_at_risk", {"limit": MOST_IN_BRIEFING})
    return _section("deals", "Deals at risk", found, prose, what="open deals")


async def customers(_wanted: Wanted, _metrics: dict[str, MetricInfo], prose: Prose) -> Section:
    """The part of a briefing about customers."""
    found = await _found(prose.turn, "customers_at_risk", {"limit": MOST_IN_BRIEFING})
    return _section("customers", "Customers at risk", found, prose, what="customers")


async def _asked(task: Task, turn: Turn, tool: str) -> Risks:
    """What the question asks for, narrowed to a rep or an account that it names."""
    return await _found(turn, tool, {"limit": MOST_TOLD, **narrowed(task, turn)})


def narrowed(task: Task, turn: Turn) -> dict[str, JsonValue]:
    """The one rep and the one account that the question names, as a tool takes them."""
    named: dict[str, JsonValue] = {}
    for kind in NARROWS:
        names = {one.entity.name for one in names_in(task.question, turn.entities, kind=kind) if one.entity}
        if len(names) == 1:
            named[kind] = names.pop()
    return named


async def _found(turn: Turn, tool: str, arguments: dict[str, JsonValue]) -> Risks:
    return Risks.model_validate(await structured(turn, tool, **arguments))


def _finding(task: Task, found: Risks, *, what: str, ranked: str) -> Finding:
    notes = [_counted(found, what), *([ranked] if len(found.risks) > 1 else []), *_unfigured(found), *found.notes]
    told = finding(
        task,
        figures=[figure for risk in found.risks for figure in figures_of(risk)],
        label=found.highest,
        note=" ".join(f"{note.removesuffix('.')}." for note in notes),
    )
    passages = (passage for risk in found.risks for reason in risk.reasons for passage in reason.passages)
    sources = tuple(dict.fromkeys(passage.source for passage in passages))
    return replace(told, form=Form.QUOTES, sources=sources, documents=found.documents)


def figures_of(risk: AtRisk) -> Iterator[Figure]:
    """What is at stake, the health, and the own numbers of each reason."""
    own = [one for one in (risk.stake, risk.health) if one]
    told = [one for reason in risk.reasons for one in reason.figures if not one.context]
    yield from dict.fromkeys(one.figure for one in (*own, *told))


def _section(id_: str, heading: str, found: Risks, prose: Prose, *, what: str) -> Section:
    prose.rests_on(found.highest, found.documents)
    risks = tuple(_risk(risk, prose) for risk in found.risks)
    notes = [*found.notes] if found.found else [_counted(found, what), *found.notes]
    return Section(id_, heading, risks=risks, note=" ".join(f"{note}." for note in notes) or None)


def _risk(risk: AtRisk, prose: Prose) -> Risk:
    reasons = [_line(reason, prose) for reason in risk.reasons]
    stake = risk.stake.figure if risk.stake else None
    return Risk(risk.name, risk.owner, stake, (*_health_line(risk), *reasons))


def _health_line(risk: AtRisk) -> Iterator[Line]:
    """A customer's health, or that there is no score; nothing of a deal."""
    if risk.health:
        figure = risk.health.figure
        yield Line(f"Health: {figure.text} of 100", (figure,))
    elif risk.told:
        yield Line("No health score: too few signals are known")


def _line(reason: RiskReason, prose: Prose) -> Line:
    figures = tuple(one.figure for one in reason.figures)
    cited = _marked(reason.text, reason.citations)
    return prose.cited(Sentence(cited, reason.citations, figures), [one.source for one in reason.passages])


def _marked(text: str, citations: Sequence[Citation]) -> str:
    return text + "".join(f" [{n}]" for n in range(1, len(citations) + 1))


def _unfigured(found: Risks) -> Iterator[str]:
    """Reasons that neither a figure nor a quotation tells."""
    for risk in found.risks:
        for reason in risk.reasons:
            if not reason.figures and not reason.passages:
                yield f"{risk.name}: {reason.text}"


def _counted(found: Risks, what: str) -> str:
    if not found.looked_at:
        return f"There are no {what} that you may see"
    shown = len(found.risks)
    first = f", and these are the first {shown}" if shown < found.found else ""
    return f"{found.found or 'None'} of {found.looked_at} {what} {'is' if found.found < 2 else 'are'} at risk{first}"
