"""Is every sentence of an answer true to its source? Asked through the whole product, checked from the outside."""

from collections.abc import Iterator, Sequence

import httpx2
import yaml

from api.sample import SAMPLE
from evals.datasets.qmsum import Meeting, meetings
from evals.graders import faults, opened
from evals.product import Put, asked, reply, served, source
from evals.run import Materials, Measures

SHOWN_FAULTS = 20


async def run(materials: Materials) -> Measures:
    """Share of valid sentences over the answers to the sample's questions and, where the set is there, QMSum's: each
    asked of its own meeting and of all meetings at once.
    """
    found = meetings(materials.data / "qmsum" / "val") if materials.data else []
    async with served(materials.cache, [meeting.transcript for meeting in found]) as http:
        checked = await asked(http, [*_sample_questions(), *_meeting_questions(found)], _check)
    for fault in [fault for _, _, listed in checked for fault in listed][:SHOWN_FAULTS]:
        print(fault)
    sentences = sum(count for count, _, _ in checked)
    wrong = sum(len(listed) for _, _, listed in checked)
    return {
        "answers": len(checked),
        "answered": sum(answered for _, answered, _ in checked) / len(checked),
        "sentences": sentences,
        "valid": 1 - wrong / sentences,
    }


def _sample_questions() -> Iterator[Put]:
    truth = yaml.safe_load((SAMPLE / "truth.yaml").read_text(encoding="utf-8"))
    yield from (Put(entry["question"]) for entry in truth["questions"])


def _meeting_questions(found: Sequence[Meeting]) -> Iterator[Put]:
    for meeting in found:
        for question in meeting.questions:
            yield Put(question.text, (meeting.transcript.id,))
            yield Put(f"{question.text} ({meeting.transcript.title})")


async def _check(http: httpx2.AsyncClient, put: Put) -> tuple[int, bool, list[str]]:
    """How many sentences the answer has, whether it answers, and what is wrong with it."""
    given = await reply(http, put)
    cited = [one for said in given.sentences for one in said["sources"]]
    shown = {one["id"]: await source(http, one["url"]) for one in cited}
    found = {id_: opened(view) if view else None for id_, view in shown.items()}
    return len(given.sentences), given.answered, list(faults(given.sentences, found, question=put.question))
