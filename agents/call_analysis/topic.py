"""What a question is about, once whom it is asked of is left away."""

from agents.call_analysis.scope import Scope
from models.text.words import QUESTION_WORDS, STOP_WORDS, words


def topic_of(question: str, scope: Scope) -> str:
    """What a question is about, in its own words, whoever it is asked of; empty where it names nothing of its own."""
    people = {part for name in scope.said for part in words(name)}
    said = [word for word in words(question) if word.removesuffix("'s") not in STOP_WORDS | QUESTION_WORDS | people]
    return " ".join(said)
