"""Figures through a chat model: what it says truly of them comes through, whatever it turns round is withheld."""

from dataclasses import replace
from random import Random

from evals.bound.drafts import Draft
from evals.bound.mutants import KINDS, mutants
from evals.outside.openai_peer import Body, Reply, says
from evals.suites.bound import some_drafts
from models.entities import Entity
from models.language import Brief, Form, Sentence
from tests.models.bound.figures import ENTITIES, FIGURES, HONEST_LINES, LYING_LINES
from tests.models.chatting import call, chat, written

BRIEF = Brief(Form.ANSWER, "How was March?", (), FIGURES)


async def _said(lines: list[str], brief: Brief, names: tuple[Entity, ...]) -> tuple[list[Sentence], list[str]]:
    """What comes through of a model's lines, and why the others do not."""
    reasons: list[str] = []
    marks = "".join(f"[F{number}]" for number in range(1, len(brief.figures) + 1))
    pieces = tuple(f"{line.removesuffix('.')} {marks}.\n" for line in lines)
    async with chat(Reply(pieces=pieces)) as (language, _):
        sentences = await written(language, brief, withheld=reasons.append, entities=names)
    return sentences, reasons


async def test_true_sentences_in_a_models_own_words_come_through() -> None:
    sentences, reasons = await _said(HONEST_LINES, BRIEF, ENTITIES)

    assert reasons == []
    assert [sentence.text for sentence in sentences] == [f"{line.removesuffix('.')}." for line in HONEST_LINES]
    assert all(sentence.figures == FIGURES for sentence in sentences)


async def test_no_lie_about_a_figure_comes_through() -> None:
    sentences, reasons = await _said(LYING_LINES, BRIEF, ENTITIES)

    assert sentences == []
    assert len(reasons) >= len(LYING_LINES)


async def test_a_scripted_liar_is_withheld_in_every_kind_of_lie() -> None:
    drafts = some_drafts(None, 8, seed=5)
    true = {draft.text for draft in drafts}
    told: set[str] = set()
    for draft in drafts:
        lies = mutants(draft, Random(5), true=true, most=20)
        told |= {lie.kind for lie in lies}
        names = tuple(Entity("subject", name) for name in draft.measure.subjects if name)
        through, reasons = await _said([draft.text, *(lie.text for lie in lies)], _brief(draft), names)
        assert [sentence.text for sentence in through] == [f"{draft.text.removesuffix('.')}."]
        assert len(reasons) >= len(lies)
    assert told == set(KINDS)


def _brief(draft: Draft) -> Brief:
    return replace(BRIEF, figures=tuple(dict.fromkeys((*draft.bound, *draft.known))))


async def test_the_model_is_shown_each_figure_with_its_mark_period_and_change() -> None:
    def answer(request: Body) -> Reply:
        return says("The material does not say.")

    async with chat(answer) as (language, peer):
        assert await written(language, BRIEF)

    shown = peer.requests[0]["messages"][1]["content"]
    assert "[F5] revenue = $1.2M in March 2026 (up 4.2 %; $1.15M in February 2026) (as of 2026-03-31)" in shown
    assert "EMEA: win rate = 43 % in March 2026 (up 3 points; 40 % in February 2026) (as of 2026-03-31)" in shown


async def test_a_figure_that_is_not_marked_bears_nothing() -> None:
    async with chat(says("Revenue was $1.2M in March [F6]. Revenue was $1.2M in March.")) as (language, _):
        assert await written(language, BRIEF, entities=ENTITIES, withheld=call().withheld) == []
