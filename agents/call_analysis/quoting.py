"""How much of a turn is quoted around what matters in it."""

from models.evidence import Utterance
from models.text.sentences import sentence_spans, word_count

#: A quotation of fewer words is given the sentences around it, so that it can be understood; of more, it is cut.
FEWEST_WORDS, MOST_WORDS = 12, 45


def widened(said: Utterance, span: tuple[int, int]) -> tuple[int, int]:
    """The whole sentences around a span: more of them where it is short, fewer where it is long."""
    offset = said.span[0]
    spans = [(start + offset, end + offset) for start, end in sentence_spans(said.text)]
    inside = [place for place, (start, end) in enumerate(spans) if start < span[1] and span[0] < end]
    first, last = inside[0], inside[-1]

    def count(a: int, b: int) -> int:
        return word_count(said.text[spans[a][0] - offset : spans[b][1] - offset])

    while first < last and count(first, last) > MOST_WORDS:
        last -= 1
    while count(first, last) < FEWEST_WORDS and (first > 0 or last + 1 < len(spans)):
        first, last = (first - 1, last) if first > 0 else (first, last + 1)
    return spans[first][0], spans[last][1]
