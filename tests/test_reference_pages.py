"""A setting, an error code, an event or a measure that the reference pages lack fails here."""

from api.runs.events import EVENTS
from api.settings import Settings
from docs.generate import HERE, errors, stale


def page(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def test_the_reference_pages_are_what_the_code_says() -> None:
    assert list(stale()) == []


def test_every_setting_has_a_line_that_says_what_it_is_for() -> None:
    settings = page("settings.md")
    for name, field in Settings.model_fields.items():
        assert field.description
        assert f"| `SOPHIA_{name.upper()}` |" in settings


def test_every_error_code_is_documented_and_belongs_to_one_class() -> None:
    listed = page("errors.md")
    codes = [kind.code for kind in errors()]
    assert len(codes) == len(set(codes))
    assert [code for code in codes if f"| `{code}` |" not in listed] == []


def test_every_event_is_documented_with_all_its_fields() -> None:
    events = page("events.md")
    for event in EVENTS:
        section = events.partition(f"## `{event.type}`")[2].partition("\n## ")[0]
        assert [name for name in event.model_fields if f"| `{name}` |" not in section] == []
