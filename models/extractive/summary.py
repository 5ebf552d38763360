"""An extractive summary: the parts a seller looks for, each filled with what was said about it."""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from models.entities import Entity
from models.evidence import Source
from models.extractive.lines import quotation_lines
from models.extractive.quotes import Quotable, quotables
from models.language import Brief, Sentence

EXTRACTIVE = "This summary is extractive: every line is a quotation."
LINES_A_PART = 3
LINES_WITHOUT_PARTS = 5

#: What a cue counts in the words of one whose role the part is about, and of one with another role.
RIGHT_ROLE = 1.5
OTHER_ROLE = 0.5
#: A line of a summary is read at a glance: a longer sentence is worth less in proportion.
WORDS_A_LINE = 30

Worth = Callable[[Quotable], float]


@dataclass(frozen=True, slots=True)
class PartCues:
    """How a part is recognised: what people say in it, and whose words it is about."""

    heading: str
    cues: re.Pattern[str]
    role: str | None = None


def _cues(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b", re.IGNORECASE)


#: In the order in which a sentence is claimed: what is rarer and matters more comes first.
CUES = (
    PartCues(
        "Next steps",
        _cues(
            r"next steps?", r"follow(?:ing)?[ -]up", r"i(?:'ll| will) (?:send|share|get|set|put|check|talk|ask|call|email|schedule|come)",
            r"we(?:'ll| will) (?:send|share|get|set|need|meet|schedule|sign|start)", r"let's (?:meet|schedule|set|plan|talk|do|aim)",
            r"by (?:monday|tuesday|wednesday|thursday|friday|tomorrow|next week|the end of)", r"next (?:week|month|meeting|call|quarter)",
            r"action items?", r"can you (?:send|share)", r"schedule (?:a|the|another)", r"deadline",
        ),
    ),
    PartCues(
        "Competitors",
        _cues(
            r"competitors?", r"competing", r"competition", r"compared (?:to|with)", r"alternatives?", r"other vendors?",
            r"(?:looking|talking|spoke|spoken) (?:at|to|with) (?:other|another|two|three)", r"switch(?:ing|ed)? (?:from|to)", r"incumbent",
        ),
    ),
    PartCues(
        "Objections",
        _cues(
            r"too (?:expensive|much|high|long|complicated|risky|early|late)", r"expensive", r"over budget", r"no budget", r"concerns?", r"concern(?:ed|ing) (?:about|that|with|by)",
            r"worr(?:y|ied|ies)", r"not (?:sure|convinced|ready|comfortable)", r"hesita\w+", r"push ?back", r"afraid",
            r"(?:can't|cannot|don't|won't) (?:justify|afford|commit|see|sign|need)", r"the (?:problem|issue|risk) (?:is|with)", r"discount",
        ),
        role="buyer",
    ),
    PartCues(
        "Pain",
        _cues(
            r"problems?", r"issues?", r"difficult\w*", r"hard to", r"struggl\w+", r"frustrat\w+", r"painful(?:ly)?", r"pain points?", r"manual(?:ly)?", r"slow",
            r"takes? (?:too|us|hours|days|weeks|forever)", r"wast(?:e|es|ed|ing)", r"(?:we|they|i)(?:'re|'ve| are| have)? (?:lose|losing|lost)", r"broken?", r"errors?", r"mistakes?", r"miss(?:ed|ing)",
            r"challeng\w+", r"bottleneck",
        ),
        role="buyer",
    ),
    PartCues(
        "Situation",
        _cues(
            r"we(?:'re| are) (?:a|an|using|currently|looking|trying|planning|about|in)", r"we (?:have|use|run|currently|started|moved|want|need)",
            r"our (?:team|company|goal|business|customers|process|plan)", r"currently", r"right now", r"today we", r"at the moment",
            r"this (?:year|quarter)", r"people (?:in|on) (?:the|our) team",
        ),
        role="buyer",
    ),
)  # fmt: skip
READING_ORDER = ("Situation", "Pain", "Objections", "Competitors", "Next steps")


def summary_lines(brief: Brief, entities: Sequence[Entity] = ()) -> Iterator[Sentence]:
    """The parts with their lines, after a line that says the summary is extractive; nothing if nothing can be quoted.

    Parts of the brief are filled from their own turns. Without them parts are found by cues, competitors by the names
    known as such too; a conversation without a cue gets its most telling sentences under one heading.
    """
    sentences = quotables(brief.sources)
    worth = _telling(sentences)
    parts = _given(brief, sentences, worth) if brief.parts else _found(sentences, worth, entities)
    if not any(lines for _, lines in parts):
        parts = [("Summary", sorted(sentences, key=worth, reverse=True)[:LINES_WITHOUT_PARTS])]
    if sentences:
        yield Sentence(EXTRACTIVE)
        yield from _laid_out(parts, brief.sources)


def _laid_out(parts: Sequence[tuple[str, Sequence[Quotable]]], sources: Sequence[Source]) -> Iterator[Sentence]:
    for heading, lines in parts:
        if lines:
            yield Sentence(f"{heading}:")
            yield from quotation_lines(lines, sources)


def _given(brief: Brief, sentences: Sequence[Quotable], worth: Worth) -> list[tuple[str, list[Quotable]]]:
    parts = []
    for part in brief.parts:
        turns = frozenset(part.turns)
        inside = [s for s in sentences if (brief.sources[s.source].document, s.said.turn) in turns]
        parts.append((part.heading, sorted(inside, key=worth, reverse=True)[:LINES_A_PART]))
    return parts


def _found(sentences: Sequence[Quotable], worth: Worth, entities: Sequence[Entity]) -> list[tuple[str, list[Quotable]]]:
    competitors = _competitors(entities)
    claimed: set[int] = set()
    filled: dict[str, list[Quotable]] = {}
    for part in CUES:
        names = competitors if part.heading == "Competitors" else None
        ranked = sorted(
            ((_cued(s, part, names) * worth(s), -i) for i, s in enumerate(sentences) if i not in claimed), reverse=True
        )
        best = [-i for score, i in ranked[:LINES_A_PART] if score > 0]
        claimed.update(best)
        filled[part.heading] = [sentences[i] for i in best]
    return [(heading, filled[heading]) for heading in READING_ORDER]


def _cued(sentence: Quotable, part: PartCues, names: re.Pattern[str] | None) -> float:
    """How clearly the sentence belongs to the part; a question shows interest, not the state of things."""
    cues = len(part.cues.findall(sentence.text)) + (2 * len(names.findall(sentence.text)) if names else 0)
    return math.sqrt(cues) * _role_factor(sentence.said.role, part.role) * (0.5 if sentence.text.endswith("?") else 1.0)


def _role_factor(role: str | None, wanted: str | None) -> float:
    if role is None or wanted is None:
        return 1.0
    return RIGHT_ROLE if role == wanted else OTHER_ROLE


def _competitors(entities: Sequence[Entity]) -> re.Pattern[str] | None:
    names = [name for entity in entities if entity.kind == "competitor" for name in (entity.name, *entity.aliases)]
    return _cues(*(re.escape(name) for name in names)) if names else None


def _telling(sentences: Sequence[Quotable]) -> Worth:
    """How much of what the conversation is about a sentence carries: its stems' log counts, short ones not favoured."""
    counts = Counter(stem for sentence in sentences for stem in sentence.stems)

    def worth(sentence: Quotable) -> float:
        told = sum(math.log(counts[stem]) for stem in sentence.stems) / (8 + len(sentence.stems)) + 0.1
        return told * min(WORDS_A_LINE / sentence.words, 1.0)

    return worth
