"""Runs the commands of the README's terminal session against a fresh sample company, and writes down what they say.
`--check` only compares.

The sample has a day of its own, so every recording says the same. The lines that lead on from an answer by the id of its
run or thread, which is another each time, are left out.
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"
SESSION = re.compile(
    r"(?<=<!-- Recorded by `python -m docs\.record`; change the commands, not what they say\. -->\n```console\n)"
    r".*?(?=```\n<!-- End of the recording -->)",
    re.DOTALL,
)
PROMPT = "$ "
OF_ONE_RUN = re.compile(r"\b(?:run|thread)_[0-9a-f]{32}\b")
SOPHIA = str(Path(sys.executable).parent / "sophia")


def session_in(readme: str) -> str:
    """What stands between the two markers. ValueError where they are missing."""
    if found := SESSION.search(readme):
        return found[0]
    raise ValueError("README.md has no recorded session: its two markers are missing or were changed")


def commands_of(session: str) -> list[list[str]]:
    """The arguments of every `sophia` command of the session. ValueError for a command that is another program's."""
    shown = [shlex.split(line.removeprefix(PROMPT)) for line in session.splitlines() if line.startswith(PROMPT)]
    for program, *_ in shown:
        if program != "sophia":
            raise ValueError(f"The session runs {program!r}: it can record commands of sophia only")
    return [arguments for _, *arguments in shown]


def lasting(said: str) -> str:
    """What a command said, without the lines that name its own run or thread."""
    kept = [line.rstrip() for line in said.splitlines() if not OF_ONE_RUN.search(line)]
    return "\n".join(kept).strip("\n") + "\n"


def record(commands: list[list[str]]) -> str:
    """The session of these commands in a data directory that has the sample company and is gone afterwards.

    Takes about half a minute. CalledProcessError where a command fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        _said(Path(folder), "ingest", "--sample")
        told = [f"{PROMPT}{_typed(command)}\n{lasting(_said(Path(folder), *command))}" for command in commands]
    return "\n".join(told)


def recorded(readme: str) -> str:
    """The README with its session recorded anew."""
    session = record(commands_of(session_in(readme)))
    return SESSION.sub(lambda _: session, readme)


def _said(folder: Path, *arguments: str) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SOPHIA_")}
    ended = subprocess.run(  # noqa: S603
        [SOPHIA, *arguments],
        capture_output=True,
        check=True,
        cwd=folder,
        env={**kept, "SOPHIA_DATA_DIR": str(folder / "data")},
        text=True,
    )
    return ended.stdout


def _typed(arguments: list[str]) -> str:
    """The command as somebody types it, with double quotes around what has spaces."""
    return " ".join(["sophia", *(f'"{one}"' if shlex.quote(one) != one else one for one in arguments)])


def main() -> None:
    """Writes the README, or with `--check` exits with 1 where its session is not what the commands say."""
    readme = README.read_text(encoding="utf-8")
    told = recorded(readme)
    if "--check" not in sys.argv:
        README.write_text(told, encoding="utf-8")
    elif told != readme:
        sys.exit("Stale: the session in README.md: run python -m docs.record")


if __name__ == "__main__":
    main()
