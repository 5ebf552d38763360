"""Sentences that may be quoted, how well each answers a question, and the few that together answer it."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from models.evidence import Source, Utterance
from models.extractive.expected import expected
from models.text.sentences import sentence_spans, word_count
from models.text.titles import title_factors
from models.text.words import (
    asked_stems,
    asks_for_words_of,
    capitalised_stems,
    content_stems,
    name_words,
    named_speakers,
    stem,
)

#: What stands in a transcript like a citation's mark could pass for one: such a sentence is not quoted.
_MARK = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Quotable:
    """A sentence of a source: `source` counts from 0, `span` is its range of characters in the utterance's text."""

    source: int
    said: Utterance
    span: tuple[int, int]
    stems: frozenset[str]
    words: int

    @property
    def text(self) -> str:
        """The words as they were said."""
        return self.said.text[slice(*self.span)]


@dataclass(frozen=True, slots=True)
class Preferences:
    """What makes a sentence worth quoting, and how much is quoted. Factors multiply; 1 leaves a sentence as it is.

    `ground` is what a sentence is worth without a word of the question, 1 the worth of all of them. `rank` is the
    power of 1 / place of the source, `similarity` that of the source's score over the best one, `nearness` that of a
    sentence's own, with `distant` added. What is worth less than `floor` of the best sentence is not quoted beside it.
    """

    ground: float = 0.3
    rank: float = 0.5
    similarity: float = 1.0
    nearness: float = 2.0
    distant: float = 0.1
    content: float = 0.5
    named_speaker: float = 3.0
    expected: float = 2.2
    question: float = 0.6
    floor: float = 0.45
    fewest_words: int = 6
    fewest_stems: int = 3
    fewest_expected: int = 2
    most_words: int = 70
    quotes: int = 5
    words: int = 100


PREFERENCES = Preferences()


@dataclass(frozen=True, slots=True)
class Sought:
    """What a question wants: the stems it asks about, the speakers it names, how telling each stem is here, what an answer holds.

    `farthest` is the least similarity among the sentences that have one, 0 where none does.
    """

    asked: frozenset[str]
    speakers: frozenset[str]
    rarity: Mapping[str, float]
    expected: re.Pattern[str] | None
    farthest: float = 0.0

    def worth(self, sentence: Quotable, preferences: Preferences) -> float:
        """How well the sentence answers, its source left out of account."""
        unknown = max(self.rarity.values(), default=1.0)
        total = sum(self.rarity.get(stem, unknown) for stem in self.asked)
        share = sum(self.rarity[stem] for stem in self.asked & sentence.stems) / total if total else 0.0
        worth = (preferences.ground + share) * (1 + preferences.content * min(len(sentence.stems) / 12, 1.0))
        worth *= preferences.named_speaker if sentence.said.speaker in self.speakers else 1.0
        worth *= preferences.expected if self.expected and self.expected.search(sentence.text) else 1.0
        worth *= preferences.question if sentence.text.endswith("?") else 1.0
        worth *= math.pow(self._nearness(sentence.said) + preferences.distant, preferences.nearness)
        return worth * min(preferences.most_words / sentence.words, 1.0)

    def _nearness(self, said: Utterance) -> float:
        """How near to the question the words around are; at most as near as the farthest that was found, if they were not."""
        return max(self.farthest if said.score is None else said.score, 0.0)


def quotables(
    sources: Sequence[Source], preferences: Preferences = PREFERENCES, wanted: re.Pattern[str] | None = None
) -> list[Quotable]:
    """Every sentence of the sources that says something, once even where sources overlap.

    Back-channels ("Mm-hm", "Yeah, right") have too few words and too little content to be among them. What holds
    something `wanted` ("At $11.") may be shorter.
    """
    found: dict[tuple[str, int], Quotable] = {}
    for number, source in enumerate(sources):
        for said in source.utterances:
            for sentence in _sentences(number, said):
                if _says_enough(sentence, preferences) or _is_short_answer(sentence, preferences, wanted):
                    found.setdefault((source.document, said.span[0] + sentence.span[0]), sentence)
    return list(found.values())


def chosen(question: str, sources: Sequence[Source], preferences: Preferences = PREFERENCES) -> list[Quotable]:
    """The sentences that answer the question best, best first, none repeating another.

    A question for somebody's words ("What did Anna say about ...") gets nobody else's.
    """
    wanted = expected(question)
    sentences = quotables(sources, preferences, wanted)
    speakers = named_speakers(question, {sentence.said.speaker for sentence in sentences})
    standing = _standing(question, sources, preferences)
    asked = asked_about(question, speakers, (source.title for source in sources))
    nearness = [sentence.said.score for sentence in sentences if sentence.said.score is not None]
    sought = Sought(asked, speakers, _rarity(sentences), wanted, min(nearness, default=0.0))
    asked_of = {speaker for speaker in speakers if asks_for_words_of(question, speaker)}
    sentences = [sentence for sentence in sentences if not asked_of or sentence.said.speaker in asked_of]
    worth = {sentence: standing[sentence.source] * sought.worth(sentence, preferences) for sentence in sentences}
    least = preferences.floor * max(worth.values(), default=0.0)
    ranked = sorted((sentence for sentence in sentences if worth[sentence] >= least), key=lambda s: -worth[s])
    return _without_repeats(ranked, preferences)


def asked_about(question: str, speakers: frozenset[str], titles: Iterable[str] = ()) -> frozenset[str]:
    """Stems of what is asked, without the names of speakers and those that titles of sources have.

    Such a name says where to look, and little about a sentence found there.
    """
    names = {stem(word.lower()) for speaker in speakers for word in name_words(speaker)}
    asked = asked_stems(question)
    about = asked - names or asked
    placed = capitalised_stems(question).intersection(stem for title in titles for stem in content_stems(title))
    return about - placed or about


def _says_enough(sentence: Quotable, preferences: Preferences) -> bool:
    return sentence.words >= preferences.fewest_words and len(sentence.stems) >= preferences.fewest_stems


def _is_short_answer(sentence: Quotable, preferences: Preferences, wanted: re.Pattern[str] | None) -> bool:
    return sentence.words >= preferences.fewest_expected and wanted is not None and bool(wanted.search(sentence.text))


def _sentences(number: int, said: Utterance) -> Iterator[Quotable]:
    for start, end in sentence_spans(said.text):
        text = said.text[start:end]
        if not _MARK.search(text):
            yield Quotable(number, said, (start, end), frozenset(content_stems(text)), word_count(text))


def _rarity(sentences: Sequence[Quotable]) -> Mapping[str, float]:
    """How telling a stem is: its inverse document frequency over the sentences at hand."""
    counts = Counter(stem for sentence in sentences for stem in sentence.stems)
    return {stem: math.log(1 + len(sentences) / (count + 0.5)) for stem, count in counts.items()}


def _standing(question: str, sources: Sequence[Source], preferences: Preferences) -> list[float]:
    """What each source's place, score and title make of its sentences; scores count where there was a search."""
    best = max((source.score for source in sources), default=0.0)
    titles = title_factors(asked_stems(question), {source.title: source.title for source in sources})
    return [
        titles[source.title]
        * (1 / place) ** preferences.rank
        * ((max(source.score, 0.0) / best) ** preferences.similarity if best > 0 else 1.0)
        for place, source in enumerate(sources, 1)
    ]


def _without_repeats(ranked: Sequence[Quotable], preferences: Preferences) -> list[Quotable]:
    picked: list[Quotable] = []
    left = preferences.words
    for sentence in ranked:
        cost = sentence.words + word_count(sentence.said.attribution)
        if picked and (cost > left or any(_repeats(sentence, other) for other in picked)):
            continue
        picked.append(sentence)
        left -= cost
        if len(picked) == preferences.quotes:
            break
    return picked


def _repeats(sentence: Quotable, other: Quotable) -> bool:
    return len(sentence.stems & other.stems) > 0.6 * min(len(sentence.stems), len(other.stems))
