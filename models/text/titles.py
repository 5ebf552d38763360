"""Favouring documents whose title or account a question names: nobody repeats them in the call itself."""

from collections import Counter
from collections.abc import Mapping

from models.text.words import content_stems

#: What a word of the question that only one of many titles has adds to that document's factor.
WEIGHT = 2.0


def title_factors(asked: frozenset[str], titles: Mapping[str, str]) -> dict[str, float]:
    """By document: 1, and more for each asked stem in its title, the rarer among these titles the more.

    A stem that all of them have tells nothing and adds nothing; so does every stem where there is one title.
    """
    named = {document: asked.intersection(content_stems(title)) for document, title in titles.items()}
    counts = Counter(stem for stems in named.values() for stem in stems)
    return {
        document: 1.0 + WEIGHT * sum(1 - counts[stem] / len(titles) for stem in stems)
        for document, stems in named.items()
    }
