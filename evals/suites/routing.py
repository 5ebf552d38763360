"""Does the supervisor choose the right specialists? Judged on questions whose author saw only the descriptions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from statistics import fmean

import yaml

from core.identity import Principal
from evals.ledger.beside import told
from evals.run import Materials, Measures
from graphs.specialists import specialists
from models.embeddings import open_embedder
from models.extractive import Extractive
from models.language import Call, Choice, Language
from models.remembering import RememberingEmbedder

HALVES = ("heldout", "dev")
MATERIAL = frozenset({"call_analysis", "executive_briefing"})
"""Whose questions are not for the ledger of decisions."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the specialists that should answer it; none when it is out of scope."""

    question: str
    specialists: frozenset[str]


def questions(half: str) -> list[Asked]:
    """One half of the set: "dev" was looked at while building, "heldout" was not."""
    listed = yaml.safe_load(files("evals").joinpath(f"datasets/routing/{half}.yaml").read_text(encoding="utf-8"))
    return [Asked(entry["question"], frozenset(entry["specialists"])) for entry in listed]


async def run(materials: Materials) -> Measures:
    """Accuracy over all questions of the held-back half (the exact set of specialists), and recall of out-of-scope ones;
    the same of the half that was looked at, under `dev_`; the share of questions about calls and figures to whose answer
    the ledger of decisions would add something. Vectors of the examples are kept in the cache between runs.
    """
    embedder = open_embedder()
    library = RememberingEmbedder(embedder, materials.cache)
    language = Extractive(embedder, library=library)
    measures: dict[str, float] = {}
    for half in HALVES:
        prefix = "" if half == "heldout" else f"{half}_"
        judged = [(asked, await _chosen(language, asked.question)) for asked in questions(half)]
        measures |= {f"{prefix}{name}": value for name, value in measures_of(judged).items()}
    library.save()
    ordinary = [asked.question for half in HALVES for asked in questions(half) if asked.specialists & MATERIAL]
    measures["told_decisions"] = len(await told(ordinary, embedder)) / len(ordinary)
    return measures


async def _chosen(language: Language, question: str) -> frozenset[str]:
    call = Call(Principal("eval", "judge"), "route", datetime(2026, 3, 20, 12, tzinfo=UTC))
    choices: Sequence[Choice] = await language.choose(question, [s.option for s in specialists()], call=call)
    return frozenset(choice.name for choice in choices)


def measures_of(judged: Sequence[tuple[Asked, frozenset[str]]]) -> dict[str, float]:
    """The shares of questions that went to exactly the right specialists: all, those for none, for one, for several."""
    outside = [not chosen for asked, chosen in judged if not asked.specialists]
    single = [chosen == asked.specialists for asked, chosen in judged if len(asked.specialists) == 1]
    several = [chosen == asked.specialists for asked, chosen in judged if len(asked.specialists) > 1]
    return {
        "questions": len(judged),
        "accuracy": fmean(chosen == asked.specialists for asked, chosen in judged),
        "out_of_scope_recall": fmean(outside),
        "single_accuracy": fmean(single),
        "several_accuracy": fmean(several),
    }
