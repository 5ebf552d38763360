"""The file of platforms: what it may say, and what is wrong with one."""

from pathlib import Path

import pytest

from core.errors import InvalidInputError
from tools.platforms.described import packaged, read_described

FILE = """
pools:
  - {name: gpu-a, title: Pool A, instances: 1, cost_per_hour: "3", currency: USD, scaler: {most: 8, cost_ceiling: "12"}}
endpoints:
  - {name: chat, title: chat endpoint, url: "http://127.0.0.1:8080/healthz", needs: [gpu-a]}
"""


def read(folder: Path, text: str) -> object:
    file = folder / "platforms.yaml"
    file.write_text(text, encoding="utf-8")
    return read_described(file)


def test_a_file_names_platforms_and_keeps_the_packages_policies(tmp_path: Path) -> None:
    file = tmp_path / "platforms.yaml"
    file.write_text(FILE, encoding="utf-8")
    found = read_described(file)
    assert (found.pools[0].settings.limits.most, found.endpoints[0].endpoint.timeout) == (8, 3.0)
    assert found.needs == {"gpu-a": (), "chat": ("gpu-a",)}
    assert found.policies == packaged().policies
    assert read_described(None).pools[0].name == "gpu-pool"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("pools: [", "not a YAML file"),
        (FILE.replace("gpu-a]", "gpu-b]"), "needs 'gpu-b', which is no other platform"),
        (FILE.replace("chat,", "gpu-a,", 1), "two platforms are named 'gpu-a'"),
        (FILE.replace("currency: USD", "currency: dollars"), r"pools\.0\.currency"),
        (FILE.replace("most: 8", "least: 8"), "least must not exceed most"),
        (FILE + "clouds: []", "clouds"),
        (FILE.replace("http://", "file://"), r"endpoints\.0\.url"),
    ],
)
def test_a_faulty_file_is_refused_with_what_is_wrong(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        read(tmp_path, text)
