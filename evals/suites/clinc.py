"""CLINC150: choosing among 150 options from 20 examples each, and refusing what none of them covers.

Larson et al. 2019, "An Evaluation Dataset for Intent Classification and Out-of-Scope Prediction" (CC BY 3.0), development
part. The product's own `choose` answers; the options are the intents, without descriptions, and nothing is tuned to them.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from core.errors import InvalidInputError
from core.identity import Principal
from evals.run import Materials, Measures
from models.embeddings import Embedder, open_embedder
from models.extractive.choose import Chooser
from models.language import Call, Option
from models.remembering import RememberingEmbedder

EXAMPLES = 20
CALL = Call(Principal("eval", "judge"), "route", datetime(2026, 3, 20, 12, tzinfo=UTC))

Labelled = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of questions: exactly the right option chosen (a refusal is an error), refused although in scope, refused
    because out of scope.
    """

    accuracy: float
    refused_in_scope: float
    out_of_scope_recall: float


async def run(materials: Materials) -> Measures:
    """The figures over the validation questions; vectors are kept in the cache between runs."""
    assert materials.data is not None
    embedder = RememberingEmbedder(open_embedder(), materials.cache)
    figures = await measure(read(materials.data), embedder)
    embedder.save()
    return asdict(figures)


def read(data: Path) -> Mapping[str, Labelled]:
    """The parts of the set by name: each a list of texts with their intents. InvalidInputError where it is not there."""
    file = data / "clinc150" / "clinc_dev.json"
    if not file.exists():
        raise InvalidInputError(f"There is no {file.name!r} under clinc150 in the folder that SOPHIA_EVAL_DATA names")
    parts: Mapping[str, Labelled] = json.loads(file.read_text(encoding="utf-8"))
    return parts


async def measure(parts: Mapping[str, Labelled], embedder: Embedder) -> Figures:
    """Fit on the first examples of each intent in `train`, ask the questions of `val`, `oos_train` and `oos_val`."""
    options, chooser = _options(parts["train"]), Chooser(embedder)
    questions: Labelled = [*parts["val"], *parts["oos_train"], *parts["oos_val"]]
    await embedder.embed([question for question, _ in questions])
    chosen = [[choice.name for choice in await chooser.choose(text, options, call=CALL)] for text, _ in questions]
    inside = [(names, intent) for names, (_, intent) in zip(chosen, parts["val"], strict=False)]
    outside = chosen[len(inside) :]
    return Figures(
        accuracy=sum(names == [intent] for names, intent in inside) / len(inside),
        refused_in_scope=sum(not names for names, _ in inside) / len(inside),
        out_of_scope_recall=sum(not names for names in outside) / len(outside),
    )


def _options(labelled: Labelled) -> list[Option]:
    examples: defaultdict[str, list[str]] = defaultdict(list)
    for text, intent in labelled:
        if len(examples[intent]) < EXAMPLES:
            examples[intent].append(text)
    return [Option(intent, "", tuple(texts)) for intent, texts in examples.items()]
