"""Commitments, suggestions and commands in real meetings, utterance by utterance, against what was labelled.

The cues were chosen on the first half of the utterances; the second half was measured once they stood.
"""

from collections.abc import Sequence

from evals.datasets.mrda import COMMAND, COMMITMENT, SUGGESTION, Utterance, utterances
from evals.run import Materials, Measures
from tools.calls.acts import act_in

WANTED = frozenset({COMMITMENT, SUGGESTION, COMMAND})


async def run(materials: Materials) -> Measures:
    """The measures of either half."""
    assert materials.data is not None
    labelled = utterances(materials.data)
    half = len(labelled) // 2
    return _measures("first_half", labelled[:half]) | _measures("second_half", labelled[half:])


def _measures(part: str, labelled: Sequence[Utterance]) -> dict[str, float]:
    """Precision, recall and F1 of the three acts taken together."""
    told = [act_in(one.text) is not None for one in labelled]
    wanted = [one.act in WANTED for one in labelled]
    right = sum(a and b for a, b in zip(told, wanted, strict=True))
    return {
        f"{part}_utterances": len(labelled),
        f"{part}_acts": sum(wanted),
        f"{part}_precision": right / max(sum(told), 1),
        f"{part}_recall": right / max(sum(wanted), 1),
        f"{part}_f1": 2 * right / max(sum(told) + sum(wanted), 1),
    }
