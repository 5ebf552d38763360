"""Records told in sentences: each cites the turns of the record that it rests on, and passes the citation check."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from agents.crm_sync.records import HELD, LISTED
from agents.crm_sync.telling import Telling
from memory.crm.citable import titled
from memory.crm.records import Contact, Deal, Source, Status
from models.citations import check
from models.language import Brief, Form
from tools.servers.crm_results import CrmRecord

VALUES = [
    "Contract Sent",
    "3 DCs and 24\" monitors",
    "Аcme Ltd",
    "Zoë Müller-O'Brien",
    "株式会社アクメ",
    "a\u200bb corp",
    "e\u0301cole",
    "\u202eevil",
    "see [1] and [22]",
    "Deal [draft]",
    "1. Phase rollout. Then Berlin",
    "10% off, Q3/2026, $48k",
    "3M",
    "3Com IIs",
    "‘smart’ “quotes” — dash",
    "https://x.example/a?b=1 or bob@x.example",
    "SOC2 by 3/4/2026 at 12:30",
    "Dana: send the order form",
]  # fmt: skip
SAYINGS = ["Dana said legal is fine", "According to Ben, they'll sign by June", "Dana didn't agree to 3 years"]


def told(telling: Telling) -> list[str]:
    """The sentences, each of which passes the check."""
    brief = Brief(Form.ANSWER, "", tuple(telling.sources), tuple(telling.figures))
    assert [check(line, brief) for line in telling.lines] == [None] * len(telling.lines)
    return [line.text for line in telling.lines]


def shown(record: Deal | Contact) -> CrmRecord:
    return CrmRecord.of(record, title=titled(record), account=None)


def deal(**changed: object) -> CrmRecord:
    known: dict[str, object] = {
        "name": "Castellan renewal 2026",
        "stage": "Contract Sent",
        "amount": Decimal("-1234567.89"),
        "currency": "USD",
        "expected": date(2026, 4, 30),
        "next_step": "Call Ben",
        "modified": datetime(2026, 3, 1, tzinfo=UTC),
        "source": Source("deals.csv", 117),
    }
    return shown(Deal(tenant="acme", id="7", status=Status.OPEN, **{**known, **changed}))  # type: ignore[arg-type]


def test_a_record_is_told_in_one_sentence_that_cites_it() -> None:
    telling = Telling()
    telling.add(deal(), ["stage", "expected", "competitor"])
    assert told(telling) == ["Castellan renewal 2026: stage Contract Sent, close date 30 April 2026. [1]"]
    [line] = telling.lines
    [citation] = line.sources
    assert (citation.document, telling.sources[0].title) == (
        "crm:deals:7",
        "Castellan renewal 2026 (deals.csv, line 117)",
    )


def test_one_field_is_cited_alone() -> None:
    telling, record = Telling(), deal()
    telling.add(record, ["stage"])
    [citation] = telling.lines[0].sources
    assert citation.span == record.said["stage"].span


def test_of_what_is_empty_nothing_is_told() -> None:
    telling = Telling()
    telling.add(deal(), ["competitor", "lost_reason"])
    assert (telling.lines, telling.sources) == ([], [])


@pytest.mark.parametrize("value", VALUES)
def test_whatever_a_record_is_called_and_holds_may_be_told(value: str) -> None:
    telling = Telling()
    record = deal(name=value, stage=value, owner=value, competitor=value, next_step=value, lost_reason=value)
    telling.add(record, HELD["deals"])
    telling.add(record, LISTED)
    twins = [shown(Contact(tenant="acme", id=id_, name=value, email="a.b@c.example")) for id_ in ("x-1", "8")]
    telling.alike(twins, "the same email address")
    assert len(told(telling)) == 3


@pytest.mark.parametrize("value", SAYINGS)
def test_what_people_write_is_quoted_and_nobody_is_said_to_have_said_it(value: str) -> None:
    telling = Telling()
    telling.add(deal(next_step=value), HELD["deals"])
    [line] = told(telling)
    assert f'next step "{value}"' in line


def test_an_amount_that_is_not_the_records_does_not_stand() -> None:
    telling = Telling()
    telling.add(deal(), LISTED)
    [line] = telling.lines
    lie = type(line)(line.text.replace("1,234,567.89", "1,234,568.89"), line.sources)
    assert check(lie, Brief(Form.ANSWER, "", tuple(telling.sources), ())) is not None
