"""Choosing without a language model: each part of a question goes to the option its examples are most like."""

import asyncio
import hashlib
import json
import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from models.embeddings import Embedder, Vectors
from models.extractive.arguments import fill
from models.extractive.classifier import Classifier, Verdict, fit
from models.extractive.gazetteer import names_in
from models.language import Call, Choice, Option
from models.text.clauses import Span, clauses, is_subordinate, trimmed
from models.text.plain import plain
from models.text.unnamed import unnamed

#: A part is split off only if its option beats the neighbour's option on it by this much, and the other way round, ...
CLEARLY = 0.06
#: ... each with this confidence, on this many words, with an option among so many best of the whole question, or as many
#: as it has pieces: what is one of four things asked for may come last in the whole.
SURELY = 0.75
FEWEST_WORDS = 3
AMONG_BEST = 3
#: Beyond this many pieces a text is a letter rather than a question, and is judged as a whole.
MOST_PIECES = 8
#: What an embedder remembers of a batch that is no bigger.
MOST_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a question with what it asks for."""

    span: Span
    verdict: Verdict

    def stands(self, question: str, whole: Verdict, pieces: int) -> bool:
        """Whether it may be a question of its own: long enough, no subordinate clause, and what the whole is about, which
        falls into so many pieces.
        """
        words = trimmed(question[slice(*self.span)])
        better = int((whole.scores > whole.scores[self.verdict.best]).sum())
        long = len(words.split()) >= FEWEST_WORDS
        return (
            long
            and better < max(AMONG_BEST, pieces)
            and self.verdict.confidence >= SURELY
            and not is_subordinate(words)
        )

    def differs_from(self, other: "Part") -> bool:
        """Whether the two clearly ask for different options."""
        mine, theirs = self.verdict, other.verdict
        if mine.best == theirs.best:
            return False
        here = mine.scores[mine.best] - mine.scores[theirs.best]
        there = theirs.scores[theirs.best] - theirs.scores[mine.best]
        return bool(min(here, there) >= CLEARLY)


class Chooser:
    """`choose` over one embedder. What is learnt of a set of options is kept by the set's content.

    `library` embeds the options' examples; one that remembers makes the next start quick.
    """

    KEPT = 32

    def __init__(self, embedder: Embedder, *, library: Embedder | None = None) -> None:
        self._embedder = embedder
        self._library = library or embedder
        self._fitted: OrderedDict[str, Classifier] = OrderedDict()
        self._fitting = asyncio.Lock()

    async def choose(self, question: str, options: Sequence[Option], *, call: Call) -> Sequence[Choice]:
        """The options a question asks for, each with its own part of it; none when it is out of scope.

        A required argument that neither the question nor the previous turn gives is named in `missing`.
        """
        if not options or not question.strip():
            return ()
        classifier = await self.classifier(options)
        await self._embed_at_once(question, call)
        parts = await self._parts(question, classifier)
        chosen = [part for part in parts if part.verdict.accepted]
        return tuple(self._choice(question, part, parts, options, call) for part in chosen)

    async def classifier(self, options: Sequence[Option]) -> Classifier:
        """What tells the options apart; fitted on first use (a second or two), then kept."""
        key = _content(self._embedder.id, options)
        async with self._fitting:
            if key not in self._fitted:
                self._fitted[key] = await self._fit(options)
                if len(self._fitted) > self.KEPT:
                    self._fitted.popitem(last=False)
            self._fitted.move_to_end(key)
            return self._fitted[key]

    async def _fit(self, options: Sequence[Option]) -> Classifier:
        learnt = [(plain(text), label) for label, option in enumerate(options) for text in _texts(option)]
        texts = [text for text, _ in learnt]
        examples = await self._library.embed(texts)
        everyday = await self._library.embed(everyday_sentences())
        return await asyncio.to_thread(_fit_quietly, examples, [label for _, label in learnt], everyday, texts)

    async def _embed_at_once(self, question: str, call: Call) -> None:
        """Embeds the question, its clauses and what is left of it without the accounts' names in one batch.

        A batch of three takes as long as one text, the embedder remembers the vectors, and whoever is chosen asks for the
        last of them next.
        """
        spans = [found.span for found in names_in(question, call.entities, kind="account")]
        pieces = [question[start:end] for start, end in clauses(question)]
        texts = [question, *(pieces if 1 < len(pieces) <= MOST_PIECES else ()), unnamed(question, spans)]
        await self._embedder.embed(list(dict.fromkeys(plain(trimmed(text)) for text in texts))[:MOST_AT_ONCE])

    async def _parts(self, question: str, classifier: Classifier) -> list[Part]:
        """The parts that clearly differ, in order; one part with the whole question when none do."""
        whole = (0, len(question))
        pieces = clauses(question)
        if not 1 < len(pieces) <= MOST_PIECES:
            return await self._judged(question, [whole], classifier)
        [entire, first, *rest] = await self._judged(question, [whole, *pieces], classifier)
        parts = [first]
        for piece in rest:
            alone = all(part.stands(question, entire.verdict, len(pieces)) for part in (parts[-1], piece))
            if alone and piece.differs_from(parts[-1]):
                parts.append(piece)
            else:
                parts[-1] = await self._merged(question, parts[-1], piece, classifier)
        return parts if len(parts) > 1 else [entire]

    async def _merged(self, question: str, first: Part, second: Part, classifier: Classifier) -> Part:
        """Both as one part; if they make no sense together, the one that does."""
        span = (first.span[0], second.span[1])
        [both] = await self._judged(question, [span], classifier)
        if both.verdict.accepted:
            return both
        return max((first, second), key=lambda part: part.verdict.confidence)

    async def _judged(self, question: str, spans: Sequence[Span], classifier: Classifier) -> list[Part]:
        texts = [plain(trimmed(question[start:end])) for start, end in spans]
        vectors = await self._embedder.embed(texts)
        verdicts = [classifier.judge(vector, text) for vector, text in zip(vectors, texts, strict=True)]
        return [Part(span, verdict) for span, verdict in zip(spans, verdicts, strict=True)]

    def _choice(
        self, question: str, part: Part, parts: Sequence[Part], options: Sequence[Option], call: Call
    ) -> Choice:
        option = options[part.verdict.best]
        own = question if len(parts) == 1 else trimmed(question[slice(*part.span)])
        filled = fill(option.parameters, own, call=call)
        return Choice(
            name=option.name,
            question=own,
            confidence=part.verdict.confidence,
            arguments=filled.arguments,
            missing=filled.missing,
        )


@cache
def everyday_sentences() -> tuple[str, ...]:
    """What people ask of any assistant, as the outside of every set of options (models/extractive/everyday.txt)."""
    lines = files("models.extractive").joinpath("everyday.txt").read_text(encoding="utf-8").splitlines()
    return tuple(plain(line) for line in lines if line.strip())


def _texts(option: Option) -> tuple[str, ...]:
    """What an option is learnt from; its name speaks only where there is no example."""
    if option.examples:
        return tuple(text for text in (option.description, *option.examples) if text.strip())
    return (f"{re.sub(r'[_./-]', ' ', option.name)}: {option.description}",)


def _fit_quietly(examples: Vectors, labels: Sequence[int], everyday: Vectors, texts: Sequence[str]) -> Classifier:
    with threadpool_limits(1):
        return fit(examples, labels, everyday, texts=texts, everyday_texts=everyday_sentences())


def _content(embedder: str, options: Sequence[Option]) -> str:
    described = [(option.name, option.description, option.examples) for option in options]
    return hashlib.sha256(json.dumps([embedder, described]).encode()).hexdigest()
