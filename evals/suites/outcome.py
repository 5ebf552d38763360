"""Which deals are won, from what is known while they are open: on this set next to nothing tells, and Sophia must say so.

Beside the cross-validation, the score of the earlier deals is tried on the later ones: the figure that counts in use.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np

from core.errors import InvalidInputError
from evals.datasets.crm_maven import Deal, deals
from evals.run import Materials, Measures
from evals.suites.churn import SEED, of
from tools.scores.fitting import TELLING_AUC, fit
from tools.scores.leaks import refuse_what_comes_after, suspects
from tools.scores.model import Model
from tools.scores.quality import auc
from tools.scores.rows import Example, columns_of
from tools.scores.scoring import score
from tools.scores.uses import DEAL_OUTCOME

EARLIER = 0.7


async def run(materials: Materials) -> Measures:
    """The measures over all deals."""
    assert materials.data is not None
    return await measure(deals(materials.data))


async def measure(every: Sequence[Deal]) -> Measures:
    """`shown_without_knowing` is the share of open deals that are given a number though later deals are told at chance.

    `refused_by_name` is over the columns that only the end of a deal fills in; `leak_reported` over those of them that
    have a number which gives the end away, under a name that does not.
    """
    closed = sorted((deal for deal in every if deal.won is not None), key=_day)
    still_open = [deal for deal in every if deal.won is None]
    model = await fit([_example(deal) for deal in closed], DEAL_OUTCOME, seed=SEED)
    assert model.quality is not None
    later_auc = await _later(closed)
    shown = [score(model, deal.id, deal.features).withheld is None for deal in still_open]
    return {
        **of(model.quality),
        "later_auc": later_auc,
        "shown_without_knowing": sum(shown) / len(shown) if later_auc < TELLING_AUC else 0.0,
        "refused_by_name": float(np.mean([_refused(name) for name in closed[0].afterwards])),
        "leak_reported": float(_reported(closed)),
        "features_shifted": _shifted(model, still_open),
        "deals": len(closed),
    }


async def _later(closed: Sequence[Deal]) -> float:
    """The AUC on deals that began later than all that were fitted on."""
    first = _day(closed[int(EARLIER * len(closed))])
    model = await fit([_example(deal) for deal in closed if _day(deal) < first], DEAL_OUTCOME, seed=SEED)
    later = [deal for deal in closed if _day(deal) >= first]
    assert model.logit is not None
    said = model.logit.probabilities(columns_of([deal.features for deal in later]))
    return auc(np.array([bool(deal.won) for deal in later]), said)


def _refused(name: str) -> bool:
    try:
        refuse_what_comes_after([name], DEAL_OUTCOME)
    except InvalidInputError:
        return True
    return False


def _reported(closed: Sequence[Deal]) -> bool:
    columns = columns_of([{**deal.features, "amount": deal.afterwards["close_value"]} for deal in closed])
    outcomes = np.array([bool(deal.won) for deal in closed])
    return [suspect.feature for suspect in suspects(columns, outcomes)] == ["amount"]


def _shifted(model: Model, now: Sequence[Deal]) -> int:
    return sum(drift.shift == "shifted" for drift in model.drift([deal.features for deal in now]))


def _example(deal: Deal) -> Example:
    return Example(deal.features, bool(deal.won))


def _day(deal: Deal) -> date:
    return deal.engaged or date.min
