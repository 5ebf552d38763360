"""Print the script that completes sophia's commands in a shell."""

import click
from click.shell_completion import get_completion_class

from core.errors import UnsupportedError

HOW = """Print the script that completes sophia's commands in SHELL.

\b
bash:  sophia completion bash > ~/.local/share/bash-completion/completions/sophia
zsh:   sophia completion zsh > "${fpath[1]}/_sophia"
fish:  sophia completion fish > ~/.config/fish/completions/sophia.fish
"""


@click.command(help=HOW)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    completion = get_completion_class(shell)
    if completion is None:
        raise UnsupportedError(f"This version of click completes nothing in {shell}")
    script = completion(context.find_root().command, {}, "sophia", "_SOPHIA_COMPLETE").source()
    click.echo(script)
