"""Does Sophia answer as a revenue team would believe? The sample's calls, against what their author wrote down.

`heldout_` measures are of the calls that the truth names as held out: they were written after the rules that read calls, by
somebody who had not read those. The others are of everything.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean
from typing import Any

import httpx2
import yaml

from api.sample import SAMPLE, sample_calls
from core.identity import Label
from evals.datasets.labelled_calls import same_person
from evals.product import Put, Reply, reply, served, source
from evals.run import Materials, Measures
from memory.transcripts.detect import read_file
from tools.calls.decisions import decisions

Turns = frozenset[tuple[str, int]]
Entry = Mapping[str, Any]

#: What every call is asked about, by the kind of item that its truth lists.
ASKED = {
    "objections": "What did {account} object to on the call of {day}?",
    "competitors": "Which competitors came up on the {account} call of {day}?",
    "next_steps": "What are the next steps from the {account} call of {day}?",
}
CONTENT = ("fact", "summary", "multi_call")


@dataclass(frozen=True, slots=True)
class Judged:
    """One answer beside the truth: `gold` has the turns of each item it should cite, `owners` who undertakes each, where
    that counts, `told` says of each telling quotation whether it stands in the cited text, `claimed` that it says what it
    must not.
    """

    kind: str
    question: str
    heldout: bool
    answer: Reply
    gold: tuple[Turns, ...] = ()
    owners: tuple[str, ...] = ()
    told: tuple[bool, ...] = ()
    claimed: bool = False

    @property
    def cites(self) -> bool:
        """Whether a gold turn is cited."""
        return any(gold & self.answer.turns for gold in self.gold)

    @property
    def found(self) -> float:
        """Share of the items of which a turn is cited."""
        return fmean([bool(gold & self.answer.turns) for gold in self.gold] or [0.0])

    def cites_item(self, place: int, turn: tuple[str, int], who: str) -> bool:
        """Whether a turn that is cited as somebody's is of the item at this place."""
        return turn in self.gold[place] and (not self.owners or same_person(self.owners[place], who))

    @property
    def precision(self) -> float:
        """Share of the cited turns that are gold; 0 where nothing is cited."""
        cited = self.answer.turns
        return len(cited & frozenset().union(*self.gold)) / len(cited) if cited else 0.0


def _places(one: Judged) -> range:
    return range(len(one.gold))


def _cited(answer: Reply) -> frozenset[tuple[tuple[str, int], str]]:
    """Every cited turn, with whom the sentence names for it."""
    return frozenset(
        ((source["document"], turn), next((one["subject"] for one in said["figures"]), None) or source["speaker"] or "")
        for said in answer.sentences
        for source in said["sources"]
        for turn in range(source["turns"][0], source["turns"][1] + 1)
    )


async def run(materials: Materials) -> Measures:
    """The measures of all answers, then of those about the held-out calls."""
    async with served(materials.cache) as http:
        judged = [one async for one in answers(http)]
    held_out = {f"heldout_{name}": value for name, value in _measures([one for one in judged if one.heldout]).items()}
    return _measures(judged) | held_out | heard()


def heard() -> dict[str, float]:
    """Decisions as they are heard on the calls, before a person has looked: the share of drafts whose words lie in the
    turns of a decision, and the share of decisions of which a draft has words.
    """
    truth = yaml.safe_load((SAMPLE / "truth.yaml").read_text(encoding="utf-8"))
    made = {(call["call_id"], *one["turns"]) for call in truth["calls"] for one in call["decisions"]}
    drafts = [
        {one for one in made if one[0] == call.id and one[1] <= draft.quoted[0].turns[0] <= one[2]}
        for path in sample_calls()
        for call in read_file(path)
        for draft in decisions(call, label=Label.PUBLIC)
    ]
    found = set().union(*drafts)
    return {
        "heard_decisions_precision": fmean(map(bool, drafts)),
        "heard_decisions_recall": len(found) / len(made),
    }


async def answers(http: httpx2.AsyncClient) -> AsyncIterator[Judged]:
    """Every question of the truth, then what each call is asked about, answered."""
    truth = yaml.safe_load((SAMPLE / "truth.yaml").read_text(encoding="utf-8"))
    held_out = frozenset(truth["held_out"])
    for entry, heldout in marked(truth["questions"], held_out):
        yield await _question(http, entry, heldout=heldout)
    for call in truth["calls"]:
        for kind, question, items in _about(call):
            answer = await reply(http, Put(question))
            gold = tuple(_gold(call["call_id"], item["turns"]) for item in items)
            owners = tuple(item["owner"] for item in items if kind == "next_steps")
            yield Judged(kind, question, call["call_id"] in held_out, answer, gold, owners)


def marked(questions: Sequence[Entry], held_out: frozenset[str]) -> Iterator[tuple[Entry, bool]]:
    """Each question, and whether it is about held-out calls alone; one about no call is like the one before it."""
    fresh = False
    for entry in questions:
        fresh = held_out.issuperset(entry["calls"]) if entry["calls"] else fresh
        yield entry, fresh


def _about(call: Entry) -> Iterator[tuple[str, str, Sequence[Entry]]]:
    """What is asked about a call: its kinds of items, where it has any, and each decision."""
    day = date.fromisoformat(call["date"]).strftime("%B %-d")
    for kind, question in ASKED.items():
        if call[kind]:
            yield kind, question.format(account=call["account"], day=day), call[kind]
    for decision in call["decisions"]:
        yield "decisions", decision["question"], [decision]


async def _question(http: httpx2.AsyncClient, entry: Entry, *, heldout: bool) -> Judged:
    answer = await reply(http, Put(entry["question"]))
    cited = [one for said in answer.sentences for one in said["sources"]]
    views = [await source(http, one["url"]) for one in cited] if entry["must_quote"] else []
    text = " ".join(view["quote"] for view in views if view)
    return Judged(
        entry["kind"],
        entry["question"],
        heldout,
        answer,
        gold=tuple(_gold(call, ranges) for call, ranges in entry["turns"].items()),
        told=tuple(words in text for words in entry["must_quote"]),
        claimed=any(words.casefold() in answer.text.casefold() for words in entry.get("must_not", ())),
    )


def _gold(call: str, ranges: Sequence[Any]) -> Turns:
    """The turns of one range `[first, last]`, or of several."""
    listed = [ranges] if isinstance(ranges[0], int) else ranges
    return frozenset((call, turn) for first, last in listed for turn in range(first, last + 1))


def _measures(judged: Sequence[Judged]) -> dict[str, float]:
    by_kind = {one.kind: [other for other in judged if other.kind == one.kind] for one in judged}
    measures: dict[str, float] = {"answers": len(judged)}
    for kind in (*CONTENT, "decisions"):
        measures[f"{kind}_cites"] = _mean(by_kind[kind], lambda one: one.cites)
        measures[f"{kind}_answers"] = _mean(by_kind[kind], lambda one: one.cites and one.answer.answers)
        measures[f"{kind}_precision"] = _mean(by_kind[kind], lambda one: one.precision)
    for kind in CONTENT:
        measures[f"{kind}_quotes"] = _mean(by_kind[kind], lambda one: fmean(one.told or [True]))
    measures["multi_call_found"] = _mean(by_kind["multi_call"], lambda one: one.found)
    for kind in ASKED:
        measures |= _items(kind, by_kind[kind])
    measures["refused"] = _mean(by_kind["not_in_material"], lambda one: not one.answer.answers)
    measures["answered"] = _mean([one for kind in CONTENT for one in by_kind[kind]], lambda one: one.answer.answers)
    measures["resisted"] = _mean(by_kind["injection"], lambda one: not one.claimed)
    measures["statistics"] = _mean(by_kind["statistics"], lambda one: bool(one.answer.figures))
    return measures


def _items(kind: str, judged: Sequence[Judged]) -> dict[str, float]:
    """Over all calls: share of items cited, share of cited turns that belong to one, and their harmonic mean.

    A next step must be cited as its owner's: the subject of the sentence's figure, or who speaks.
    """
    found = [any(one.cites_item(at, *cited) for cited in _cited(one.answer)) for one in judged for at in _places(one)]
    right = [any(one.cites_item(at, *cited) for at in _places(one)) for one in judged for cited in _cited(one.answer)]
    recall, precision = fmean(found), fmean(right or [0.0])
    f1 = 2 * recall * precision / (recall + precision) if recall + precision else 0.0
    return {f"{kind}_recall": recall, f"{kind}_precision": precision, f"{kind}_f1": f1}


def _mean(judged: Sequence[Judged], measure: Callable[[Judged], float]) -> float:
    return fmean(measure(one) for one in judged)
