"""Writing without a language model: the speakers' own words, chosen, attributed and cited."""

import asyncio
from collections.abc import AsyncIterator, Sequence

from models.citations import NEAREST
from models.entities import Entity
from models.extractive.evidence import Evidence, evidence
from models.extractive.figures import figure_lines
from models.extractive.lines import quotation_lines, with_figures
from models.extractive.quotes import Preferences, chosen, quotables
from models.extractive.summary import summary_lines
from models.language import Brief, Call, Form, Sentence

NOT_IN_MATERIAL = "The material does not say."
#: Who asks for every source as a quotation has chosen already: a short sentence is quoted too.
ALL = Preferences(fewest_words=2, fewest_stems=0)
#: What only comes nearest is kept short.
FEW = Preferences(quotes=3, words=60)


async def write(brief: Brief, *, call: Call, enough: float) -> AsyncIterator[Sentence]:
    """The text a brief asks for, a quotation or a figure a line.

    An answer has at most a few quotations. If the evidence is not `enough` (see `enough_for`) it says so before the
    nearest few, or only that the material does not say. A summary has parts and says that it is extractive. Figures come first, as they are bound; one
    that was reckoned from quoted words stands beside these. The work is done in a thread: a long call takes a while.
    """
    for sentence in await asyncio.to_thread(_written, brief, call, enough):
        yield sentence


def _written(brief: Brief, call: Call, enough: float) -> list[Sentence]:
    figures = figure_lines([figure for figure in brief.figures if figure.at is None])
    match brief.form:
        case Form.SUMMARY:
            lines = list(summary_lines(brief, call.entities))
        case Form.QUOTES:
            lines = with_figures(quotation_lines(quotables(brief.sources, ALL), brief.sources), brief.figures)
        case Form.ANSWER:
            lines = _answer(brief, enough, call.entities)
    return figures + lines or [Sentence(NOT_IN_MATERIAL)]


def _answer(brief: Brief, enough: float, entities: Sequence[Entity]) -> list[Sentence]:
    match evidence(brief.question, brief.sources, enough=enough, entities=entities):
        case Evidence.ENOUGH:
            return quotation_lines(chosen(brief.question, brief.sources), brief.sources)
        case Evidence.NEAR:
            nearest = quotation_lines(chosen(brief.question, brief.sources, FEW), brief.sources)
            return [Sentence(NEAREST), *nearest] if nearest else []
        case Evidence.NONE:
            return []
