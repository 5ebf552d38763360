"""Text in which each turn begins with its speaker, as people type it and most recorders export it.

    Title: Castellan renewal                 optional lines before the first turn: Title, Date (ISO 8601), Account
    Anna Meyer: hello                        a turn; what follows belongs to it until the next speaker
    [12:04] Anna Meyer: hello                with a time: [..], (..) or bare before the name, in brackets behind it
    Anna Meyer (buyer, 1:02:04): hello       behind the name also the role (seller, buyer) and a job title

A name is at most six words without lower-case ones (particles such as `van` apart); behind a time any six words are.
An indented line never begins a turn, which is how words that look like a speaker are kept inside one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from memory.transcripts.cleaning import apart, clean, clean_name, clean_title, id_from_stem
from memory.transcripts.clocks import milliseconds
from memory.transcripts.faults import UnreadableError
from memory.transcripts.model import Speaker, Transcript, Turn

ROLES = ("seller", "buyer")
PARTICLES = frozenset(
    ("al", "bin", "da", "de", "del", "della", "den", "der", "di", "du", "ibn", "la", "le", "van", "von", "y", "zu")
)
LONGEST_LABEL = 160

_CLOCK = r"-?[0-9]{1,3}:[0-9]{2}(?::[0-9]{2})?(?:[.,][0-9]{1,3})?"
_TIME = re.compile(_CLOCK)
_LEADING_TIME = re.compile(rf"(?:\[({_CLOCK})\]|\(({_CLOCK})\)|({_CLOCK})(?=\s))\s*(?:[-–—]\s)?\s*")
_BRACKETS = re.compile(r"\s*[\[(]([^\[\]()]{1,80})[\])]\s*$")
_COLON = re.compile(r":(?=\s|$)|：")
_NAME_WORD = re.compile(r"[^\W_][\w.'’&/#@-]*")
_HEADER = re.compile(r"(title|date|account)\s*:(.*)", re.IGNORECASE)
_LINE = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Label:
    """How a turn begins: who speaks, what is known of them, the time as it was written, and the first words."""

    name: str
    role: str | None
    title: str | None
    time: str | None
    words: str


@dataclass(slots=True)
class _Said:
    speaker: str
    start_ms: int | None
    words: list[str]


def is_labelled(text: str) -> bool:
    """Whether any line begins a turn."""
    return any(label_of(line) for line in _LINE.split(text))


def read(text: str, *, file: str, stem: str, account: str | None = None) -> tuple[Transcript, ...]:
    """The conversation; its id comes from the file's name, and its title too where there is no such header.

    UnreadableError names the line that does not fit.
    """
    reading = _Reading(file)
    for number, line in enumerate(_LINE.split(text), start=1):
        reading.take(number, line)
    if not any(turn.text for turn in reading.turns()):
        raise UnreadableError(file, "nobody says a word: write each turn as 'Anna Meyer: hello'", place="line 1")
    return (
        Transcript(
            id=id_from_stem(stem, file),
            title=clean_title(reading.headers.get("title", "")) or clean_title(stem) or id_from_stem(stem, file),
            speakers=tuple(reading.speakers.values()),
            turns=tuple(reading.turns()),
            held=reading.held,
            account=reading.headers.get("account") or account,
        ),
    )


def label_of(line: str) -> Label | None:
    """The label a line begins with; None for a line that goes on with a turn."""
    colon = _COLON.search(line, 0, LONGEST_LABEL)
    if colon is None or line[:1].isspace():
        return None
    head, time = line[: colon.start()], None
    if leading := _LEADING_TIME.match(head):
        time = next(filter(None, leading.groups()))
        head = head[leading.end() :]
    notes: list[str] = []
    while brackets := _BRACKETS.search(head):
        notes[:0] = [note for part in brackets[1].split(",") if (note := clean(part))]
        head = head[: brackets.start()]
    time = time or next((note for note in notes if _TIME.fullmatch(note)), None)
    name = clean(head)
    if not _is_name(name, timed=time is not None):
        return None
    role = next((note.casefold() for note in notes if note.casefold() in ROLES), None)
    title = ", ".join(note for note in notes if note.casefold() != role and not _TIME.fullmatch(note))
    return Label(name, role, clean_title(title) or None, time, clean(line[colon.end() :]))


def _is_name(name: str, *, timed: bool) -> bool:
    words = name.split()
    if not 1 <= len(words) <= 6 or not all(_NAME_WORD.fullmatch(word) for word in words):
        return False
    return timed or (not words[0][0].islower() and all(w in PARTICLES or not w[0].islower() for w in words))


@dataclass(slots=True)
class _Reading:
    """What has been read so far of one file."""

    file: str
    headers: dict[str, str] = field(default_factory=dict)
    held: datetime | None = None
    speakers: dict[str, Speaker] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)
    said: list[_Said] = field(default_factory=list)
    latest_ms: int = 0

    def take(self, number: int, line: str) -> None:
        """One line more: a header, the beginning of a turn, or words that go on with one."""
        line = line if self.said else line.lstrip("\ufeff \t")
        if not self.said and (header := _HEADER.fullmatch(line)):
            self._header(header[1].casefold(), clean(header[2]), number)
        elif label := label_of(line):
            self._begin(label, number)
        elif words := clean(line):
            if not self.said:
                raise self._fault(number, "words before any speaker: begin with a line such as 'Anna Meyer: hello'")
            self.said[-1].words.append(words)

    def turns(self) -> Iterator[Turn]:
        """Every turn so far."""
        for index, said in enumerate(self.said):
            yield Turn(index, self.speakers[said.speaker].id, " ".join(filter(None, said.words)), said.start_ms)

    def _header(self, name: str, value: str, number: int) -> None:
        self.headers[name] = value
        if name != "date":
            return
        try:
            held = datetime.fromisoformat(value)
        except ValueError:
            raise self._fault(
                number, f"the date {value!r} is none: write it as 2026-01-13 or 2026-01-13T11:00Z"
            ) from None
        self.held = held if held.tzinfo else held.replace(tzinfo=UTC)

    def _begin(self, label: Label, number: int) -> None:
        start = None if label.time is None else self._milliseconds(label.time, number)
        if start is not None and start < self.latest_ms:
            raise self._fault(number, f"the time {label.time!r} lies before that of an earlier turn: put them in order")
        self.latest_ms = self.latest_ms if start is None else start
        self.said.append(_Said(self._speaker(label, number), start, [label.words]))

    def _speaker(self, label: Label, number: int) -> str:
        """The key of the speaker, with what this label adds to what is known of them."""
        key = label.name.casefold()
        known = self.speakers.get(key) or self._newcomer(label.name)
        if label.role and known.role and label.role != known.role:
            raise self._fault(
                number,
                f"{label.name!r} is the {label.role} here and the {known.role} above: keep one, or tell two apart",
            )
        self.speakers[key] = Speaker(
            id=known.id, name=known.name, role=known.role or label.role, title=known.title or label.title
        )
        return key

    def _newcomer(self, name: str) -> Speaker:
        shown = apart(clean_name(name), self.shown)
        self.shown.add(shown)
        return Speaker(id=name, name=shown)

    def _milliseconds(self, time: str, number: int) -> int:
        if time.startswith("-"):
            raise self._fault(number, f"the time {time!r} is negative: count from the start of the conversation")
        moment = milliseconds(time)
        if moment is None:
            raise self._fault(number, f"the time {time!r} is none: write mm:ss or h:mm:ss")
        return moment

    def _fault(self, number: int, reason: str) -> UnreadableError:
        return UnreadableError(self.file, reason, place=f"line {number}")
