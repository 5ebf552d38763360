"""Interpreters in which a library is not installed, for what is run in a process of its own."""

import sysconfig
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent


def interpreter_without(package: str, folder: Path) -> Path:
    """A Python that has everything of the tests' own but the package; `folder` is where it is made."""
    venv.EnvBuilder(symlinks=True).create(folder)
    [site] = folder.glob("lib/python*/site-packages")
    installed = sysconfig.get_paths()["purelib"]
    lines = (f"import site; site.addsitedir({installed!r})", str(ROOT), f"import sys; sys.modules[{package!r}] = None")
    (site / "without.pth").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder / "bin" / "python"
