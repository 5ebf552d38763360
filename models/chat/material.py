"""What a chat model is shown: our rules, then other people's words between fences they cannot forge."""

import hashlib
import json
from functools import cache
from importlib.resources import files
from itertools import islice

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from models.chat.arguments import Ground
from models.evidence import Figure, Source
from models.extractive.written import amount
from models.language import Brief, Call

_MOST_NAMES = 50


@cache
def _prompt(name: str) -> str:
    return (files("models.chat") / "prompts" / f"{name}.md").read_text(encoding="utf-8").strip()


def choosing(question: str, call: Call) -> list[BaseMessage]:
    """The messages that go with a choice."""
    known = [
        {"kind": entity.kind, "name": entity.name, "also": list(entity.aliases)}
        for entity in islice(Ground(question, call).mentioned, _MOST_NAMES)
    ]
    lines = [
        f"Today is {call.now:%A, %Y-%m-%d}.",
        f"Known names: {json.dumps(known, ensure_ascii=False)}",
        f"Previous arguments: {json.dumps(dict(call.previous), ensure_ascii=False)}",
        f"Question: {json.dumps(question, ensure_ascii=False)}",
    ]
    return [SystemMessage(_prompt("choose")), HumanMessage("\n".join(lines))]


def extracting(text: str) -> list[BaseMessage]:
    """The messages that go with an extraction."""
    fence = _fence(text)
    rules = _prompt("extract").replace("{fence}", fence)
    return [SystemMessage(rules), HumanMessage(f"{fence}\n{text}\n{fence}")]


def writing(brief: Brief) -> list[BaseMessage]:
    """The messages that go with an answer or a summary."""
    fence = _fence(*(source.text for source in brief.sources))
    parts = [f"Question: {json.dumps(brief.question, ensure_ascii=False)}", f"Write: {brief.form}"]
    if brief.parts:
        parts.append("Headings: " + "; ".join(part.heading for part in brief.parts))
    parts += [f"[F{number}] {_measured(figure)}" for number, figure in enumerate(brief.figures, 1)]
    parts += [f"{fence} source [{n}]\n{_shown(source)}\n{fence}" for n, source in enumerate(brief.sources, 1)]
    return [SystemMessage(_prompt("write").replace("{fence}", fence)), HumanMessage("\n".join(parts))]


def _measured(figure: Figure) -> str:
    """`EMEA: win rate = 43 % in March 2026 (up 3 points; 40 % in February 2026) (as of 2026-03-31)`."""
    whose = f"{figure.subject}: " if figure.subject else ""
    period = f" in {figure.period}" if figure.period else ""
    change = figure.change
    before = f" ({change.text}; {amount(change.before, figure.unit)} in {change.against})" if change else ""
    return f"{whose}{figure.name} = {figure.text}{period}{before} (as of {figure.as_of})"


def _shown(source: Source) -> str:
    held = f", {source.held:%Y-%m-%d}" if source.held else ""
    return f"{source.title}{held}\n{source.text}"


def _fence(*texts: str) -> str:
    """A line that the texts cannot contain on purpose, since it is made from all of them."""
    return f"<<<{hashlib.sha256(chr(0).join(texts).encode()).hexdigest()[:20]}>>>"
