"""How the time to ingest and to analyse a call grows with its turns: ten times the turns should take ten times as long."""

import asyncio
import itertools
import json
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from api.bootstrap import open_sophia
from api.sample import SAMPLE, sample_calls
from api.security.keys import local_owner
from api.settings import Settings
from core.identity import Access
from memory.company import read_company
from memory.transcripts.detect import read_file
from memory.transcripts.model import Transcript
from tools.calls.moments import moments
from tools.calls.statistics import call_statistics

FEW, MANY = 1_000, 10_000
MOST_TIMES_AS_LONG = 12.0
"""So many times as long may ten times the turns take."""
SPEAKERS = ("Anna Meyer", "Ben Ode", "Cleo Ng")


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds for a call of `turns` turns; `cpu_s` is the processor time of all that, which other processes disturb less."""

    turns: int
    ingested_s: float
    analysed_s: float
    cpu_s: float

    @property
    def whole_s(self) -> float:
        return self.ingested_s + self.analysed_s

    def row(self) -> dict[str, float]:
        """The times as a row of the table of results."""
        named = {"ingested": self.ingested_s, "analysed": self.analysed_s, "processor": self.cpu_s}
        return {name: round(value, 2) for name, value in named.items()}


def main() -> None:
    """Prints the times of both calls as JSON; status 1 if the longer one takes too many times as long."""
    few, many = took(FEW), took(MANY)
    for one in (few, many):
        print(json.dumps({"turns": one.turns, **one.row()}))
    times, cpu = many.whole_s / few.whole_s, many.cpu_s / few.cpu_s
    print(f"{MANY // FEW} times the turns: {times:.1f} times the time ({cpu:.1f} of the processor's)")
    print(f"at most {MOST_TIMES_AS_LONG:g} times are wanted")
    sys.exit(times > MOST_TIMES_AS_LONG)


def took(turns: int) -> Took:
    """A call of so many turns, ingested from a file into an empty directory and analysed."""
    with tempfile.TemporaryDirectory(prefix="sophia-long-call-") as folder:
        # The first call into an empty directory also loads the encoder.
        first, long = Path(folder, "first.txt"), Path(folder, "long.txt")
        first.write_text(long_call(len(SPEAKERS)), encoding="utf-8")
        long.write_text(long_call(turns), encoding="utf-8")
        settings = Settings(_env_file=None, data_dir=Path(folder, "data"))  # type: ignore[call-arg]
        ingested_s, cpu_s, call = asyncio.run(_ingested(settings, first, long))
    began, cpu = time.perf_counter(), time.process_time()
    analyse(call)
    return Took(turns, ingested_s, time.perf_counter() - began, cpu_s + time.process_time() - cpu)


async def _ingested(settings: Settings, first: Path, long: Path) -> tuple[float, float, Transcript]:
    """How long the second file took by the clock and of the processor, and its call."""
    owner, access = local_owner(settings.tenant), Access(settings.tenant)
    async with open_sophia(settings) as sophia:
        await sophia.ingestion.ingest([first], access, principal=owner)
        began, cpu = time.perf_counter(), time.process_time()
        report = await sophia.ingestion.ingest([long], access, principal=owner)
        took, cpu_took = time.perf_counter() - began, time.process_time() - cpu
        if report.failed:
            raise RuntimeError(f"The call was not ingested: {report.failed[0].reason}")
        return took, cpu_took, await sophia.documents.transcript(long.stem, owner)


def analyse(call: Transcript) -> None:
    """Statistics and moments, as the tools give them."""
    call_statistics(call)
    moments(call, competitors=read_company(SAMPLE / "company.yaml").of_kind("competitor"))


def long_call(turns: int) -> str:
    """Speaker-labelled text of so many turns, a second apart: the sample's own, over and over, with a number in each."""
    said = [turn.text for file in sample_calls() for call in read_file(file) for turn in call.turns if turn.text]
    lines = []
    for number, text in enumerate(itertools.islice(itertools.cycle(said), turns)):
        minutes, seconds = divmod(number, 60)
        lines.append(f"[{minutes:02}:{seconds:02}] {SPEAKERS[number % len(SPEAKERS)]}: {text} That is number {number}.")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
