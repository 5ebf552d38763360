import pytest
import yaml

from core.plain_yaml import plain_yaml


def test_yaml_is_read_as_plain_data_in_its_order() -> None:
    read = plain_yaml("b: [1, 2.5, 'no', null]\na: {day: 2026-11-21}\n")
    assert list(read) == ["b", "a"]
    assert read["b"] == [1, 2.5, "no", None]
    assert read["a"]["day"].isoformat() == "2026-11-21"


def test_yaml_that_asks_for_an_object_is_refused() -> None:
    with pytest.raises(yaml.YAMLError):
        plain_yaml("!!python/object/apply:os.getcwd []")
