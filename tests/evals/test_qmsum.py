import json
import os
from pathlib import Path

import pytest

from evals.datasets.qmsum import meetings
from evals.suites import qmsum
from evals.suites.bm25 import Baseline
from models.embeddings import LexicalHashing
from models.remembering import RememberingEmbedder
from tests.memory.conversations import conversation

FILLER = [
    {"speaker": "Grad B", "content": f"Filler sentence number {i} concerns nothing of interest here ."}
    for i in range(40)
]


def _meeting(topic: str) -> dict[str, object]:
    said = [
        {"speaker": "Grad A", "content": f"We {{disfmarker}} decided that the {topic} will be blue and cheap ."},
        {"speaker": "Grad B", "content": f"Yes , a blue {topic} sells better than a red {topic} ."},
    ]
    asked = {
        "query": f"What colour is the {topic}?",
        "answer": f"The {topic} is blue.",
        "relevant_text_span": [["40", "41"]],
    }
    return {"meeting_transcripts": FILLER + said, "specific_query_list": [asked]}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "qmsum" / "val"
    folder.mkdir(parents=True)
    for name, topic in (("ES2001a", "remote"), ("Bed001", "kettle"), ("covid_1", "bicycle")):
        (folder / f"{name}.json").write_text(json.dumps(_meeting(topic)))
    return tmp_path


async def test_the_suite_measures_the_products_path_and_the_baseline(data: Path, tmp_path: Path) -> None:
    report = await qmsum.measure(data, embedder=LexicalHashing(), cache=tmp_path / "cache")
    assert report.questions == 3
    assert report.all.hit == report.all.meeting == report.all.bm25_hit == 1.0
    assert report.all.citation_precision > 0
    assert report.most_words <= 900
    assert 0 < report.all.turn_precision < 1


async def test_a_meeting_is_read_without_its_transcribers_notes(data: Path) -> None:
    laboratory, scenario, _ = meetings(data / "qmsum" / "val")
    assert scenario.transcript.turns[40].text == "We decided that the remote will be blue and cheap ."
    assert scenario.questions[0].gold == {40, 41}
    assert (laboratory.family, scenario.family) == ("laboratory", "scenario")


def test_the_baseline_is_cut_to_the_words_of_the_answer() -> None:
    window = Baseline([conversation("talk", [("Anna", "renewal price is high"), ("Ben", "too high")])]).best(
        "renewal", 1
    )[0]
    assert window.cut(4) == ("Anna: renewal price is", frozenset({0}))
    assert window.cut(6) == ("Anna: renewal price is high Ben:", frozenset({0, 1}))


async def test_vectors_are_remembered_over_runs(tmp_path: Path) -> None:
    first = RememberingEmbedder(LexicalHashing(), tmp_path)
    vectors = await first.embed(["one", "two", "one"])
    first.save()

    class Unasked(LexicalHashing):
        async def embed(self, texts: object) -> object:  # type: ignore[override]
            raise AssertionError("asked again")

    again = await RememberingEmbedder(Unasked(), tmp_path).embed(["one", "two", "one"])  # type: ignore[arg-type]
    assert (again == vectors).all()


@pytest.mark.skipif("SOPHIA_EVAL_DATA" not in os.environ, reason="SOPHIA_EVAL_DATA does not point at the meetings")
def test_the_real_meetings_can_be_read() -> None:
    found = meetings(Path(os.environ["SOPHIA_EVAL_DATA"]) / "qmsum" / "val")
    assert len(found) == 35
    assert sum(len(meeting.questions) for meeting in found) == 237
    assert all(question.gold <= set(range(len(m.transcript.turns))) for m in found for question in m.questions)
