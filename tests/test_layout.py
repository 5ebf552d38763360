import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BELOW_API = ("core", "models", "memory", "tools", "agents", "graphs")
READS = re.compile(r"os\.environ\[[^\]]+\](?!\s*=[^=])|os\.environ\.get|os\.getenv|from os import .*(?:environ|getenv)")


@pytest.mark.parametrize("package", BELOW_API)
def test_nothing_below_api_reads_the_environment(package: str) -> None:
    readers = [
        str(file.relative_to(ROOT))
        for file in (ROOT / package).rglob("*.py")
        if READS.search(file.read_text(encoding="utf-8"))
    ]
    assert readers == []


def test_every_folder_of_tests_is_a_package() -> None:
    folders = {file.parent for file in (ROOT / "tests").rglob("*.py")}
    assert [str(folder.relative_to(ROOT)) for folder in folders if not (folder / "__init__.py").exists()] == []
