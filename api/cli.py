"""The `sophia` command. It imports a subcommand only when that one is called, so that help is instant."""

import ast
import gc
import sys
from importlib.metadata import EntryPoint, entry_points, version
from importlib.util import find_spec
from io import StringIO
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from api.terminal import tell
from core.disk import REMEDY, is_full
from core.errors import SophiaError, UnavailableError

GROUP = "sophia.commands"
FAILED = 1


class Commands(click.Group):
    """Subcommands are found through the entry-point group `sophia.commands`, in whichever package registers them."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return sorted(point.name for point in entry_points(group=GROUP))

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        found = [point for point in entry_points(group=GROUP) if point.name == name]
        return _load(found[0]) if found else None

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Commands and options that begin so; no command is imported for it."""
        commands = [
            CompletionItem(point.name, help=_summary(point))
            for point in sorted(entry_points(group=GROUP), key=lambda point: point.name)
            if point.name.startswith(incomplete)
        ]
        return commands + click.Command.shell_complete(self, ctx, incomplete)

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        """Lists each command with the first line of its module's docstring, which is read without importing it."""
        rows = sorted((point.name, _summary(point)) for point in entry_points(group=GROUP))
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def _load(point: EntryPoint) -> click.Command:
    """The command. What its modules bring stays to the end: the collector, which would look through it again and again,
    rests meanwhile (an eighth of the time) and leaves it out from then on.
    """
    gc.disable()
    command: click.Command = point.load()
    gc.freeze()
    gc.enable()
    return command


def _summary(point: EntryPoint) -> str:
    package, _, module = point.module.rpartition(".")
    spec = find_spec(package.partition(".")[0])
    assert spec
    assert spec.submodule_search_locations
    folder = Path(spec.submodule_search_locations[0]).joinpath(*package.split(".")[1:])
    documented = ast.get_docstring(ast.parse((folder / f"{module}.py").read_text(encoding="utf-8")))
    return (documented or "").partition("\n")[0].rstrip(".")


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("sophia-orchestrator"), prog_name="sophia")
def sophia() -> None:
    """Sophia answers a revenue team's questions from its own calls; every sentence cites its source."""


def main() -> None:
    """The console script. An expected error is one line on standard error and exit status 1; Ctrl-C is 130."""
    try:
        sophia(standalone_mode=False)
    except click.ClickException as error:
        shown = StringIO()
        error.show(shown)
        for line in shown.getvalue().splitlines():
            tell(line, err=True)
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)
    except SophiaError as error:
        tell(f"sophia: {error} [{error.code}]", err=True)
        sys.exit(FAILED)
    except Exception as error:
        if not is_full(error):
            raise
        tell(f"sophia: the disk is full: {REMEDY} [{UnavailableError.code}]", err=True)
        sys.exit(FAILED)
