"""What the command line prints. Text that others wrote (answers, speakers, titles, names of files) steers no terminal."""

import json
import re
import unicodedata

import click

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_JOINERS = "\u200c\u200d"
_ENDS_A_LINE = re.compile("[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+")


def tell(text: str = "", *, err: bool = False, dim: bool = False) -> None:
    """Prints one line: what would break it becomes a space, and the rest is `visible`."""
    click.secho(visible(_ENDS_A_LINE.sub(" ", text)), err=err, dim=dim or None)


def tell_json(value: object) -> None:
    """Prints the value as indented JSON; what is written out there still reads as the same value."""
    click.echo("\n".join(map(visible, json.dumps(value, ensure_ascii=False, indent=2).split("\n"))))


def visible(text: str) -> str:
    r"""The text with what cannot be seen written out as in JSON (`\u001b`): controls, changes of direction, stray bytes.

    The joiners that emoji and some scripts need stay.
    """
    return "".join(_written_out(one) if unicodedata.category(one) in _UNSEEN else one for one in text)


def _written_out(one: str) -> str:
    if one in _JOINERS:
        return one
    units = one.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))
