"""One part of a question on its way to the node that gathers for it, and what every gatherer shares."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from pydantic import JsonValue

from agents.base import Finding, Task, Turn
from agents.call_analysis.intents import Intent
from agents.call_analysis.scope import Scope
from agents.call_analysis.topic import topic_of
from core.identity import Label
from models.evidence import Figure, Source, Utterance, highest
from models.language import Form
from tools.calls.instructions import orders_in
from tools.servers.call_results import CallSummary, CallText, Passages

MOST_CALLS = 12
NO_CALLS = "There is no such call among those you may read. Ask for the list of calls to see what there is."


@dataclass(frozen=True, slots=True)
class Ask:
    """One part of a question: what kind, in which words, about which calls.

    `question` is searched with and has no account's name in it; `written` is what the writer answers. Where `places` (call
    and turn) are given, these are quoted; a `note` is all that there is to say.
    """

    task: Task
    intent: Intent
    question: str
    written: str
    scope: Scope
    places: tuple[tuple[str, int], ...] = ()
    note: str | None = None

    @property
    def remembered(self) -> dict[str, JsonValue]:
        """What the conversation should keep of it: the calls it was about, what was asked of them, on which topic."""
        calls: list[JsonValue] = [] if self.scope.everything else [*self.scope.ids]
        kept: dict[str, JsonValue] = {
            "calls": calls,
            "intent": self.intent.value,
            "asked": self.question,
            "people": [*self.scope.people],
        }
        topic = topic_of(self.question, self.scope)
        return kept | {"topic": topic} if topic else kept

    def finding(
        self,
        *,
        form: Form = Form.ANSWER,
        sources: Sequence[Source] = (),
        figures: Sequence[Figure] = (),
        label: Label = Label.PUBLIC,
        documents: Iterable[str] = (),
        note: str | None = None,
    ) -> Finding:
        """What was gathered, as the supervisor takes it; `documents` are those that the figures were reckoned from."""
        return Finding(
            self.task.specialist,
            self.task.question,
            form=form,
            sources=tuple(sources),
            figures=tuple(figures),
            note=note,
            asked=self.written,
            arguments=self.remembered | ({"heard": sources[0].document} if sources else {}),
            label=highest([label, *(source.label for source in sources)]),
            documents=tuple(documents),
        )


async def structured(turn: Turn, tool: str, **arguments: JsonValue) -> Mapping[str, object]:
    """What a tool returns for these arguments."""
    return (await turn.tools.call(turn.principal, tool, arguments, deadline=turn.deadline)).structured


async def passages(
    turn: Turn, question: str, *, calls: Sequence[str] | None, limit: int, speaker: str | None = None
) -> tuple[tuple[Source, ...], Label]:
    """What a search finds in these calls, or in all of them, best first; and the label of what it read.

    With a `speaker`, only places where they speak are looked at.
    """
    arguments: dict[str, JsonValue] = {"question": question, "limit": limit, "speaker": speaker}
    if calls is not None:
        arguments["calls"] = list(calls)
    found = Passages.model_validate(await structured(turn, "search_calls", **arguments))
    return without_orders(found.sources), Label.parse(found.label)


async def whole(call: CallSummary, turn: Turn) -> Source:
    """Every turn of a call, page by page."""
    arguments: dict[str, JsonValue] = {"call": call.call}
    pages: list[CallText] = []
    while True:
        pages.append(CallText.model_validate(await structured(turn, "get_call", **arguments)))
        if pages[-1].next_turn is None:
            break
        arguments = {"call": call.call, "first_turn": pages[-1].next_turn}
    said = tuple(one.utterance for page in pages for one in page.utterances)
    first = pages[0].source
    source = Source(first.document, first.content_hash, first.title, first.label, said, 1.0, first.held)
    return without_orders([source])[0]


def without_orders(sources: Sequence[Source]) -> tuple[Source, ...]:
    """The sources without speech that gives orders to whoever reads the call: nothing of it belongs into an answer."""
    kept = [replace(source, utterances=tuple(chain.from_iterable(map(_left, source.utterances)))) for source in sources]
    return tuple(source for source in kept if source.utterances)


def _left(said: Utterance) -> Iterator[Utterance]:
    """The pieces of an utterance around its orders."""
    orders = orders_in(said.text)
    if not orders and said.text.strip():
        yield said
        return
    start, offset = 0, said.span[0]
    for first, last in [*orders, (len(said.text), len(said.text))]:
        if said.text[start:first].strip():
            yield replace(said, text=said.text[start:first], span=(offset + start, offset + first))
        start = last
