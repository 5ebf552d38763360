"""Questions that lean on the conversation: whom else, which other call, why, who said it, what came before.

Each is told by its shape alone and takes what it leaves away from what was asked before: the kind of question and its
words, the people, the calls, and the turns that the last answer cited.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from agents.base import Task
from agents.call_analysis.asks import Ask
from agents.call_analysis.intents import Intent, known, says_nothing_new
from agents.call_analysis.names import SELLER, speaks
from agents.call_analysis.scope import Scope
from agents.call_analysis.times import kinds_in, of_kinds
from tools.servers.call_results import CallSummary

POINTING = re.compile(r"\b(?:it|that|this|them|those|these)\b", re.IGNORECASE)
NO_REASON = "Figures are reckoned from the turns of the calls; why they are as they are, the calls do not say."
NOTHING_CITED = "The last answer quotes nobody."
BEGINS = "That is where the call begins."
ENDS = "That is where the call ends."
AROUND = 3
"""How many turns before or after those that were cited are told."""
_MEASURED = frozenset({Intent.STATISTICS, Intent.COMPARE, Intent.SUMMARISE, Intent.MOOD, Intent.LIST_CALLS})
_UNEXPLAINED = frozenset({Intent.STATISTICS, Intent.COMPARE, Intent.COACH, Intent.LIST_CALLS})
_AGAINST = frozenset({Intent.TALK_TRACKS, Intent.THREATS})
_LEAD = r"^\W*(?:(?:and|but|so|ok|okay|now)\b\W*)?"
_ASKED = r"(?:(?:what|how) about )?"
_OTHER_REP = re.compile(
    rf"{_LEAD}{_ASKED}(?:for |of |with )?(?:the |our )?others? (?:reps?|sellers?|ae|aes|colleagues?|account executives?)\W*$",
    re.IGNORECASE,
)
_OTHER_CALL = re.compile(
    rf"{_LEAD}{_ASKED}(?:in |on |from |for |at )?(?:the |their )?others? (?:calls?|meetings?|conversations?|ones?)\W*$",
    re.IGNORECASE,
)
_CALL_BEFORE = re.compile(
    rf"{_LEAD}{_ASKED}(?:in |on |from |for |at )?the (?:(?:call|one|meeting|time) before(?: (?:that|this|it))?(?: one)?"
    r"|previous (?:call|one|meeting))\W*$",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    rf"{_LEAD}(?:what (?:was|came|happened|was said|did (?:he|she|they|we) say) )?(?:just |right )?(?P<way>before|after) (?:that|this|it)\W*$",
    re.IGNORECASE,
)
_IN_A_KIND = re.compile(
    rf"{_LEAD}(?:{_ASKED}(?:in|on|at|from|during|for)|(?:what|how) about) (?:the |their |our )?(?P<kind>[a-z][\w -]*?)\W*$",
    re.IGNORECASE,
)
_WHY = re.compile(
    rf"{_LEAD}(?:why|how come)(?: (?:is|was|are|were|did|do))?(?: (?:that|this|it|so|they|he|she))*\W*$", re.IGNORECASE
)
_WHO = re.compile(
    rf"{_LEAD}(?:who|which of them|when|where|on which call) (?:exactly )?(?:(?:said|says|told|asked|raised|mentioned|was|is|did (?:he|she|they) say|were)\s*)+"
    r"(?:(?:that|this|it|so|those|these|them|said)\b\s*)*\W*$",
    re.IGNORECASE,
)
_AGAINST_WHAT = re.compile(
    r"^\W{0,9}(?:and|but|so|ok|okay|now|(?:what|how) about|for|against|on|with|to)\b,? "
    r"(?!wh(?:o|om|at|en|ere|ich|y)\b(?! about))(?:\S+ ){0,4}\S+$",
    re.IGNORECASE,
)
"""Begins with a word that leans on what was said before, lest any short question be one."""


def goes_on(question: str) -> bool:
    """Whether the question has a shape that means something only after an answer about calls."""
    shapes = (_OTHER_REP, _OTHER_CALL, _CALL_BEFORE, _BESIDE, _WHY, _WHO)
    return any(shape.match(question) for shape in shapes) or _COMPARE_IT.match(question) is not None


_COMPARE_IT = re.compile(rf"{_LEAD}(?:compare|contrast) (?:it|that|this|them|those|these|both)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Before:
    """What the conversation keeps of the question before, as far as it may still be read."""

    intent: Intent
    asked: str
    calls: tuple[CallSummary, ...]
    people: tuple[str, ...]
    cited: tuple[tuple[CallSummary, int], ...]

    def again(self, task: Task, scope: Scope, **named: object) -> Ask:
        """The question before, of other calls or people; of those it was asked of who are on these calls."""
        changed = replace(scope, everything=False, narrowed=True, **named)  # type: ignore[arg-type]
        if not changed.people:
            still = tuple(one for one in self.people if any(speaks(call, [one]) for call in changed.calls))
            changed = replace(changed, people=still, said=still)
        return Ask(task, self.intent, self.asked, self.asked, changed)


def before(task: Task, scope: Scope) -> Before | None:
    """What was asked before; None at the beginning of a conversation, and where an earlier release asked by another name."""
    previous = task.previous
    intent, asked = previous.get("intent"), previous.get("asked")
    if intent not in tuple(Intent) or not isinstance(asked, str):
        return None
    by_id = {call.call: call for call in scope.every}
    calls = [by_id[str(one)] for one in _listed(previous.get("calls")) if str(one) in by_id]
    places = [pair for pair in _listed(previous.get("cited")) if isinstance(pair, list) and len(pair) == 2]
    cited = [(by_id[str(call)], turn) for call, turn in places if str(call) in by_id and isinstance(turn, int)]
    people = [str(one) for one in _listed(previous.get("people"))]
    return Before(Intent(str(intent)), asked, tuple(calls), tuple(people), tuple(cited))


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else []


def followed(task: Task, scope: Scope, reps: Sequence[str]) -> Ask | None:
    """The question as it is meant after the one before; None where it stands alone or only names somebody.

    `reps` are the names of the company's sellers.
    """
    asked = before(task, scope)
    if asked is None or task.calls:
        return None
    for shape, meant in _SHAPES:
        match = shape.match(task.question)
        if match and (ask := meant(_Leaning(task, scope, asked, match, reps))) is not None:
            return ask
    return None


@dataclass(frozen=True, slots=True)
class _Leaning:
    task: Task
    scope: Scope
    before: Before
    match: re.Match[str]
    reps: Sequence[str]

    @property
    def about(self) -> tuple[CallSummary, ...]:
        """The calls that were talked of: those the question was limited to, else those that were cited."""
        return self.before.calls or tuple({call.call: call for call, _ in self.before.cited}.values())

    def note(self, words: str) -> Ask:
        return replace(self.before.again(self.task, self.scope), note=words)

    def with_the_same(self) -> list[CallSummary]:
        """All calls with the accounts of those talked of, latest first."""
        accounts = {self.scope.account_of(call) for call in self.about} - {None}
        return [call for call in self.scope.every if self.scope.account_of(call) in accounts]


def _other_rep(leaning: _Leaning) -> Ask | None:
    """Sellers of ours that the question before was not about: on its call where it was about one, else on all of theirs."""
    before, scope = leaning.before, leaning.scope
    there = before.calls if len(before.calls) == 1 else ()
    for calls in filter(None, (there, scope.every)):
        sellers = {person.name for call in calls for person in call.people if person.role == SELLER}
        others = tuple(name for name in leaning.reps if name in sellers and name not in before.people)
        if others:
            theirs = tuple(call for call in calls if speaks(call, others))
            ask = before.again(leaning.task, scope, calls=theirs, people=others, said=others, accounts=())
            return replace(ask, scope=replace(ask.scope, narrowed=len(calls) == 1))
    return leaning.note("No other rep speaks on the calls you may read.")


def _other_call(leaning: _Leaning) -> Ask | None:
    about = leaning.about
    if not about:
        return None
    left = tuple(call for call in leaning.with_the_same() if call not in about)
    accounts = tuple(dict.fromkeys(name for call in about if (name := leaning.scope.account_of(call))))
    if not left:
        return leaning.note(f"There is no other call with {' or '.join(accounts) or 'them'} that you may read.")
    return leaning.before.again(leaning.task, leaning.scope, calls=left, accounts=accounts)


def _call_before(leaning: _Leaning) -> Ask | None:
    if not leaning.about:
        return None
    held = [call.held for call in leaning.about if call.held]
    earlier = [call for call in leaning.with_the_same() if call.held and held and call.held < min(held)]
    if not earlier:
        return leaning.note("There is no earlier call with them that you may read.")
    return leaning.before.again(leaning.task, leaning.scope, calls=tuple(earlier[:1]))


def _beside(leaning: _Leaning) -> Ask | None:
    """What was said before or after the turn that was cited first; the call before where the answer was about whole calls."""
    earlier = leaning.match["way"].casefold() == "before"
    if leaning.before.intent in _MEASURED or not leaning.before.cited:
        return _call_before(leaning) if earlier else None
    call, turn = leaning.before.cited[0]
    turns = range(turn - AROUND, turn) if earlier else range(turn + 1, turn + 1 + AROUND)
    places = tuple((call.call, one) for one in turns if 0 <= one < call.turns)
    if not places:
        return leaning.note(BEGINS if earlier else ENDS)
    return replace(leaning.before.again(leaning.task, leaning.scope, calls=(call,)), places=places)


def _in_a_kind(leaning: _Leaning) -> Ask | None:
    """The calls of the kind that is named ("and in the demo?"): with the accounts talked of, else any."""
    kinds = kinds_in(leaning.task.question) | ({leaning.match["kind"].casefold()} if _placed(leaning) else set())
    same = leaning.with_the_same()
    people = [call for call in leaning.scope.every if speaks(call, leaning.before.people)]
    for within in (same, people, leaning.scope.every):
        if found := of_kinds(within, kinds):
            return leaning.before.again(leaning.task, leaning.scope, calls=tuple(found))
    return None


def _placed(leaning: _Leaning) -> bool:
    return re.search(r"\b(?:in|on|at|from|during)\b", leaning.task.question, re.IGNORECASE) is not None


def _why(leaning: _Leaning) -> Ask | None:
    """The reasons that were given: searched for where words were asked for, the places of a mood or a threat; no figure has any."""
    before = leaning.before
    topic = leaning.task.previous.get("topic")
    if before.intent in _UNEXPLAINED:
        return leaning.note(NO_REASON)
    if before.intent in (Intent.MOOD, Intent.THREATS, Intent.TALK_TRACKS) or not isinstance(topic, str):
        return before.again(leaning.task, leaning.scope, calls=leaning.about or leaning.scope.every)
    calls = leaning.about or leaning.scope.every
    ask = before.again(leaning.task, leaning.scope, calls=calls)
    return replace(ask, intent=Intent.QUESTION, question=f"why {topic}", written=f"Why {topic}?")


def _who(leaning: _Leaning) -> Ask | None:
    """The turns that were cited once more: a quotation names who says it, when and on which call."""
    if not leaning.before.cited:
        return leaning.note(NOTHING_CITED)
    calls = tuple({call.call: call for call, _ in leaning.before.cited}.values())
    places = tuple((call.call, turn) for call, turn in leaning.before.cited)
    return replace(leaning.before.again(leaning.task, leaning.scope, calls=calls), places=places)


def _against_what(leaning: _Leaning) -> Ask | None:
    """The same of another objection or competitor ("and for security?")."""
    names, question = leaning.scope.accounts or leaning.scope.people, leaning.scope.question
    if leaning.before.intent not in _AGAINST or names or says_nothing_new(question, leaning.scope.said):
        return None
    if any(known()[one].asked_in(question) for one in _MEASURED):
        return None
    calls = leaning.before.calls or leaning.scope.every
    scope = replace(leaning.scope, calls=calls, everything=not leaning.before.calls)
    return Ask(leaning.task, leaning.before.intent, leaning.task.question, leaning.task.question, scope)


_SHAPES: tuple[tuple[re.Pattern[str], Callable[[_Leaning], Ask | None]], ...] = (
    (_OTHER_REP, _other_rep),
    (_OTHER_CALL, _other_call),
    (_CALL_BEFORE, _call_before),
    (_BESIDE, _beside),
    (_WHY, _why),
    (_WHO, _who),
    (_IN_A_KIND, _in_a_kind),
    (_AGAINST_WHAT, _against_what),
)


def taken_up(task: Task, scope: Scope) -> tuple[Intent, str, str] | None:
    """A question of what somebody else said to the topic of before: its kind, what to search for, what to answer.

    None where the question has a topic of its own, names an account, or asks again for a list ("and Bea?").
    """
    topic, intent = task.previous.get("topic"), task.previous.get("intent")
    if not isinstance(topic, str) or not scope.said or scope.accounts:
        return None
    if not says_nothing_new(scope.question, scope.said):
        return None
    if intent != Intent.QUESTION and not POINTING.search(task.question):
        return None
    return Intent.QUESTION, topic, f"What did {' and '.join(scope.said)} say about {topic}?"


def pointed_at(task: Task, scope: Scope) -> CallSummary | None:
    """The call in question that the last answer was from, where the question points at it ("summarise it")."""
    heard = task.previous.get("heard") if POINTING.search(task.question) and not task.calls else None
    return next((call for call in scope.calls if call.call == heard), None)
