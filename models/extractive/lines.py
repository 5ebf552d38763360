"""Chosen sentences as attributed lines with their citations."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from models.evidence import Citation, Figure, Source
from models.extractive.quotes import Quotable
from models.language import Sentence

#: A quotation inside a quotation takes single marks, so that the outer ones stay the outer ones.
_INNER = str.maketrans(dict.fromkeys('"“”„«»', "'"))


def quotation_lines(sentences: Iterable[Quotable], sources: Sequence[Source]) -> list[Sentence]:
    """One line an utterance, `<speaker> (buyer, 12:04): "…" [n]`, by document as first chosen and by turn within it."""
    by_utterance: defaultdict[tuple[str, int], list[Quotable]] = defaultdict(list)
    for sentence in sentences:
        by_utterance[sources[sentence.source].document, sentence.said.span[0]].append(sentence)
    documents = list(dict.fromkeys(document for document, _ in by_utterance))
    in_order = sorted(by_utterance, key=lambda key: (documents.index(key[0]), key[1]))
    return [_line(sorted(by_utterance[key], key=lambda s: s.span), sources) for key in in_order]


def figure_line(figure: Figure) -> Sentence:
    """A figure as it is bound: its metric, whose it is, its text, as of when."""
    metric = figure.metric.replace("_", " ")
    subject = f", {figure.subject}" if figure.subject else ""
    return Sentence(f"{metric[:1].upper()}{metric[1:]}{subject}: {figure.text} (as of {figure.as_of}).", (), (figure,))


def with_figures(lines: Iterable[Sentence], figures: Sequence[Figure]) -> list[Sentence]:
    """The lines, each with the figures that were reckoned from its words behind it: `"… by Friday." [3] (due 2026-01-16)`."""
    return [_beside(line, [figure for figure in figures if _is_from(figure, line)]) for line in lines]


def _is_from(figure: Figure, line: Sentence) -> bool:
    at = figure.at
    return at is not None and any(
        (cited.document, cited.turns) == (at.document, at.turns)
        and cited.span[0] <= at.span[0] < at.span[1] <= cited.span[1]
        for cited in line.sources
    )


def _beside(line: Sentence, figures: Sequence[Figure]) -> Sentence:
    """Whose it is stands before the figure, unless the line names them already."""
    told = ""
    for figure in figures:
        subject = "" if figure.subject in line.text else f"{figure.subject}, "
        told += f" ({subject}{figure.metric.replace('_', ' ')} {figure.text})"
    return Sentence(line.text + told, line.sources, (*line.figures, *figures))


def _line(quoted: Sequence[Quotable], sources: Sequence[Source]) -> Sentence:
    """Sentences of one utterance in their order; `…` stands for the whole sentences left out between them."""
    said, number = quoted[0].said, quoted[0].source
    words = quoted[0].text
    for earlier, later in pairwise(quoted):
        adjacent = not said.text[earlier.span[1] : later.span[0]].strip()
        words += f"{' ' if adjacent else ' … '}{later.text}"
    source = sources[number]
    citation = Citation(
        document=source.document,
        content_hash=source.content_hash,
        turns=(said.turn, said.turn),
        span=(said.span[0] + quoted[0].span[0], said.span[0] + quoted[-1].span[1]),
    )
    return Sentence(f'{said.attribution}: "{words.translate(_INNER)}" [{number + 1}]', (citation,))
