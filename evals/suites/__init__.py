"""The suites by name. Each returns its measures as numbers."""

from collections.abc import Mapping

from evals.run import Suite
from evals.suites import (
    approvals,
    audit,
    bound,
    churn,
    citations,
    clinc,
    crm,
    decisions,
    earnings21,
    effects,
    figures,
    injection,
    moments,
    mrda,
    nab,
    outcome,
    qmsum,
    routing,
    sample,
    sentiment,
    workbench,
)

SUITES: Mapping[str, Suite] = {
    "routing": routing.run,
    "clinc150": clinc.run,
    "workbench": workbench.run,
    "qmsum": qmsum.run,
    "sample": sample.run,
    "moments": moments.run,
    "citations": citations.run,
    "figures": figures.run,
    "crm": crm.run,
    "decisions": decisions.run,
    "bound": bound.run,
    "effects": effects.run,
    "approvals": approvals.run,
    "audit": audit.run,
    "injection": injection.run,
    "churn": churn.run,
    "outcome": outcome.run,
    "nab": nab.run,
    "mrda": mrda.run,
    "earnings21": earnings21.run,
    "sentiment": sentiment.run,
}
NEEDS_DATA = frozenset(
    {
        "decisions",
        "clinc150",
        "workbench",
        "qmsum",
        "citations",
        "churn",
        "outcome",
        "nab",
        "mrda",
        "earnings21",
        "sentiment",
    }
)
"""These read a public data set and are left out where it is not on the machine."""
