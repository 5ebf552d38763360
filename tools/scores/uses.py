"""What is scored: the words for it, and the features that are only known once it has happened."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Use:
    """One thing to score, such as churn.

    A sentence is made of `subjects` ("customers") and `happened` ("left", "were won"). `known_after` are words within the names of
    features that only the outcome itself brings about; such a feature is refused. `words` name features for people.
    """

    name: str
    subjects: str
    happened: str
    known_after: tuple[str, ...]
    words: Mapping[str, str] = field(default_factory=dict)


CHURN = Use(
    "churn",
    "customers",
    "left",
    (
        "churn", "churned", "cancelled", "canceled", "cancellation", "termination", "terminated", "offboarded",
        "exit survey", "leaving reason", "end date", "left on", "final invoice", "customer status",
    ),
)  # fmt: skip
"""A customer leaves. Features are as they stood before it was known that the customer would."""

DEAL_OUTCOME = Use(
    "deal outcome",
    "deals",
    "were won",
    (
        "outcome", "won", "lost", "closed", "close date", "close value", "close quarter", "deal stage", "deal status",
        "days to close", "cycle days", "cycle length", "loss reason", "win reason", "stage probability",
        "forecast category", "contract signed", "invoice",
    ),
)  # fmt: skip
"""A deal is won. Features are as they stood while the deal was open."""
