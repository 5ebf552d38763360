"""docs/risks.md names every kind of reason with the weight that it has."""

import re
from pathlib import Path

from tools.risks.reason import WEIGHTS

PAGE = (Path(__file__).parents[3] / "docs" / "risks.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (?P<kinds>`[a-z_`, ]+) \| (?P<weight>\d) \|", re.MULTILINE)


def test_the_page_has_the_weights_that_reasons_have() -> None:
    told = {kind: int(row["weight"]) for row in ROW.finditer(PAGE) for kind in re.findall(r"[a-z_]+", row["kinds"])}
    assert told == {str(kind): weight for kind, weight in WEIGHTS.items()}
