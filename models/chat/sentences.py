"""Cuts a stream of words into whole sentences, each with the `[n]` markers that follow it."""

import re

_END = re.compile(r"[.!?…]+[\"'”’)*_]*")
_MARKERS = re.compile(r"(?:\s*\[F?\d+(?:\s*,\s*F?\d+)*\])*[.!?]?[*_]*")
_NEVER_LAST = re.compile(r"(?:^|[\s(\"'“])(?:[A-Za-z]|mr|mrs|ms|dr|prof|st|vs|e\.g|i\.e)\.$", re.IGNORECASE)
_SELDOM_LAST = re.compile(r"\b(?:no|inc|ltd|co|corp|approx|etc|jr|sr|u\.s|a\.m|p\.m)\.$", re.IGNORECASE)
_LIST_NUMBER = re.compile(r"\s*\d{1,2}\.$")


class SentenceBuffer:
    """Fed with pieces of text, gives back the sentences that are complete.

    A sentence is complete when what follows its markers has begun, or at a line break; a full stop inside a quotation,
    of an abbreviation or behind a list number ends none.
    """

    def __init__(self) -> None:
        self._text = ""

    def feed(self, piece: str) -> list[str]:
        """The sentences completed by this piece."""
        self._text += piece
        complete: list[str] = []
        while end := self._boundary():
            complete.append(self._text[:end].strip())
            self._text = self._text[end:]
        return [text for text in complete if text]

    def rest(self) -> str:
        """What is left when the stream has ended."""
        left, self._text = self._text.strip(), ""
        return left

    def _boundary(self) -> int:
        """Where the first complete sentence ends, 0 if none is complete."""
        line = self._text.find("\n")
        text = self._text if line < 0 else self._text[:line]
        for match in _END.finditer(text):
            markers = _MARKERS.match(text, match.end())
            after = markers.end() if markers else match.end()
            if _is_end(text, match.end(), after):
                return after
        return line + 1


def _is_end(text: str, stop: int, after: int) -> bool:
    """Whether a sentence ends at `after`, its last full stop being at `stop`."""
    rest = text[after:]
    following = rest.lstrip()[:1]
    if not rest[:1].isspace() or following in ("", "["):
        return False
    said = text[:stop]
    if _NEVER_LAST.search(said) or _LIST_NUMBER.fullmatch(said):
        return False
    if _SELDOM_LAST.search(said) and not (following.isupper() or following in '"“'):
        return False
    return said.count('"') % 2 == 0 and said.count("“") <= said.count("”")
