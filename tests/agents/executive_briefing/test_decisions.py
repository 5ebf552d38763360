"""The part of a briefing about decisions."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from agents.base import ToolAnswer, Turn
from agents.executive_briefing.decisions import MOST_TOLD, decisions
from agents.executive_briefing.document import Section
from agents.executive_briefing.prose import Prose
from core.identity import Label, Principal
from memory.decisions.recall import Due
from tests.fakes.decisions import NOW, PILOTS, Remembered, reading
from tests.fakes.language import ScriptedLanguage
from tests.graphs.test_briefing import WANTED

REVIEWED = replace(PILOTS, id="dec_2", decision=replace(PILOTS.decision, review_on=date(2026, 3, 1)))


class NoTools:
    async def call(self, *_: Any, **__: Any) -> ToolAnswer:
        raise AssertionError("no tool is called here")


async def part(*due: Due) -> tuple[Section, Prose]:
    turn = Turn(
        Principal("acme", "ada"),
        NOW,
        NOW + timedelta(minutes=1),
        ScriptedLanguage(),
        NoTools(),
        decisions=Remembered(waits=due),
    )
    prose = Prose(turn)
    return await decisions(WANTED, {}, prose), prose


async def test_a_crossed_trip_wire_is_told_with_its_figure_before_reviews_that_are_due() -> None:
    found, prose = await part(Due(REVIEWED, True, ()), Due(PILOTS, False, (reading(31),)))
    assert [line.text for line in found.lines] == [
        "How are pilots run in Dallas? Decided on 2026-02-17 by Renata Voss: Paid, thirty days at most. [1]",
        "Win rate was 31 % for 2025-03-21 to 2026-03-20.",
        "By this the reason no longer holds. The trip-wire: win rate below 40. [2]",
        "How are pilots run in Dallas? Decided on 2026-02-17 by Renata Voss: Paid, thirty days at most. [3]",
        "To be reviewed on 2026-03-01. [4]",
    ]
    assert [figure.value for line in found.lines for figure in line.figures] == [31]
    assert prose.withheld == []
    assert prose.label == Label.CONFIDENTIAL
    assert prose.documents == {"decision:dec_1", "decision:dec_2"}


async def test_where_nothing_is_due_there_is_nothing_to_read() -> None:
    found, _ = await part()
    assert not found.says_something


@pytest.mark.parametrize("more", [1, 3])
async def test_what_is_left_out_is_counted(more: int) -> None:
    many = [Due(replace(REVIEWED, id=f"dec_{n}"), True, ()) for n in range(MOST_TOLD + more)]
    found, _ = await part(*many)
    assert found.note == f"{more} more wait: see 'sophia decisions due'."
    assert sum("Decided on" in line.text for line in found.lines) == MOST_TOLD
