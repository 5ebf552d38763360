"""How far `sophia ingest` is: on a terminal a bar with its rate and the time left, elsewhere a line for each item."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import click

from api.terminal import tell, visible
from memory.ingested import Ingested

STEPS = 1000
"""The bar moves by thousandths of all bytes."""
LONGEST_NAME = 30


class Lines:
    """Says of each item at once what became of it."""

    def item(self, item: Ingested) -> None:
        """Prints the item's line."""
        failed = item.outcome == "failed"
        reason = f": {item.reason}" if item.reason else ""
        tell(f"{item.outcome:<9} {item.document or item.file}{reason}", err=failed)

    def share(self, file: str, share: float) -> None:
        """Says nothing."""


class Bar(Lines):
    """Moves by the bytes of the files; items with something to tell have their lines above the bar."""

    def __init__(self, files: Sequence[Path], out: TextIO, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._sizes = {str(path): size for path in files if (size := _size(path)) is not None}
        self._all = max(1, sum(self._sizes.values()))
        self._done: dict[str, float] = {}
        self._monotonic, self._began = monotonic, monotonic()
        self._file = ""
        self.bar: Any = click.progressbar(
            length=STEPS,
            file=out,
            show_eta=False,
            show_percent=True,
            item_show_func=lambda _: f"{self._pace()}  {self._file}",
        )

    def item(self, item: Ingested) -> None:
        """Moves to the end of the item's file, and prints its line if it failed or has something to tell."""
        if item.reason:
            click.echo("\r\x1b[K", file=self.bar.file, nl=False)
            super().item(item)
        self.share(item.file, 1.0)

    def share(self, file: str, share: float) -> None:
        """Moves to this share of the file."""
        self._done[file] = max(share, self._done.get(file, 0.0))
        self._file = visible(Path(file).name)[:LONGEST_NAME]
        reached = round(STEPS * self._bytes() / self._all)
        self.bar.update(max(0, reached - self.bar.pos), current_item=self)

    def _bytes(self) -> float:
        return sum(self._sizes.get(file, 0) * share for file, share in self._done.items())

    def _pace(self) -> str:
        """Kilobytes a second since the beginning, and how long the rest takes at that: `12.5 kB/s, 1:04 left`."""
        took, done = self._monotonic() - self._began, self._bytes()
        if not done or took <= 0:
            return ""
        minutes, seconds = divmod(round((self._all - done) * took / done), 60)
        return f"{done / took / 1000:,.1f} kB/s, {minutes:,}:{seconds:02} left"


@contextmanager
def shown(files: Sequence[Path], out: TextIO | None = None) -> Iterator[Lines]:
    """The bar where `out` (standard error, if none is given) is a terminal, else lines."""
    out = out or sys.stderr
    if not out.isatty():
        yield Lines()
        return
    bar = Bar(files, out)
    with bar.bar:
        yield bar


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None
