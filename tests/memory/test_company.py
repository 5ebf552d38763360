"""The names a company knows, and the day it is there."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.errors import InvalidInputError
from memory.company import Company, read_company
from models.entities import Entity

NOW = datetime(2030, 1, 2, 3, 4, tzinfo=UTC)
ACME = """
as_of: 2026-03-20
seller: {name: Tallowby}
products: [{name: Yard}]
competitors: [{name: Berthly, aliases: [Berthley, Birthly]}]
reps: [{name: Ingrid Solheim, email: i@tallowby.example}]
team: [{name: Renata Voss}]
accounts:
- name: Castellan
  aliases: [Castellan Cold Storage]
  contacts: [{name: Imani Okoro, aliases: [Immy]}]
"""


def company(tmp_path: Path, text: str) -> Company:
    file = tmp_path / "company.yaml"
    file.write_text(text, encoding="utf-8")
    return read_company(file)


def refusal(tmp_path: Path, text: str | bytes) -> str:
    file = tmp_path / "company.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InvalidInputError) as refused:
        read_company(file)
    assert str(file) in str(refused.value)
    return str(refused.value)


def test_every_name_is_known_under_its_kind_with_its_aliases(tmp_path: Path) -> None:
    assert company(tmp_path, ACME).entities == (
        Entity("account", "Castellan", ("Castellan Cold Storage",)),
        Entity("competitor", "Berthly", ("Berthley", "Birthly")),
        Entity("product", "Yard"),
        Entity("rep", "Ingrid Solheim"),
        Entity("person", "Renata Voss"),
        Entity("person", "Imani Okoro", ("Immy",)),
        Entity("company", "Tallowby"),
    )


def test_names_of_one_kind_can_be_picked(tmp_path: Path) -> None:
    assert [entity.name for entity in company(tmp_path, ACME).of_kind("person")] == ["Renata Voss", "Imani Okoro"]


def test_questions_are_asked_at_noon_of_the_as_of_day(tmp_path: Path) -> None:
    clock = company(tmp_path, ACME).clock(lambda: NOW)
    assert clock() == datetime(2026, 3, 20, 12, tzinfo=UTC)


def test_without_an_as_of_day_the_clock_decides(tmp_path: Path) -> None:
    assert company(tmp_path, "accounts: []").clock(lambda: NOW)() == NOW


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "{}"])
def test_an_empty_file_is_a_company_without_names(tmp_path: Path, text: str) -> None:
    assert company(tmp_path, text) == Company()


def test_no_file_is_a_company_without_names(tmp_path: Path) -> None:
    assert read_company(tmp_path / "none.yaml") == Company()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("accounts: [", "not a YAML file"),
        ("as_of: soon", "as_of"),
        ("accounts: Castellan", "accounts"),
        ("accounts: [{aliases: [X]}]", "accounts.0.name"),
        ("accounts: [{name: [X]}]", "accounts.0.name"),
        ("- Castellan", "company.yaml"),
        ("Castellan", "company.yaml"),
        (b"accounts: [{name: K\xf6ln}]", "not a YAML file"),
        ("!!python/object/apply:os.getcwd []", "not a YAML file"),
    ],
)
def test_what_is_wrong_with_a_file_is_named(tmp_path: Path, text: str | bytes, said: str) -> None:
    told = refusal(tmp_path, text)
    assert said in told
    assert told.endswith("docs/company.md shows the format")


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "company.yaml").mkdir()
    with pytest.raises(InvalidInputError, match=r"company\.yaml.*directory"):
        read_company(tmp_path / "company.yaml")


def test_the_example_of_the_documentation_fills_everything_there_is(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "company.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    read = company(tmp_path, example)
    assert {name for name in Company.model_fields if not getattr(read, name)} == set()
    assert {name for name in Company.model_fields if f"| `{name}` |" not in page} == set()
    assert Entity("account", "Castellan Tile & Stone", ("Castellan", "Castellan Tile and Stone")) in read.entities
    assert Entity("person", "Bev Tarkowski") in read.entities
