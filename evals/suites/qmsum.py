"""Finding the right turns of real meetings, and answering from them, by the product's own path.

Chunks, LanceDB, the retriever and the extractive writer run as they do for a user; BM25 over windows of ten turns runs
over the same words. The meetings are split in two halves, every other one by name, so that a choice made on one half
shows on the other whether it holds.
"""

import tempfile
import time
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean

from rouge_score.rouge_scorer import RougeScorer

from core.identity import Access, Principal
from evals.datasets.qmsum import Meeting, Question, meetings
from evals.run import Materials, Measures
from evals.suites.bm25 import Baseline
from memory.chunking.turns import SpeakerTurns
from memory.indexes.base import Document
from memory.indexes.embedded import EmbeddedIndex
from memory.retrieval.access import Standing
from memory.retrieval.recipes import HYBRID, Recipe
from memory.retrieval.retriever import Passage, Retriever
from models.citations import NEAREST
from models.embeddings import Embedder, open_embedder
from models.extractive.language import Extractive
from models.language import Brief, Call, Form, Language
from models.remembering import RememberingEmbedder

TENANT = "eval"
PRINCIPAL = Principal(TENANT, "judge")
RESULTS = 5
PASSAGES = 10


@dataclass(frozen=True, slots=True)
class Scores:
    """Measures of one question, or their means over several; shares are 0 to 1, `bm25_` is the baseline's.

    `hit`: any of five results overlaps the gold turns. `turn_precision`: share of shown turns that are gold. `words`:
    shown by the five results. `meeting`: the right one is among ten passages from all meetings. `citation_precision`:
    share of cited turns that are gold, 0 where nothing is cited. `rouge_l`: F of the answer against the reference.
    `refused`: the writer says that the right meeting does not say it plainly; `refused_wrong`: that a meeting of another
    family does not. `nearest` and `nearest_wrong` are those of them where it shows what comes nearest.
    """

    hit: float
    turn_precision: float
    words: float
    meeting: float
    citation_precision: float
    rouge_l: float
    answer_words: float
    refused: float
    refused_wrong: float
    nearest: float
    nearest_wrong: float
    search_ms: float
    write_ms: float
    bm25_hit: float
    bm25_turn_precision: float
    bm25_words: float
    bm25_meeting: float
    bm25_citation_precision: float
    bm25_rouge_l: float


@dataclass(frozen=True, slots=True)
class Report:
    """Means over all questions and over those of each half, and the most words that five results showed."""

    questions: int
    all: Scores
    first_half: Scores
    second_half: Scores
    most_words: int
    search_ms_p95: float


@dataclass(frozen=True, slots=True)
class Bench:
    """The product's path over the meetings, and the baseline."""

    retriever: Retriever
    language: Language
    recipe: Recipe
    everywhere: Baseline
    within: Mapping[str, Baseline]
    rouge: RougeScorer


@dataclass(frozen=True, slots=True)
class Answer:
    """The text of an answer and the turns it cites."""

    text: str
    turns: frozenset[int]


class Meetings:
    """The register of the meetings: all live, all readable by the tenant."""

    def __init__(self, standings: Mapping[str, Standing]) -> None:
        self._standings = standings

    async def standing(self, tenant: str, documents: Collection[str]) -> Mapping[str, Standing]:
        return {document: self._standings[document] for document in documents if tenant == TENANT}


async def run(materials: Materials) -> Measures:
    """The figures that have thresholds, those of each half, and the means of all that is measured.

    `..._over_bm25` is a ratio: above 1 is better than the baseline at the same number of words.
    """
    assert materials.data is not None
    report = await measure(materials.data, embedder=open_embedder(), cache=materials.cache)
    halves = {"first_half": report.first_half, "second_half": report.second_half}
    return {
        **_barred(report.all),
        "most_words": report.most_words,
        "search_ms_p95": report.search_ms_p95,
        **{f"{half}_{name}": value for half, scores in halves.items() for name, value in _barred(scores).items()},
        **asdict(report.all),
    }


def _barred(scores: Scores) -> Measures:
    return {
        "hit_at_5": scores.hit,
        "meeting_at_10": scores.meeting,
        "citation_precision_over_bm25": scores.citation_precision / scores.bm25_citation_precision,
        "rouge_l_over_bm25": scores.rouge_l / scores.bm25_rouge_l,
    }


async def measure(data: Path, *, embedder: Embedder, cache: Path, recipe: Recipe = HYBRID) -> Report:
    """Judge over `<data>/qmsum/val`; vectors are kept in `cache`. FileNotFoundError when the meetings are not there."""
    found = meetings(data / "qmsum" / "val")
    async with bench(found, embedder=embedder, cache=cache, recipe=recipe) as ready:
        scores = [
            (number % 2, await judged(ready, found, number, asked))
            for number, meeting in enumerate(found)
            for asked in meeting.questions
        ]
    every = [score for _, score in scores]
    times = sorted(score.search_ms for score in every)
    return Report(
        questions=len(every),
        all=_mean(every),
        first_half=_mean([score for half, score in scores if half == 0]),
        second_half=_mean([score for half, score in scores if half == 1]),
        most_words=int(max(score.words for score in every)),
        search_ms_p95=times[int(len(times) * 0.95)],
    )


@asynccontextmanager
async def bench(found: Sequence[Meeting], *, embedder: Embedder, cache: Path, recipe: Recipe) -> AsyncIterator[Bench]:
    """Index the meetings in a folder of their own that is gone afterwards."""
    remembering = RememberingEmbedder(embedder, cache)
    transcripts = [meeting.transcript for meeting in found]
    with tempfile.TemporaryDirectory() as folder:
        index = await EmbeddedIndex.open(Path(folder), embedder=embedder.id, dimensions=embedder.dimensions)
        for transcript in transcripts:
            chunks = SpeakerTurns().chunks(transcript.utterances)
            vectors = await remembering.embed([chunk.text for chunk in chunks])
            await index.put(Document(transcript.id, transcript.content_hash, Access(TENANT)), chunks, vectors)
        await index.compact()
        remembering.save()
        register = Meetings({t.id: Standing(t.content_hash, Access(TENANT), t.title) for t in transcripts})
        yield Bench(
            retriever=Retriever(index, embedder, register),
            language=Extractive(embedder),
            recipe=recipe,
            everywhere=Baseline(transcripts),
            within={transcript.id: Baseline([transcript]) for transcript in transcripts},
            rouge=RougeScorer(["rougeL"], use_stemmer=True),
        )
        index.close()


async def judged(ready: Bench, found: Sequence[Meeting], number: int, asked: Question) -> Scores:
    """All measures of one question about meeting `number`."""
    meeting = found[number].transcript.id
    began = time.perf_counter()
    results = await _search(ready, asked.text, meeting)
    searched = time.perf_counter()
    answer = await _answer(ready, asked.text, results)
    written = time.perf_counter()
    across = await ready.retriever.search(asked.text, principal=PRINCIPAL, recipe=ready.recipe, limit=PASSAGES)
    wrong = await _answer(ready, asked.text, await _search(ready, asked.text, _elsewhere(found, number)))
    windows = ready.within[meeting].best(asked.text, RESULTS)
    cut, cut_turns = windows[0].cut(len(answer.text.split()))
    shown = frozenset(said.turn for result in results for said in result.source.utterances)
    listed = frozenset(turn for window in windows for turn in window.turns)
    return Scores(
        hit=bool(shown & asked.gold),
        turn_precision=_share(shown, asked.gold),
        words=sum(len(said.text.split()) for result in results for said in result.source.utterances),
        meeting=meeting in {passage.source.document for passage in across},
        citation_precision=_share(answer.turns, asked.gold),
        rouge_l=_rouge(ready, asked.answer, answer.text),
        answer_words=len(answer.text.split()),
        refused=not answer.turns or NEAREST in answer.text,
        refused_wrong=not wrong.turns or NEAREST in wrong.text,
        nearest=NEAREST in answer.text,
        nearest_wrong=NEAREST in wrong.text,
        search_ms=(searched - began) * 1000,
        write_ms=(written - searched) * 1000,
        bm25_hit=bool(listed & asked.gold),
        bm25_turn_precision=_share(listed, asked.gold),
        bm25_words=sum(len(said.split()) for window in windows for _, said in window.lines),
        bm25_meeting=meeting in {window.meeting for window in ready.everywhere.best(asked.text, PASSAGES)},
        bm25_citation_precision=_share(cut_turns, asked.gold),
        bm25_rouge_l=_rouge(ready, asked.answer, cut),
    )


async def _search(ready: Bench, question: str, meeting: str) -> list[Passage]:
    return await ready.retriever.search(
        question, principal=PRINCIPAL, recipe=ready.recipe, documents=[meeting], limit=RESULTS
    )


async def _answer(ready: Bench, question: str, results: Sequence[Passage]) -> Answer:
    brief = Brief(Form.ANSWER, question, tuple(result.source for result in results))
    call = Call(PRINCIPAL, "answer", datetime.now(UTC))
    lines = [line async for line in ready.language.write(brief, call=call)]
    turns = frozenset(
        turn for line in lines for cited in line.sources for turn in range(cited.turns[0], cited.turns[1] + 1)
    )
    return Answer(" ".join(line.text for line in lines), turns)


def _elsewhere(found: Sequence[Meeting], number: int) -> str:
    """A meeting of another family; which one depends on the question's only."""
    others = [meeting for meeting in found if meeting.family != found[number].family]
    return others[number * 7 % len(others)].transcript.id


def _share(turns: Collection[int], gold: frozenset[int]) -> float:
    return len(gold.intersection(turns)) / len(turns) if turns else 0.0


def _rouge(ready: Bench, reference: str, text: str) -> float:
    return float(ready.rouge.score(reference, text)["rougeL"].fmeasure)


def _mean(scores: Sequence[Scores]) -> Scores:
    return Scores(**{field.name: fmean(getattr(score, field.name) for score in scores) for field in fields(Scores)})
