"""How `sophia ingest` shows how far it is."""

from io import StringIO
from pathlib import Path

import click
import pytest

from api.progress import Bar, shown
from memory.ingested import Ingested


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    made = [tmp_path / name for name in ("one.vtt", "two.vtt")]
    for path in made:
        path.write_bytes(b"x" * 50_000)
    return made


def test_a_terminal_has_a_bar_with_percent_rate_and_time_left(files: list[Path]) -> None:
    out, now = Terminal(), [0.0]
    bar = Bar(files, out, monotonic=lambda: now[0])
    with bar.bar:
        now[0] = 10.0
        bar.share(str(files[0]), 0.5)
        now[0] = 20.0
        bar.item(Ingested(str(files[0]), "added", "one"))
        now[0] = 60.0
        bar.share(str(files[1]), 0.5)
    drawn = [" ".join(line.split()) for line in click.unstyle(out.getvalue()).split("\r")]
    assert any(line.endswith("25% 2.5 kB/s, 0:30 left one.vtt") for line in drawn)
    assert any(line.endswith("50% 2.5 kB/s, 0:20 left one.vtt") for line in drawn)
    assert any(line.endswith("75% 1.2 kB/s, 0:20 left two.vtt") for line in drawn)


def test_what_failed_and_what_is_to_be_known_is_told_beside_the_bar(
    files: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    with shown(files, Terminal()) as progress:
        progress.item(Ingested(str(files[0]), "added", "one"))
        progress.item(Ingested(str(files[1]), "failed", reason="two.vtt, line 3: it ends before it begins"))
    told = capsys.readouterr()
    assert (told.out, told.err.strip()) == ("", f"failed    {files[1]}: two.vtt, line 3: it ends before it begins")


def test_a_pipe_gets_a_plain_line_for_each_item_and_no_bar(
    files: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    pipe = StringIO()
    with shown(files, pipe) as progress:
        progress.share(str(files[0]), 0.5)
        progress.item(Ingested(str(files[0]), "added", "one"))
    assert (pipe.getvalue(), capsys.readouterr().out) == ("", "added     one\n")
