"""How often the ledger speaks up where nobody asked for decisions, over the sample company's decisions."""

import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from agents.base import Turn
from api.bootstrap import Sophia, open_sophia
from api.decisions.schemas import WantedDecision
from api.sample import install_company, sample_decisions
from api.security.keys import local_owner
from api.settings import Settings
from core.identity import Label
from graphs.recall import recollect
from models.embeddings import Embedder


async def told(questions: Sequence[str], embedder: Embedder) -> list[str]:
    """Those of the questions to whose answers a decision would be added."""
    titles = await titles_told(questions, embedder)
    return [one for one, title in zip(questions, titles, strict=True) if title is not None]


async def titles_told(questions: Sequence[str], embedder: Embedder) -> list[str | None]:
    """The title of the decision that each question is answered with first; trip-wires and quotations are left out."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        install_company(settings)
        async with open_sophia(settings, embedder=embedder) as sophia:
            await _record(sophia)
            now, owner = sophia.today(), local_owner(settings.tenant)
            turn = Turn(owner, now, now + timedelta(minutes=1), sophia.language, sophia.tools)
            found = [await recollect(one, sophia.decisions, turn) for one in questions]
            return [one.finding.sources[0].utterances[0].text if one and one.finding.sources else None for one in found]


async def _record(sophia: Sophia) -> None:
    for written in sample_decisions():
        bare = [{**one, "evidence": []} for one in written["alternatives"]]
        wanted = WantedDecision.model_validate({**written, "alternatives": bare, "evidence": [], "wires": []})
        decision = wanted.decision(today=sophia.today().date(), label=Label.INTERNAL, live={})
        await sophia.decisions.ledger.record(decision, local_owner(sophia.settings.tenant))
