"""Does prose about figures pass exactly where it is true? True sentences, and twenty false ones made from each."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from evals.bound.drafts import Draft, drafts_of
from evals.bound.mutants import KINDS, mutants
from evals.bound.worlds import Measure, crm, made_up, window
from evals.run import Materials, Measures
from models.citations import check
from models.entities import Entity
from models.language import Brief, Form, Sentence

DRAFTS, MUTANTS, SEED, SHOWN = 520, 20, 20, 12


async def run(materials: Materials) -> Measures:
    """Shares of false sentences that are withheld, in all and by kind, and of true ones that are."""
    drafts = some_drafts(materials.data, DRAFTS, SEED)
    alarms = [draft for draft in drafts if not _stands(draft.text, draft)]
    made: Counter[str] = Counter()
    passed: list[str] = []
    true = {draft.text for draft in drafts}
    for number, draft in enumerate(drafts):
        drawn = Random(SEED + number)  # noqa: S311 # the same drafts each time are wanted
        for mutant in mutants(draft, drawn, true=true, most=MUTANTS):
            made[mutant.kind] += 1
            if _stands(mutant.text, draft):
                made[f"{mutant.kind} passed"] += 1
                passed.append(f"{mutant.kind}: {mutant.text!r} from {draft.text!r}")
    for line in [*(f"withheld: {draft.text!r}" for draft in alarms), *passed][:SHOWN]:
        print(line)
    withheld = {f"{kind}_withheld": 1 - made[f"{kind} passed"] / made[kind] for kind in KINDS if made[kind]}
    return {
        "drafts": len(drafts),
        "of_our_writer": sum(draft.ours for draft in drafts),
        "of_real_data": sum(draft.real for draft in drafts),
        "mutants": sum(made[kind] for kind in KINDS),
        "withheld": 1 - len(passed) / sum(made[kind] for kind in KINDS),
        "false_alarms": len(alarms) / len(drafts),
        **withheld,
    }


def some_drafts(data: Path | None, count: int, seed: int) -> list[Draft]:
    """So many true sentences, no two alike; every other one of real numbers, where these are on the machine."""
    random = Random(seed)  # noqa: S311 # nothing is kept secret by it
    real = crm(data / "crm_maven") if data else []
    found: dict[str, Draft] = {}
    for measure in _turns(real, random):
        for draft in drafts_of(measure, random):
            found.setdefault(draft.text, draft)
        if sum(draft.real for draft in found.values()) >= count / 2 * bool(real) and len(found) >= count:
            break
    halves = [[one for one in found.values() if one.real is real_one] for real_one in (True, False)]
    share = min(count // 2, len(halves[0]))
    return [*random.sample(halves[0], share), *random.sample(halves[1], count - share)]


def _turns(real: Sequence[Measure], random: Random) -> Iterator[Measure]:
    while True:
        if real:
            yield window(random.choice(real), random)
        yield window(made_up(random), random)


def _stands(text: str, draft: Draft) -> bool:
    """Whether the check lets the sentence pass, told who there is."""
    names = tuple(Entity(draft.measure.broken_down_by, name) for name in draft.measure.subjects if name)
    sentence = Sentence(text, (), draft.bound)
    return check(sentence, Brief(Form.ANSWER, "How did it go?", (), draft.known), entities=names) is None
