"""The citation check: what every sentence passes before a person sees it, whoever wrote it.

A sentence stands if each of its citations lies in a source of the brief (document, version, turns, characters), its
`[n]` markers and its citations name the same sources, and every number, date, time, code, name and quoted word of it
stands in the cited words, in who said them and when, or in the source's title or date. What is told of figures is held
to the figures that are bound to the sentence (`models.bound`). Words that are attributed to somebody, quoted or reported, stand in what that person said in the cited turns.
A sentence that cites nothing must claim nothing: a fixed phrase or a heading.

The check withholds rather than guesses. It does not see what no word shows: outside of reported speech a negation turned
round, "asked for" where the source says "offered", a fact of one cited person told of another, a name in a script
without capitals.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from models.attribution import Attribution, People, reported, speakers
from models.bound.apart import told_apart
from models.bound.check import unborne
from models.characters import disguised
from models.claimed import Claim
from models.claims import (
    addresses,
    claims,
    folded,
    outer_quotations,
    plain_marks,
    quotations,
    stands_verbatim,
    unquoted,
    vocabulary,
    words,
)
from models.entities import Entity
from models.evidence import Citation, Source, Utterance
from models.language import Brief, Sentence
from models.names import named
from models.reporting import bears, denies

MARKER = re.compile(r"\s?\[(\d{1,3})\]")
#: Two words at most stand before the quotation that an attribution leads to.
_OPENS_QUOTED = re.compile(r"[\s,:]*(?:\w+[\s,:]+){0,2}[\"'](?=\w)")
_LIST_NUMBER = re.compile(r"^\s*\d{1,2}[.)]\s")
HEADINGS = frozenset({"situation", "pain", "objections", "competitors", "next steps", "summary"})
NOT_SAID = "The material does not say."
NEAREST = "The material does not say it plainly. What comes nearest:"
"""Before quotations of which nothing tells whether they answer; they reach to the end of the text."""
PHRASES = frozenset({NOT_SAID, NEAREST, "This summary is extractive: every line is a quotation."})


class FlawKind(StrEnum):
    """What is wrong with a sentence; few values, fit for a metric."""

    EMPTY = "empty"
    UNCITED = "uncited"
    CITATION = "citation"
    FIGURE = "figure"
    ADDRESS = "address"
    QUOTATION = "quotation"
    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    REPORT = "report"
    CHARACTER = "character"


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why a sentence is withheld; `str` gives it in words, with the part of the sentence that does not stand."""

    kind: FlawKind
    detail: str

    def __str__(self) -> str:
        return self.detail


def check(
    sentence: Sentence, brief: Brief, *, entities: Iterable[Entity] = (), phrases: Collection[str] = PHRASES
) -> Flaw | None:
    """The first flaw of the sentence, or None where it may be shown.

    `entities` are known names: one of them at the start of a sentence is a name too. `phrases` claim nothing.
    """
    text = folded(MARKER.sub("", sentence.text)).strip()
    if not words(text):
        return Flaw(FlawKind.EMPTY, "The sentence has no words")
    if not sentence.sources and not sentence.figures:
        return _uncited(sentence.text, text, brief, phrases)
    evidence, entities = Evidence(sentence, brief), tuple(entities)
    told, rest = _apart(sentence, evidence)
    return (
        _miscited(sentence, brief)
        or _misfigured(told, sentence, brief, entities)
        or _disguised(sentence, evidence)
        or _misled(sentence, evidence)
        or _misquoted(text, evidence)
        or _miscounted(rest, evidence)
        or _misnamed(rest, evidence.words, brief, entities)
        or _misreported(text, evidence, entities)
    )


@dataclass(frozen=True)
class Evidence:
    """What a sentence may draw on: the cited words, who said them when, titles and dates of their sources, its figures."""

    sentence: Sentence
    brief: Brief

    @cached_property
    def people(self) -> People:
        """Those who speak in the brief."""
        return speakers(said for source in self.brief.sources for said in source.utterances)

    @cached_property
    def quoted(self) -> tuple[tuple[Utterance, str], ...]:
        """The cited part of each utterance."""
        return tuple((said, folded(cut)) for citation, source in self.held for said, cut in _cited(source, citation))

    @cached_property
    def held(self) -> tuple[tuple[Citation, Source], ...]:
        """Each citation with the source it lies in."""
        return tuple(
            (citation, source)
            for citation in self.sentence.sources
            for source in self.brief.sources
            if holds(source, citation)
        )

    @cached_property
    def context(self) -> str:
        """Attributions, titles, dates and figures: what may be named beside the cited words."""
        sources = [s for s in self.brief.sources if any(holds(s, citation) for citation in self.sentence.sources)]
        dates = [s.held.strftime("%Y-%m-%d ; %d %B %Y ; %b ; %A") for s in sources if s.held]
        lines = [said.attribution for said, _ in self.quoted] + [source.title for source in sources] + dates
        for figure in self.sentence.figures:
            lines += [figure.text, figure.subject, figure.metric.replace("_", " "), figure.unit, figure.as_of]
        return folded(" ; ".join(lines))

    @cached_property
    def as_written(self) -> list[str]:
        """The cited words with all their spaces, and what may be named beside them."""
        cuts = (cut for citation, source in self.held for _, cut in _cited(source, citation))
        return [*map(plain_marks, cuts), self.context]

    def holders(self, quotation: str) -> list[Utterance]:
        """Those cited who said these words."""
        return [said for said, cut in self.quoted if stands_verbatim(quotation, cut)]

    @cached_property
    def claims(self) -> list[Claim]:
        """Every number, date, time and code of it."""
        return [claim for _, cut in self.quoted for claim in claims(cut)] + claims(self.context)

    @cached_property
    def spoken(self) -> frozenset[str]:
        """Every cited word in one case."""
        return frozenset().union(*(vocabulary(cut) for _, cut in self.quoted))

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of it in one case."""
        return vocabulary(self.context) | self.spoken


def holds(source: Source, citation: Citation) -> bool:
    """Whether the citation lies in the source: the same version of the document, its turns and characters."""
    if (source.document, source.content_hash) != (citation.document, citation.content_hash):
        return False
    first, last = citation.turns
    turns = [said for said in source.utterances if first <= said.turn <= last]
    if not turns or (turns[0].turn, turns[-1].turn) != (first, last):
        return False
    start, end = citation.span
    return turns[0].span[0] <= start < end <= turns[-1].span[1]


def _cited(source: Source, citation: Citation) -> list[tuple[Utterance, str]]:
    start, end = citation.span
    return [
        (said, said.text[max(start - said.span[0], 0) : end - said.span[0]])
        for said in source.utterances
        if said.span[0] < end and start < said.span[1]
    ]


def _uncited(shown: str, text: str, brief: Brief, phrases: Collection[str]) -> Flaw | None:
    if MARKER.search(shown):
        return Flaw(FlawKind.CITATION, "A citation marker has no citation behind it")
    headings = HEADINGS | {folded(part.heading).casefold() for part in brief.parts}
    if text in phrases or text.strip("#*: ").casefold() in headings:
        return None
    return Flaw(FlawKind.UNCITED, "The sentence cites nothing and is no fixed phrase")


def _miscited(sentence: Sentence, brief: Brief) -> Flaw | None:
    shown = {int(number) for number in MARKER.findall(sentence.text)}
    for number in sorted(shown):
        if not 1 <= number <= len(brief.sources):
            return Flaw(FlawKind.CITATION, f"[{number}] is no source of the brief")
        if not any(holds(brief.sources[number - 1], citation) for citation in sentence.sources):
            return Flaw(FlawKind.CITATION, f"[{number}] has no citation in its source")
    for citation in sentence.sources:
        if not any(holds(brief.sources[number - 1], citation) for number in shown):
            return Flaw(FlawKind.CITATION, f"A citation of {citation.document!r} lies in no source the sentence shows")
    return None


def _apart(sentence: Sentence, evidence: Evidence) -> tuple[str, str]:
    """What of the sentence stands on its figures, and what on its sources."""
    shown = folded(sentence.text)
    if not sentence.figures:
        return "", MARKER.sub("", shown).strip()
    if not sentence.sources:
        return _LIST_NUMBER.sub(" ", shown), ""
    cited = Evidence(replace(sentence, figures=()), evidence.brief)
    told, rest = told_apart(unquoted(shown), sentence.figures, lambda clause: _miscounted(clause, cited) is None)
    return told, MARKER.sub("", rest).strip()


def _misfigured(told: str, sentence: Sentence, brief: Brief, entities: Iterable[Entity]) -> Flaw | None:
    for figure in sentence.figures:
        if figure not in brief.figures:
            return Flaw(FlawKind.FIGURE, f"The figure {figure.metric!r} is not in the brief")
    if not words(told):
        return None
    flaw = unborne(told, sentence.figures, brief.figures, entities, beside=folded(sentence.text))
    return Flaw(FlawKind.FIGURE, flaw) if flaw else None


def _disguised(sentence: Sentence, evidence: Evidence) -> Flaw | None:
    shown = plain_marks(MARKER.sub("", sentence.text)).strip()
    if (what := disguised(shown, evidence.as_written)) is not None:
        return Flaw(FlawKind.CHARACTER, f"{what!r} is written so that it reads as something else")
    return None


def _misled(sentence: Sentence, evidence: Evidence) -> Flaw | None:
    """An address that nobody named would carry away what stands beside it as soon as somebody's program opens it."""
    known = " ".join([evidence.context, *(cut for _, cut in evidence.quoted)]).casefold()
    for address in addresses(folded(sentence.text)):
        if address.casefold() not in known:
            return Flaw(FlawKind.ADDRESS, f"The address {address!r} does not stand in what is cited")
    return None


def _misquoted(text: str, evidence: Evidence) -> Flaw | None:
    if '"' in unquoted(text):
        return Flaw(FlawKind.QUOTATION, "A quotation is not closed")
    for quotation, _ in quotations(text):
        if not evidence.holders(quotation) and not stands_verbatim(quotation, evidence.context):
            return Flaw(FlawKind.QUOTATION, f"The words {quotation!r} do not stand in what is cited")
    for quotation, names in evidence.people.quoted(text):
        holders = evidence.holders(quotation)
        if holders and names and not any(evidence.people.fits(names, said) for said in holders):
            return Flaw(FlawKind.NAME, f"The words {quotation!r} are not those of the person named with them")
    return _mislabelled(text, evidence)


def _mislabelled(text: str, evidence: Evidence) -> Flaw | None:
    """A quotation behind `Name (role, time):` is of a turn with exactly that attribution."""
    for quotation, (start, _) in outer_quotations(text):
        before = text[:start].rstrip()
        holders = evidence.holders(quotation)
        labels = [f"{folded(said.attribution)}:" for said in holders]
        if before.endswith("):") and holders and not before.endswith(tuple(labels)):
            return Flaw(FlawKind.NAME, f"The words {quotation!r} are not those of the person named before them")
    return None


def _miscounted(text: str, evidence: Evidence) -> Flaw | None:
    for claim in claims(_LIST_NUMBER.sub(" ", unquoted(text))):
        if not claim.stands_in(evidence.claims):
            kind, what = (FlawKind.DATE, "date") if claim.dated else (FlawKind.NUMBER, "number")
            return Flaw(kind, f"The {what} {claim.text!r} does not stand in what is cited")
    return None


def _misnamed(text: str, known: frozenset[str], brief: Brief, entities: Iterable[Entity]) -> Flaw | None:
    for name in named(unquoted(text), brief, entities):
        if name.casefold() not in known and not any(claim.dated for claim in claims(name)):
            return Flaw(FlawKind.NAME, f"The name {name!r} does not stand in what is cited")
    return None


def _misreported(text: str, evidence: Evidence, entities: Iterable[Entity]) -> Flaw | None:
    """Reported speech stands in what the cited person said: its figures, its names, what it denies and most of its words."""
    for told, (start, end) in reported(text, evidence.people) if evidence.quoted else ():
        said = text[start:end]
        own = [cut for one, cut in evidence.quoted if evidence.people.fits(told.names, one)]
        if not own and told.names & evidence.people.known - evidence.spoken:
            return Flaw(FlawKind.NAME, f"The cited turns are not those of {' '.join(sorted(told.names))!r}")
        if _OPENS_QUOTED.match(said):
            continue
        cuts = own or [cut for _, cut in evidence.quoted]
        ground = [claim for cut in (*cuts, evidence.context) for claim in claims(cut)]
        if not all(claim.stands_in(ground) for claim in claims(unquoted(said))):
            return Flaw(FlawKind.NUMBER, f"A figure of {said.strip()!r} is not of the person named with it")
        heard = vocabulary(evidence.context).union(*map(vocabulary, cuts))
        if flaw := _misnamed(said, heard, evidence.brief, entities):
            return flaw
        if not _borne(said, told, attributed=text[slice(*told.span)], cuts=cuts):
            return Flaw(FlawKind.REPORT, f"The cited words do not bear out {said.strip()!r}")
    return None


def _borne(said: str, told: Attribution, *, attributed: str, cuts: list[str]) -> bool:
    """Whether a person's cited words bear the reported ones: word for word behind a colon, else in what they tell."""
    if told.verbatim:
        return any(stands_verbatim(said, cut) for cut in cuts)
    denied = "not " if denies(attributed) else ""
    return bears(". ".join(cuts), denied + unquoted(said))
