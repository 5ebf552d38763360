"""Decision recall over real decisions, asked in words that their headings do not have, and the ledger against a model.

The questions (`evals/datasets/decisions/questions.yaml`) were written from the decisions' texts before anything that answers
them. Even and odd ones are told apart: settings were compared on the even ones, the odd ones are held back.
"""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from statistics import fmean

import yaml

from core.database import Database, open_database, sqlite_url
from core.errors import InvalidInputError
from core.identity import Label, Principal
from evals.ledger.beside import titles_told
from evals.ledger.histories import NoCalls, dice, played
from evals.run import Materials, Measures
from memory.decisions.history import Kept
from memory.decisions.model import Alternative, Decision
from memory.decisions.recall import is_about
from memory.decisions.search import DecisionSearch, Found
from memory.decisions.store import Ledger
from models.embeddings import open_embedder

HISTORIES = 2000
JUDGE = Principal("eval", "judge", clearance=Label.RESTRICTED)
DAY = date(2020, 1, 1)
SPACE_OF_A_CHOICE = 400


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the decision that it is about; None: nobody proposed such a thing."""

    text: str
    decision: str | None
    rejected: bool


async def run(materials: Materials) -> Measures:
    """Recall over all questions and over those held back, wrong answers, and differences over 2,000 histories."""
    assert materials.data is not None
    materials.cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        async with (
            open_database(sqlite_url(Path(folder) / "ledger.db")) as database,
            open_database(sqlite_url(materials.cache / "decisions.db")) as encoded,
        ):
            among = await _ledger(database, read(materials.data))
            measures = await _recall(DecisionSearch(encoded, open_embedder()), among, questions())
            differing = [await played(database, f"history-{seed}", dice(seed)) for seed in range(HISTORIES)]
    sample = await _sample()
    return {**measures, **sample, "histories": HISTORIES, "differences": sum(one is not None for one in differing)}


async def _sample() -> dict[str, float]:
    """Of the questions about the sample's decisions, the share answered with the right one; of the others, with any."""
    written = yaml.safe_load(files("evals").joinpath("datasets/decisions/sample.yaml").read_text(encoding="utf-8"))
    about = [(title, text) for title, texts in written["about"].items() for text in texts]
    embedder = open_embedder()
    titles = await titles_told([text for _, text in about], embedder)
    others = await titles_told(written["none"], embedder)
    return {
        "sample_told": fmean(title == wanted for title, (wanted, _) in zip(titles, about, strict=True)),
        "sample_wrong": fmean(title is not None for title in others),
    }


def read(data: Path) -> dict[str, Decision]:
    """The set's decisions by id. InvalidInputError where it is not there."""
    file = data / "decisions" / "decisions.jsonl"
    if not file.exists():
        raise InvalidInputError(f"There is no {file.name!r} under decisions in the folder that SOPHIA_EVAL_DATA names")
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return {row["id"]: _decision(row) for row in rows}


def questions() -> list[Asked]:
    """The questions in their order."""
    written = yaml.safe_load(files("evals").joinpath("datasets/decisions/questions.yaml").read_text(encoding="utf-8"))
    named = [Asked(text, id_, kind == "rejected") for kind in ("rejected", "why") for id_, _, text in written[kind]]
    return named + [Asked(text, None, rejected=True) for text in written["never"]]


async def _ledger(database: Database, decisions: dict[str, Decision]) -> dict[str, Kept]:
    """The decisions as the ledger tells them, by their id in the set."""
    ledger = Ledger(database, NoCalls(), lambda: datetime(2026, 1, 1, tzinfo=UTC))
    ids = {id_: await ledger.record(decision, JUDGE) for id_, decision in decisions.items()}
    kept = {one.id: one for one in await ledger.all(JUDGE)}
    return {id_: kept[recorded] for id_, recorded in ids.items()}


async def _recall(search: DecisionSearch, among: dict[str, Kept], asked: Sequence[Asked]) -> dict[str, float]:
    found = [await search.find(one.text, list(among.values()), tenant=JUDGE.tenant, limit=5) for one in asked]
    told = [await _told(search, among, one) for one in asked]
    ranks = [_rank(one, among, hits) for one, hits in zip(asked, found, strict=True) if one.decision]
    never = [said for one, said in zip(asked, told, strict=True) if one.decision is None]
    turned_down = [said for one, said in zip(asked, told, strict=True) if one.decision and one.rejected]
    return {
        "questions": len(asked),
        "recall_at_1": fmean(rank < 1 for rank in ranks),
        "recall_at_5": fmean(rank < 5 for rank in ranks),
        "held_back_recall_at_1": fmean(rank < 1 for rank in ranks[1::2]),
        "held_back_recall_at_5": fmean(rank < 5 for rank in ranks[1::2]),
        "wrong_yes": fmean(never),
        "yes_where_rejected": fmean(turned_down),
        "held_back_wrong_yes": fmean(never[1::2]),
        "held_back_yes_where_rejected": fmean(turned_down[1::2]),
    }


async def _told(search: DecisionSearch, among: dict[str, Kept], one: Asked) -> bool:
    """Whether the ledger says that it was rejected before."""
    hits = await search.find(one.text, list(among.values()), tenant=JUDGE.tenant, limit=1, rejected=True)
    return bool(hits) and is_about(hits[0])


def _rank(asked: Asked, among: dict[str, Kept], hits: Sequence[Found]) -> int:
    assert asked.decision
    ids = [hit.kept.id for hit in hits]
    wanted = among[asked.decision].id
    return ids.index(wanted) if wanted in ids else len(ids) + 5


def _decision(row: dict[str, object]) -> Decision:
    text, listed = str(row["decision"]), row["alternatives"]
    assert isinstance(listed, list)
    reasons = {str(one["alternative"]): str(one["reason"]) or "No reason is given" for one in listed}
    return Decision(
        question=str(row["title"]),
        choice=text[:SPACE_OF_A_CHOICE],
        owner="Its authors",
        decided_on=DAY,
        rationale=text,
        alternatives=tuple(Alternative(name, reason) for name, reason in reasons.items()),
    )
