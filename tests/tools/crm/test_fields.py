import re
from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from memory.crm.records import KINDS
from tools.crm.fields import TABLES, VOCABULARY, plain
from tools.crm.mapping import parsed_mapping

PAGE = (Path(__file__).parents[3] / "docs" / "crm.md").read_text(encoding="utf-8")
PUT_TOGETHER = {"contacts": {"first_name", "last_name"}, "deals": {"close"}}
NOT_IN_FILES = {"tenant", "label", "source", "observed"}


@pytest.mark.parametrize("table", TABLES)
def test_every_field_of_a_record_can_be_mapped_and_every_mapped_one_is_a_field(table: str) -> None:
    held = {field.name for field in fields(KINDS[table])} - NOT_IN_FILES
    assert set(TABLES[table].fields) - PUT_TOGETHER.get(table, set()) == held


@pytest.mark.parametrize("table", TABLES)
def test_words_are_written_as_they_are_compared_and_keys_are_fields(table: str) -> None:
    known = TABLES[table]
    words = {word for field in known.fields.values() for word in field.words} | known.files
    assert {word for word in words if plain(word) != word} == set()
    assert set(known.key) <= set(known.fields)
    assert {field.of for field in known.fields.values() if field.of} <= set(TABLES) | set(VOCABULARY.words)


def test_stages_are_written_as_they_are_compared() -> None:
    assert {word for word in VOCABULARY.stages if plain(word) != word} == set()


def test_every_sign_stands_for_known_currencies() -> None:
    assert frozenset().union(*VOCABULARY.signs.values()) <= VOCABULARY.currencies


@pytest.mark.parametrize("table", TABLES)
def test_the_page_lists_every_field(table: str) -> None:
    [row] = re.findall(rf"^\| `{table}` \|(.*)$", PAGE, re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", row)) == set(TABLES[table].fields)


def test_the_mapping_that_the_page_shows_is_one() -> None:
    shown = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert shown
    assert parsed_mapping(yaml.safe_load(shown[1]), name="docs/crm.md").confirmed
