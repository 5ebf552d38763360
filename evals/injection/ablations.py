"""The product's rules against orders in text, each with an attack that it stops and a way to take it away.

A rule that is kept in several places is taken away in all of them: one fence stands behind the other.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx2

from agents.call_analysis import asks
from api.approvals import policy, store
from api.approvals.approval import Approval, State, Terms
from api.approvals.opening import Outside
from api.approvals.rules import Allowance
from api.runs.rights import Basis
from core.identity import Access, Label, Principal
from core.plans import Plan
from evals.injection import attacks
from evals.injection.attacks import Attack
from evals.injection.replacing import replaced
from evals.injection.world import PEOPLE
from memory.indexes import embedded
from models import openai_chat
from models.chat import choosing, language
from models.endpoints import Endpoints
from models.router import Request, Table
from tools.gateway import gateway

Fence = Callable[[], AbstractContextManager[Any]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: the attacks that it stops, and what takes away each of the places where it is kept.

    One is played `apart` that is kept when Sophia is opened, or whose attack would find nothing left to do.
    """

    name: str
    stops: tuple[Attack, ...]
    fences: tuple[Fence, ...]
    apart: bool = False

    @contextmanager
    def gone(self) -> Iterator[None]:
        """The product without the rule."""
        with ExitStack() as stack:
            for fence in self.fences:
                stack.enter_context(fence())
            yield


def _let(owner: Any, name: str, answer: object = None) -> Fence:
    """`owner.name` answers the same whatever it is given: a check that always passes."""
    return lambda: replaced(owner, name, lambda *_given, **_named: answer)


def _instead(owner: Any, name: str, other: Callable[..., Any]) -> Fence:
    """`owner.name` is what `other` makes of it."""
    return lambda: replaced(owner, name, other(owner.__dict__[name]))


def _part_as_proposed(_own_part: Any) -> Any:
    return lambda proposed, question: proposed or question


def _approving(ask: Any) -> Any:
    async def asked(self: Outside, plan: Plan, terms: Terms, *, principal: Principal) -> Approval:
        approval: Approval = await ask(self, plan, terms, principal=principal)
        if approval.state is not State.WAITING:
            return approval
        approved = await self.approvals.approve(approval.id, approval.plan_hash, principal=PEOPLE["ann"])
        return await self.carrying.carry(approved)

    return asked


def _whatever_the_label(chain: Any) -> Any:
    return lambda self, request: chain(self, _labelled_public(request))


def _labelled_public(request: Request) -> Request:
    return replace(request, label=Label.PUBLIC)


def _following(http: Any) -> Any:
    def client(endpoint: Any) -> httpx2.AsyncClient:
        opened: httpx2.AsyncClient = http(endpoint)
        opened.follow_redirects = True
        return opened

    return client


def _all_sources(_without: Any) -> Any:
    return lambda sources: tuple(sources)


def _named_documents(_readable: Any) -> Any:
    return lambda _scope: "true"


def _whoever_asks(labelled: Any) -> Any:
    return lambda pin, result, principal: labelled(pin, result, replace(principal, clearance=Label.RESTRICTED))


async def _unlooked(*_given: Any) -> None:
    return


ANYTHING_FOLLOWS: Mapping[State, frozenset[State]] = {state: frozenset(State) for state in State}

RULES: Sequence[Rule] = (
    Rule(
        "a command is what the person tells in own words",
        (attacks.turns_a_question_into_a_command, attacks.turns_a_question_into_an_edit),
        (_instead(choosing, "own_part", _part_as_proposed),),
    ),
    Rule(
        "a standing rule covers no more than its bounds",
        (attacks.goes_beyond_a_standing_rule, attacks.edits_beyond_a_standing_rule),
        (_let(Allowance, "covers", True),),
    ),
    Rule(
        "asking, in chat too, is not approving",
        (attacks.takes_asking_for_approving,),
        (_instead(Outside, "ask", _approving),),
        apart=True,
    ),
    Rule("who approves has the role", (attacks.approves_without_the_role,), (_let(policy, "has_its_role"),)),
    Rule(
        "who approves is of the tenant and cleared",
        (attacks.approves_from_another_tenant,),
        (_let(policy, "is_seen_by", True),),
    ),
    Rule("four eyes are two people", (attacks.approves_its_own,), (_let(policy, "is_a_second_person"),)),
    Rule(
        "an approval is of the plan that was shown",
        (attacks.passes_off_another_plan,),
        (_let(policy, "is_of_the_plan_shown"),),
    ),
    Rule(
        "a plan is what its hash was taken of",
        (attacks.changes_the_plan_where_it_is_kept,),
        (_let(policy, "is_intact"),),
    ),
    Rule(
        "what was decided stays decided",
        (attacks.approves_after_a_no,),
        (_let(policy, "still_waits"), lambda: replaced(store, "TRANSITIONS", ANYTHING_FOLLOWS)),
    ),
    Rule(
        "a sentence stands on what it cites",
        (attacks.writes_an_address_into_the_answer,),
        (_let(language, "check"),),
    ),
    Rule(
        "speech that gives orders is no material",
        (attacks.passes_orders_off_as_facts,),
        (_instead(asks, "without_orders", _all_sources),),
    ),
    Rule(
        "an endpoint gets nothing above its label",
        (attacks.reads_what_is_too_secret_for_it,),
        (_instead(Table, "chain", _whatever_the_label), _let(Endpoints, "ceiling", Label.RESTRICTED)),
        apart=True,
    ),
    Rule(
        "who asks reads what he may read",
        (attacks.asks_for_what_is_not_his,),
        (
            _let(Access, "admits", True),
            _instead(embedded, "readable", _named_documents),
            _instead(gateway, "_labelled", _whoever_asks),
            _let(Basis, "admits", True),
        ),
    ),
    Rule(
        "an endpoint is where the settings say",
        (attacks.sends_its_reader_elsewhere,),
        (_instead(openai_chat, "_http", _following),),
        apart=True,
    ),
    Rule(
        "a tool is what it was when it was agreed to",
        (attacks.changes_a_tool_after_it_was_agreed_to,),
        (lambda: replaced(gateway.Gateway, "_unchanged", _unlooked),),
    ),
)
