"""HTML that cannot be broken out of: what is no `Markup` yet is escaped when it goes into an element."""

from html import escape

_VOID = frozenset({"meta", "br"})


class Markup(str):
    """Text that is HTML already, made by `element` or by ourselves."""

    __slots__ = ()


def element(name: str, /, *content: str, **attributes: str | None) -> Markup:
    """`<name attribute="…">content</name>`; an attribute that is None is left out, `class_` is written `class`."""
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{name}{told}>" if name in _VOID else f"<{name}{told}>{joined(*content)}</{name}>")


def joined(*content: str) -> Markup:
    """One after the other; what is no markup is escaped."""
    return Markup("".join(part if isinstance(part, Markup) else escape(part) for part in content))
