"""What becomes of the rows of small exports."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from core.errors import ForbiddenError, InvalidInputError
from core.identity import Label, Principal
from core.periods import Grain
from memory.crm.base import Crm
from memory.crm.records import Account, Activity, CompanyFigure, Contact, Deal, Source, StageChange, Status
from tests.tools.crm.material import ANNA, BOTH, DEALS, MAPPED, TERMS, encoded, imported, mapping, places, rows_of
from tools.crm.importing import files_of, import_crm
from tools.crm.mapping import parsed_mapping
from tools.crm.report import Report, Sum


async def only(crm: Crm, name: str, text: str, **held: object) -> Report:
    """What became of one file."""
    wanted = parsed_mapping({"confirmed": True, "files": {name: held}}, name="mapping")
    return await import_crm({name: text.encode()}, wanted, TERMS, crm)


async def test_rows_become_records_under_their_ids_and_know_their_lines(crm: Crm) -> None:
    report = await imported(crm, DEALS)
    won, lost, pending = await crm.find(Deal, ANNA)
    assert won == Deal(
        tenant="acme",
        id="d1",
        source=Source("deals.csv", 2),
        account="a1",
        stage="Closed Won",
        status=Status.WON,
        amount=Decimal("1200.50"),
        currency="EUR",
        closed=date(2026, 2, 28),
        created=date(2026, 1, 2),
    )
    assert (lost.status, lost.account) == (Status.LOST, "a2")
    assert (pending.closed, pending.expected, pending.account) == (None, date(2026, 5, 1), "a2")
    assert (report.refusals, report.gaps) == ((), ())
    assert [(one.file, one.rows, one.records) for one in report.files] == [("accounts.csv", 2, 2), ("deals.csv", 3, 3)]


async def test_the_deals_are_counted_and_added_up_by_currency(crm: Crm) -> None:
    rows = (
        "d1,a1,Closed Won,€5,2026-02-01,",
        "d2,a1,Closed Won,£7,2026-02-01,",
        "d3,a1,Proposal,9,,",
        "d4,a1,Closed Lost,1,2026-02-01,",
    )
    found = (await imported(crm, rows_of(*rows))).deals
    assert found
    assert (found.open, found.won, found.lost, found.win_rate) == (1, 2, 1, 2 / 3)
    assert found.sums == (Sum("EUR", Decimal(5), Decimal(9)), Sum("GBP", Decimal(7), Decimal(0)))
    assert {deal.currency for deal in await crm.find(Deal, ANNA)} == {"EUR", "GBP"}


async def test_importing_again_changes_nothing_and_an_edited_row_one_record(crm: Crm) -> None:
    assert {one.added for one in (await imported(crm, DEALS)).stored} == {2, 3}
    assert {(one.added, one.changed) for one in (await imported(crm, DEALS)).stored} == {(0, 0)}
    won = DEALS.replace("Proposal,900,2026-05-01", "Closed Won,900,2026-03-19")
    assert {one.table: one.changed for one in (await imported(crm, won)).stored} == {"accounts": 0, "deals": 1}
    assert [(change.stage, change.entered) for change in await crm.history("d3", ANNA)] == [
        ("Closed Won", date(2026, 3, 19))
    ]


async def test_a_dry_run_reports_the_same_and_stores_nothing(crm: Crm) -> None:
    tried = await import_crm(encoded(BOTH), mapping(), TERMS, crm, dry_run=True)
    assert tried.stored == ()
    assert await crm.find(Deal, ANNA) == []
    assert replace(await imported(crm, DEALS), stored=()) == tried


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        ("d9,a1,Closed Won,lots,2026-02-01,", "Amount", "lots"),
        ("d9,a1,Closed Won,5,31.02.2026,", "Close Date", "31.02.2026"),
        ("d9,a1,Closed Won,5,01/02/2026,", "Close Date", "01/02/2026"),
        ("d9,a1,Closed Won,$5,2026-02-01,", "Amount", "$"),
        ("d9,a1,On ice,5,2026-02-01,", "Stage", "On ice"),
        ("d9,a1,,5,2026-02-01,", "Stage", None),
        ("d9,a1,Closed Won,5,2026-03-21,", "Close Date", "2026-03-21"),
        ("d9,a1,Proposal,5,,2026-03-21", "Create Date", "2026-03-21"),
        (",a1,Proposal,5,,", None, None),
        ("d1,a1,Proposal,5,,", None, None),
        ("d9,a1,Proposal", None, None),
    ],
)
async def test_a_row_that_cannot_be_read_is_refused_with_its_place_and_the_others_go_on(
    crm: Crm, row: str, column: str | None, value: str | None
) -> None:
    report = await imported(crm, rows_of("d1,a1,Proposal,5,,", row, "d2,a1,Proposal,5,2027-01-01,"))
    assert places(report.refusals) == [(3, column, value)]
    assert report.refusals[0].reason
    assert [deal.id for deal in await crm.find(Deal, ANNA)] == ["d1", "d2"]


async def test_one_id_in_two_files_is_refused_the_second_time(crm: Crm) -> None:
    wanted = parsed_mapping(
        {**MAPPED, "files": {**MAPPED["files"], "more deals.csv": MAPPED["files"]["deals.csv"]}}, name="m"
    )
    report = await import_crm(encoded({**BOTH, "more deals.csv": rows_of("d1,a1,Proposal,5,,")}), wanted, TERMS, crm)
    assert [(one.file, one.line) for one in report.refusals] == [("more deals.csv", 2)]
    assert "line 2 of deals.csv" in report.refusals[0].reason


async def test_a_sign_that_several_currencies_write_is_the_one_that_the_mapping_names(crm: Crm) -> None:
    report = await imported(crm, rows_of("d1,a1,Proposal,$5,,", "d2,a1,Proposal,€5,,"), mapping(currency="CAD"))
    assert report.refusals == ()
    assert [deal.currency for deal in await crm.find(Deal, ANNA)] == ["CAD", "EUR"]


async def test_amounts_in_no_currency_are_a_gap_that_the_mapping_has_to_allow(crm: Crm) -> None:
    report = await imported(crm, DEALS, mapping(currency="none"))
    assert [deal.currency for deal in await crm.find(Deal, ANNA)] == [None] * 3
    assert [gap.lines for gap in report.gaps] == [(2, 3, 4)]


async def test_a_currency_of_the_row_contradicted_by_the_sign_of_its_amount_is_refused(crm: Crm) -> None:
    text = "Deal ID,Stage,Amount,Currency\nd1,Won,€5,EUR\nd2,Won,€5,USD\nd3,Won,$5,AUD\nd4,Won,5,Taler\n"
    columns = {"Deal ID": "id", "Stage": "stage", "Amount": "amount", "Currency": "currency"}
    report = await only(crm, "deals.csv", text, table="deals", columns=columns, stages={"Won": "won"})
    assert [one.line for one in report.refusals] == [3, 5]
    assert [deal.currency for deal in await crm.find(Deal, ANNA)] == ["EUR", "AUD"]


async def test_a_reference_that_matches_nothing_is_a_gap_and_never_another_account(crm: Crm) -> None:
    report = await imported(crm, rows_of("d1,Harbor,Proposal,5,,", "d2,Basin,Proposal,5,,", "d3,Basin,Proposal,5,,"))
    assert [(gap.column, gap.value, gap.lines) for gap in report.gaps] == [
        ("Account", "Harbor", (2,)),
        ("Account", "Basin", (3, 4)),
    ]
    assert [deal.account for deal in await crm.find(Deal, ANNA)] == [None] * 3
    assert [(one.was, one.to) for one in report.suspicions] == [("Harbor", "Harbour")]


async def test_a_repair_is_applied_where_the_mapping_says_so_and_reported_with_its_lines(crm: Crm) -> None:
    repair = {"file": "deals.csv", "column": "Account", "from": "Harbor", "to": "Harbour", "apply": True}
    wanted = parsed_mapping({**MAPPED, "repairs": [repair]}, name="m")
    report = await imported(crm, rows_of("d1,Harbor,Proposal,5,,"), wanted)
    [change] = report.repairs
    assert (change.file, change.column, change.was, change.to, change.lines) == (
        "deals.csv",
        "Account",
        "Harbor",
        "Harbour",
        (2,),
    )
    assert "one of the accounts" in change.why
    assert (report.gaps, report.suspicions) == ((), ())
    assert [deal.account for deal in await crm.find(Deal, ANNA)] == ["a1"]


async def test_a_repair_that_no_row_needs_is_told(crm: Crm) -> None:
    repair = {"file": "deals.csv", "column": "Account", "from": "Harbor", "to": "Harbour", "apply": True}
    report = await imported(crm, DEALS, parsed_mapping({**MAPPED, "repairs": [repair]}, name="m"))
    assert report.repairs == ()
    assert [(gap.column, gap.value, gap.lines) for gap in report.gaps] == [("Account", "Harbor", ())]


async def test_an_id_is_right_or_wrong_and_never_misspelt(crm: Crm) -> None:
    accounts = "Account ID,Account Name,Industry\nharbour-north,Harbour,\n"
    report = await imported(crm, rows_of("d1,harbour-nort,Proposal,5,,"), accounts=accounts)
    assert (len(report.gaps), report.suspicions) == (1, ())


async def test_a_cell_with_several_accounts_is_a_gap(crm: Crm) -> None:
    report = await imported(crm, rows_of("d1,a1;a2,Proposal,5,,"))
    assert [(gap.value, gap.reason) for gap in report.gaps] == [("a1;a2", "it names 2 accounts")]
    assert [deal.account for deal in await crm.find(Deal, ANNA)] == [None]


async def test_a_name_that_two_accounts_have_is_a_gap(crm: Crm) -> None:
    accounts = "Account ID,Account Name,Industry\na1,Harbour,\na2,Harbour,\n"
    report = await imported(crm, rows_of("d1,Harbour,Proposal,5,,", "d2,a2,Proposal,5,,"), accounts=accounts)
    assert [(gap.value, gap.lines) for gap in report.gaps] == [("Harbour", (2,))]


async def test_what_was_imported_before_may_be_referred_to_by_those_who_may_read_it(crm: Crm) -> None:
    await imported(crm, DEALS)
    text = "ID,Deal,Date,Type\nv1,d1,2026-02-02,call\nv2,d8,2026-02-03,call\n"
    columns = {"ID": "id", "Deal": "deal", "Date": "day", "Type": "type"}
    report = await only(crm, "activities.csv", text, table="activities", columns=columns)
    assert [activity.deal for activity in await crm.find(Activity, ANNA)] == ["d1", None]
    assert [gap.value for gap in report.gaps] == ["d8"]


async def test_a_stage_change_of_no_deal_is_refused(crm: Crm) -> None:
    await imported(crm, DEALS)
    text = "Deal ID,Stage,Date\nd1,Demo,2026-01-09\nd8,Demo,2026-01-09\n"
    columns = {"Deal ID": "deal", "Stage": "stage", "Date": "entered"}
    report = await only(
        crm, "stage history.csv", text, table="stage_changes", columns=columns, key=["deal", "entered", "stage"]
    )
    assert places(report.refusals) == [(3, "Deal ID", "d8")]
    assert [(change.id, change.entered) for change in await crm.find(StageChange, ANNA)] == [
        ("d1/2026-01-09/Demo", date(2026, 1, 9))
    ]


async def test_gaps_in_closed_deals_are_named(crm: Crm) -> None:
    rows = "d1,a1,Closed Won,,2026-02-01,", "d2,a1,Closed Won,5,,", "d3,,Closed Lost,,,"
    found = {gap.reason.partition(":")[0]: gap.lines for gap in (await imported(crm, rows_of(*rows))).gaps}
    assert found == {
        "deals without an account": (4,),
        "won, but without an amount": (2,),
        "won, but on no day": (3,),
        "lost, but on no day": (4,),
    }


async def test_contacts_have_their_names_put_together_and_probable_twins_are_told(crm: Crm) -> None:
    text = (
        "ID,First,Last,Mail,Phone\nc1,Beverly,Tarn,bev@x.example,+1 555 010 7788\nc2,Bev,Tarn,b@x.example,(555) 010-7788\n"
        "c3,Mo,,BEV@x.example,\nc4,,,,\nc5,,,five@x.example,\n"
    )
    columns = {"ID": "id", "First": "first_name", "Last": "last_name", "Mail": "email", "Phone": "phone"}
    report = await only(crm, "contacts.csv", text, table="contacts", columns=columns)
    names = [contact.name for contact in await crm.find(Contact, ANNA)]
    assert names == ["Beverly Tarn", "Bev Tarn", "Mo", "five@x.example"]
    assert {gap.lines for gap in report.gaps} == {(2, 3), (2, 4)}
    assert [one.line for one in report.refusals] == [5]


async def test_figures_are_keyed_by_series_day_and_segment(crm: Crm) -> None:
    text = 'metric;month;value;segment;partial\nmrr;2026-02;"1.234,5";;\nmrr;2026-03;7,0;SMB;yes\nmrr;2026-04;9;;\n'
    columns = {
        "metric": "series",
        "month": "day",
        "value": {"field": "value", "decimal": ","},
        "segment": "segment",
        "partial": "partial",
    }
    report = await only(
        crm, "figures.csv", text, table="figures", columns=columns, key=["series", "day", "segment"], grain="month"
    )
    first, second = await crm.find(CompanyFigure, ANNA)
    assert (first.value, first.day, first.grain, first.partial) == (
        Decimal("1234.5"),
        date(2026, 2, 1),
        Grain.MONTH,
        False,
    )
    assert (second.segment, second.partial, second.id) == ("SMB", True, "mrr/2026-03-01/SMB")
    assert places(report.refusals) == [(4, "month", "2026-04-01")]


async def test_how_columns_were_read_is_told_with_an_example(crm: Crm) -> None:
    columns = {**MAPPED["files"]["deals.csv"]["columns"], "Close Date": {"field": "close", "dates": "dmy"}}
    report = await imported(
        crm, rows_of("d1,a1,Closed Won,5,01-02-26,2026-01-01", "d2,a1,Closed Won,5,02-02-26,"), mapping(columns=columns)
    )
    [told] = report.interpretations
    assert (told.column, told.how, told.values, told.was, told.became) == (
        "Close Date", "read as day-month-year", 2, "01-02-26", "2026-02-01",
    )  # fmt: skip


async def test_records_have_the_label_of_their_import(crm: Crm) -> None:
    board = Principal("acme", "bea", clearance=Label.CONFIDENTIAL)
    terms = replace(TERMS, principal=board, label=Label.CONFIDENTIAL)
    await import_crm(encoded(BOTH), mapping(), terms, crm)
    assert await crm.find(Account, ANNA) == []
    assert len(await crm.find(Account, board)) == 2
    with pytest.raises(ForbiddenError):
        await imported(crm, DEALS)


DEALS_MAPPED = MAPPED["files"]["deals.csv"]


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"columns": {**DEALS_MAPPED["columns"], "Stage": "?"}}, "'Stage'"),
        ({"columns": {**DEALS_MAPPED["columns"], "Stage": "mood"}}, "'mood'"),
        ({"columns": {**DEALS_MAPPED["columns"], "Shape": "name"}}, "'Shape'"),
        ({"columns": {name: to for name, to in DEALS_MAPPED["columns"].items() if name != "Amount"}}, "'Amount'"),
        ({"columns": {**DEALS_MAPPED["columns"], "Create Date": "close"}}, "'Close Date'"),
        ({"columns": {**DEALS_MAPPED["columns"], "Deal ID": "ignore"}}, "'id'"),
        ({"columns": {**DEALS_MAPPED["columns"], "Stage": "ignore"}}, "'stage'"),
        ({"columns": {**DEALS_MAPPED["columns"], "Close Date": {"field": "close", "dates": "?"}}}, "'Close Date'"),
        ({"columns": {**DEALS_MAPPED["columns"], "Amount": {"field": "amount", "decimal": "?"}}}, "'Amount'"),
        ({"currency": "?"}, "currency"),
        ({"currency": None}, "currency"),
        ({"currency": "Taler"}, "'Taler'"),
        ({"stages": {**DEALS_MAPPED["stages"], "Proposal": "?"}}, "'Proposal'"),
        ({"table": "?"}, "table"),
        ({"key": ["mood"]}, "'mood'"),
    ],
)
async def test_a_mapping_that_leaves_something_open_imports_nothing_and_names_it(
    crm: Crm, changes: dict[str, object], named: str
) -> None:
    with pytest.raises(InvalidInputError, match=r"deals\.csv") as refused:
        await imported(crm, DEALS, mapping(**changes))
    assert named in str(refused.value)
    assert await crm.find(Account, ANNA) == []


async def test_a_mapping_that_nobody_confirmed_imports_nothing(crm: Crm) -> None:
    with pytest.raises(InvalidInputError, match="confirmed: true"):
        await imported(crm, DEALS, parsed_mapping({**MAPPED, "confirmed": False}, name="m"))


async def test_a_mapping_for_other_files_names_those_that_are_missing_and_those_that_are_new(crm: Crm) -> None:
    with pytest.raises(InvalidInputError) as refused:
        await import_crm(encoded({"accounts.csv": BOTH["accounts.csv"], "tasks.csv": "a\n1\n"}), mapping(), TERMS, crm)
    assert "deals.csv" in str(refused.value)
    assert "tasks.csv" in str(refused.value)


async def test_a_file_that_the_mapping_ignores_is_left_out(crm: Crm) -> None:
    wanted = parsed_mapping({**MAPPED, "files": {**MAPPED["files"], "notes.csv": {"table": "ignore"}}}, name="m")
    report = await import_crm(encoded({**BOTH, "notes.csv": "anything\n1\n"}), wanted, TERMS, crm)
    assert [one.file for one in report.files] == ["accounts.csv", "deals.csv"]


def test_a_mapping_with_a_word_that_none_has_is_refused_where_it_stands() -> None:
    with pytest.raises(InvalidInputError, match=r"files\.deals\.csv\.stages\.Won"):
        parsed_mapping({"files": {"deals.csv": {"table": "deals", "stages": {"Won": "yes"}}}}, name="m")


def test_the_csv_files_of_a_folder_are_taken_and_two_of_one_name_are_refused(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv", "notes.txt"):
        (tmp_path / name).write_text("x\n1\n")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.csv").write_text("x\n1\n")
    assert set(files_of([tmp_path])) == {"a.csv", "b.csv"}
    for paths, fault in (([tmp_path, tmp_path / "sub" / "a.csv"], "'a.csv'"), ([tmp_path / "none"], "cannot be read")):
        with pytest.raises(InvalidInputError, match=fault):
            files_of(paths)
