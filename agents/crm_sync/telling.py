"""Records of the CRM told in sentences that cite them, whichever language answers: they are recorded values, not material to retell."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from memory.crm.citable import called
from models.evidence import Citation, Figure, Source
from models.extractive.lines import figure_line
from models.language import Sentence
from tools.servers.crm_results import CrmRecord

IN_OWN_WORDS = frozenset({"next_step", "lost_reason"})
"""Fields in which people write sentences: they are quoted."""
_MARKS = str.maketrans({**dict.fromkeys('"“”„«»', "'"), "[": "(", "]": ")"})
"""What a sentence would read as marks of its own: where a quotation begins and ends, where a citation stands."""


@dataclass(slots=True)
class Telling:
    """Sentences about records, each of which stands on turns of their texts, or on a figure."""

    sources: list[Source] = field(default_factory=list)
    lines: list[Sentence] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)

    def add(self, record: CrmRecord, fields: Iterable[str]) -> None:
        """What these fields of the record read, those that are filled in; nothing where none is."""
        values = [(name, value) for name in fields if (value := _value(record, name))]
        if values:
            told = ", ".join(f"{called(name)} {value}" for name, value in values)
            mark, citation = self._cited(record, [name for name, _ in values])
            self.lines.append(Sentence(f"{_titled(record)}: {told}. {mark}", (citation,)))

    def alike(self, records: Sequence[CrmRecord], why: str) -> None:
        """That these contacts have something in common, such as an email address; the sentence cites each of them."""
        cited = [self._cited(one, ["id", "name", "email", "phone"]) for one in records]
        names = [f"{_titled(one)} (contact {_plain(one.said['id'].text)})" for one in records]
        told = f"{', '.join(names[:-1])} and {names[-1]} have {why}."
        marks = " ".join(mark for mark, _ in cited)
        self.lines.append(Sentence(f"{told} {marks}", tuple(citation for _, citation in cited)))

    def quote(self, source: Source) -> None:
        """The words of a sentence, with who said them."""
        [said] = source.utterances
        self.sources += [] if source in self.sources else [source]
        citation = Citation(source.document, source.content_hash, (said.turn, said.turn), said.span)
        mark = f"[{self.sources.index(source) + 1}]"
        self.lines.append(Sentence(f'{said.attribution}: "{shown(said.text)}" {mark}', (citation,)))

    def measure(self, figure: Figure) -> None:
        """A figure as it is bound."""
        self.figures.append(figure)
        self.lines.append(figure_line(figure))

    def _cited(self, record: CrmRecord, fields: Iterable[str]) -> tuple[str, Citation]:
        """The mark and the citation of the turns that tell these fields, with those between them."""
        source = record.passage.source
        if source not in self.sources:
            self.sources.append(source)
        said = sorted((record.said[name] for name in fields if name in record.said), key=lambda one: one.turn)
        first, last = said[0], said[-1]
        span = (first.span[0], last.span[1])
        citation = Citation(source.document, source.content_hash, (first.turn, last.turn), span)
        return f"[{self.sources.index(source) + 1}]", citation


def _titled(record: CrmRecord) -> str:
    """What people call the record, as its text does."""
    said = record.said.get("name") or record.said["id"]
    return shown(_plain(said.text))


def _value(record: CrmRecord, name: str) -> str:
    if name not in record.said:
        return ""
    value = shown(_plain(record.said[name].text))
    return f'"{value}"' if name in IN_OWN_WORDS else value


def _plain(told: str) -> str:
    """The value of a turn."""
    return told.partition(": ")[2]


def shown(text: str) -> str:
    """The text without what a sentence would read as marks of its own."""
    return text.translate(_MARKS)
