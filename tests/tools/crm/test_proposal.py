import pytest
import yaml

from tests.tools.crm.material import ACCOUNTS, BOTH, DEALS, Texts, proposed
from tools.crm.mapping import parsed_mapping
from tools.crm.written import written


def column(texts: Texts, name: str, file: str = "deals.csv") -> str:
    return proposed(texts).mapping.files[file].columns[name].field


def test_files_and_columns_are_told_by_their_names() -> None:
    found = proposed(BOTH)
    assert {name: held.table for name, held in found.mapping.files.items()} == {
        "accounts.csv": "accounts",
        "deals.csv": "deals",
    }
    assert {name: one.field for name, one in found.mapping.files["deals.csv"].columns.items()} == {
        "Deal ID": "id",
        "Account": "account",
        "Stage": "stage",
        "Amount": "amount",
        "Close Date": "close",
        "Create Date": "created",
    }
    assert found.undecided == [("deals.csv", "currency")]


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        ("Record ID,Deal Name,Deal Stage,Close Date,Amount,Deal owner,Associated Company IDs", "id name stage close amount owner account"),
        ("hs_object_id,dealname,dealstage,closedate,amount,hubspot_owner,createdate", "id name stage close amount owner created"),
        ("Id,Name,StageName,CloseDate,Amount,AccountId,NextStep", "id name stage close amount account next_step"),
        ("Opportunity ID,Opportunity Name,Stage,Expected Close Date,Value,Sales Rep,Lost Reason",
         "id name stage expected amount owner lost_reason"),
    ],
)  # fmt: skip
def test_the_exports_of_common_systems_need_no_question(header: str, fields: str) -> None:
    cells = {
        "close": "2026-01-02",
        "expected": "2026-01-02",
        "created": "2026-01-02",
        "amount": "5",
        "stage": "closedwon",
    }
    row = ",".join(cells.get(field, "x") for field in fields.split())
    held = proposed({"opportunities.csv": f"{header}\n{row}\n"}).mapping.files["opportunities.csv"]
    assert [one.field for one in held.columns.values()] == fields.split()
    assert list(held.stages.values()) in ([], ["won"])


def test_a_file_is_told_by_its_columns_where_its_name_says_nothing() -> None:
    assert proposed({"export-17.csv": DEALS}).mapping.files["export-17.csv"].table == "deals"
    unknown = proposed({"export-17.csv": "Colour,Shape\nred,round\n"})
    assert unknown.mapping.files["export-17.csv"].table == "?"
    assert unknown.undecided == [("export-17.csv", "table")]


def test_a_column_that_no_field_is_called_by_is_asked_about_with_examples() -> None:
    found = proposed({"deals.csv": "Deal ID,Stage,Mood\nd1,Won,sunny\n"})
    assert found.undecided == [("deals.csv", "Mood")]
    assert "'sunny'" in found.notes["deals.csv", "Mood"]


def test_two_columns_for_one_field_are_asked_about() -> None:
    found = proposed({"deals.csv": "Deal ID,Stage,Amount,Deal Value\nd1,Won,5,6\n"})
    assert found.undecided == [("deals.csv", "Amount"), ("deals.csv", "Deal Value")]
    assert "'Deal Value'" in found.notes["deals.csv", "Amount"]


def test_of_a_reference_by_id_and_by_name_the_id_is_taken() -> None:
    texts = {"deals.csv": "Deal ID,Stage,Account ID,Account Name\nd1,Won,a1,Harbour\n"}
    assert column(texts, "Account ID") == "account"
    assert column(texts, "Account Name") == "?"


def test_a_column_whose_values_are_accounts_refers_to_them_whatever_it_is_called() -> None:
    texts = {"accounts.csv": ACCOUNTS, "deals.csv": "Deal ID,Stage,Kunde\nd1,Won,Harbour\nd2,Won,a2\n"}
    assert column(texts, "Kunde") == "account"
    assert column({**texts, "deals.csv": texts["deals.csv"].replace("Harbour", "Basin")}, "Kunde") == "?"


def test_a_column_that_does_not_hold_what_its_name_says_is_asked_about() -> None:
    found = proposed({"deals.csv": "Deal ID,Stage,Close Date,Amount\nd1,Won,next week,lots\n"})
    assert found.undecided == [("deals.csv", "Close Date"), ("deals.csv", "Amount")]
    assert "'next week'" in found.notes["deals.csv", "Close Date"]


def test_days_are_read_alike_in_a_file_and_asked_about_where_nothing_decides() -> None:
    clear = proposed({"deals.csv": "Deal ID,Stage,Create Date,Close Date\nd1,Won,25/02/2026,01/03/2026\n"})
    assert clear.mapping.files["deals.csv"].columns["Close Date"].dates == "dmy"
    unclear = proposed({"deals.csv": "Deal ID,Stage,Create Date,Close Date\nd1,Won,05/02/2026,01/03/2026\n"})
    assert unclear.undecided == [("deals.csv", "Create Date"), ("deals.csv", "Close Date")]


def test_a_decimal_sign_is_seen_or_asked_about() -> None:
    clear = proposed({"deals.csv": 'Deal ID;Stage;Amount\nd1;Won;"1.234,50"\n'})
    assert clear.mapping.files["deals.csv"].columns["Amount"].decimal == ","
    unclear = proposed({"deals.csv": "Deal ID;Stage;Amount\nd1;Won;1.234\n"})
    assert ("deals.csv", "Amount") in unclear.undecided


def test_a_stage_that_says_neither_open_nor_won_nor_lost_is_asked_about() -> None:
    found = proposed({"deals.csv": "Deal ID,Stage\nd1,Closed Won\nd2,Renewal\n"})
    assert found.mapping.files["deals.csv"].stages == {"Closed Won": "won", "Renewal": "?"}
    assert found.undecided == [("deals.csv", "stages")]


def test_a_table_without_ids_is_keyed_by_what_names_its_rows_and_deals_are_asked_about() -> None:
    accounts = proposed({"accounts.csv": "Company\nHarbour\n"})
    assert accounts.mapping.files["accounts.csv"].key == ("name",)
    assert ("deals.csv", "key") in proposed({"deals.csv": "Deal Name,Stage\nHarbour,Won\n"}).undecided


def test_figures_of_the_first_of_each_month_are_monthly_and_others_are_asked_about() -> None:
    monthly = proposed({"figures.csv": "series,month,value\nmrr,2026-01,5\nmrr,2026-02,6\n"})
    assert monthly.mapping.files["figures.csv"].grain == "month"
    assert proposed({"figures.csv": "series,day,value\nmrr,2026-01-05,5\n"}).undecided == [("figures.csv", "grain")]


def test_a_value_that_is_nearly_a_known_one_is_a_suspicion_with_its_lines_and_its_reason() -> None:
    products = "Product\nCrane Pro\nCrane Basic\n"
    deals = "Deal ID,Stage,Product\nd1,Won,CranePro\nd2,Won,Crane Basic\nd3,Won,CranePro\nd4,Won,Hoist\n"
    [found] = proposed({"products.csv": products, "deals.csv": deals}).suspicions
    assert (found.file, found.column, found.was, found.to) == ("deals.csv", "Product", "CranePro", "Crane Pro")
    assert found.lines == (2, 4)
    assert "one of the products" in found.why


def test_a_misspelt_industry_or_country_is_a_suspicion_and_an_unknown_one_is_not() -> None:
    accounts = "Account Name,Industry,Country\nA,Tecnology,Germny\nB,Basketry,Atlantis\nC,technology,Germany\n"
    found = proposed({"accounts.csv": accounts}).suspicions
    assert {(one.was, one.to) for one in found} == {("Tecnology", "Technology"), ("Germny", "Germany")}


def test_a_rare_value_beside_a_frequent_one_of_its_column_is_a_suspicion() -> None:
    rows = "\n".join(f"d{n},Won,{'Nadia Orlow' if n == 7 else 'Nadia Orlo'}" for n in range(12))
    [found] = proposed({"deals.csv": f"Deal ID,Stage,Deal Owner\n{rows}\n"}).suspicions
    assert (found.was, found.to) == ("Nadia Orlow", "Nadia Orlo")


def test_two_alike_values_that_both_come_again_are_two_names() -> None:
    rows = "\n".join(f"d{n},Won,{'Nadia Orlow' if n % 3 else 'Nadia Orlo'}" for n in range(18))
    assert proposed({"deals.csv": f"Deal ID,Stage,Deal Owner\n{rows}\n"}).suspicions == ()


@pytest.mark.parametrize("name", ["deals.csv", "Deals: Q1 #2.csv", "yes.csv", "Zürich - 'deals'.csv"])
def test_what_is_written_for_review_is_read_back_as_it_was_proposed(name: str) -> None:
    deals = DEALS.replace("Amount", '"Amount: ""net"" # 1"').replace("Closed Won", "Ja: #1")
    found = proposed({"accounts.csv": ACCOUNTS.replace("Retail", "Retial"), name: deals})
    assert parsed_mapping(yaml.safe_load(written(found)), name="written") == found.mapping
    assert found.mapping.repairs
    assert not found.mapping.confirmed


def test_the_written_mapping_says_beside_each_question_what_it_is_about() -> None:
    text = written(proposed({"deals.csv": "Deal ID,Stage,Mood\nd1,Won,sunny\n"}))
    [line] = [line for line in text.splitlines() if "Mood" in line]
    assert '"?"' in line
    assert "'sunny'" in line
