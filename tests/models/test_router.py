"""Which endpoint is asked, and who stands in for it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from core.errors import DeadlineError, ForbiddenError, RateLimitedError, RejectedError, SophiaError, UnavailableError
from core.identity import Label
from core.resilience import Breaker, State
from models.budget import TokenBudget
from models.router import Arm, Request, Routed, Rule, Table
from tests.models.chatting import NOW, call
from tests.models.material import BRIEF
from tests.models.speaking import Speaker, down

QUIET = Request(verb="write", label=Label.INTERNAL, principal="acme/eva", size=100)
TABLE = Table(
    default=("far", "near"),
    local=frozenset({"near", "nearer"}),
    rules=(
        Rule(("verbal", "near"), verb="choose"),
        Rule(("deep", "near"), complexity_over=4_000),
        Rule(("cheap", "near"), budget_under=2_000),
        Rule(("quick", "nearer"), deadline_under=3.0),
        Rule(("quickest",), verb="choose", deadline_under=3.0),
    ),
)


@pytest.mark.parametrize(
    ("changes", "chain"),
    [
        ({}, ("far", "near")),
        ({"verb": "choose"}, ("verbal", "near")),
        ({"size": 5_000}, ("deep", "near")),
        ({"size": 5_000, "verb": "choose"}, ("deep", "near")),
        ({"size": 5_000, "tokens_left": 1_000}, ("cheap", "near")),
        ({"tokens_left": 3_000}, ("far", "near")),
        ({"size": 5_000, "tokens_left": 1_000, "seconds_left": 2.0}, ("quick", "nearer")),
        ({"seconds_left": 4.0}, ("far", "near")),
        ({"label": Label.CONFIDENTIAL}, ("near",)),
        ({"label": Label.RESTRICTED, "seconds_left": 2.0}, ("nearer",)),
        ({"label": Label.RESTRICTED, "verb": "choose"}, ("near",)),
    ],
)
def test_the_table_decides(changes: dict[str, object], chain: tuple[str, ...]) -> None:
    assert TABLE.chain(replace(QUIET, **changes)) == chain  # type: ignore[arg-type]


def test_a_chain_without_a_local_endpoint_is_empty_for_secrets() -> None:
    assert Table(default=("far",), local=frozenset()).chain(replace(QUIET, label=Label.RESTRICTED)) == ()


def test_an_arm_serves_its_share_and_always_the_same_people() -> None:
    arm = Arm("bigger", 0.25, instead_of="far", use="farther")
    table = replace(TABLE, arms=(arm,))
    people = [f"acme/{number}" for number in range(2_000)]
    served = [table.chain(replace(QUIET, principal=who))[0] for who in people]

    assert 0.2 < served.count("farther") / len(people) < 0.3
    assert served == [table.chain(replace(QUIET, principal=who))[0] for who in people]
    assert not Arm("none", 0.0, "far", "farther").takes("acme/1")


def test_an_arm_cannot_carry_a_secret_out() -> None:
    table = replace(TABLE, arms=(Arm("out", 1.0, instead_of="near", use="far"),))

    assert table.chain(replace(QUIET, label=Label.RESTRICTED)) == ()


def routed(*speakers: Speaker, last: Speaker | None = None, seconds: Callable[[], float] = lambda: 0.0) -> Routed:
    names = tuple(speaker.name for speaker in speakers)
    return Routed(
        {speaker.name: speaker for speaker in speakers},
        Table(default=names, local=frozenset({"near"})),
        last=last or Speaker("last"),
        breakers={name: Breaker(name, seconds, failures=2) for name in names},
        clock=lambda: NOW,
    )


async def asked(language: Routed, **terms: object) -> str:
    return (await language.choose("?", [], call=call(**terms)))[0].name


async def told(language: Routed, **terms: object) -> list[str]:
    return [one.text async for one in language.write(BRIEF, call=call(**terms))]


@pytest.mark.parametrize(
    "error", [down, lambda: RateLimitedError("busy", retry_after=1), lambda: RejectedError("refused")]
)
async def test_the_next_in_the_chain_stands_in(error: Callable[[], SophiaError]) -> None:
    assert await asked(routed(Speaker("far", error), Speaker("near"))) == "near"
    assert await told(routed(Speaker("far", error), Speaker("near"))) == ["near 0", "near 1"]


async def test_the_last_resort_needs_no_endpoint() -> None:
    assert await asked(routed(Speaker("far", down), Speaker("near", down))) == "last"
    assert await told(routed(Speaker("far", down))) == ["last 0", "last 1"]
    assert await asked(routed()) == "last"


async def test_what_was_shown_is_not_said_again() -> None:
    language = routed(Speaker("far", down, after=1), Speaker("near"))
    stream = language.write(BRIEF, call=call())

    assert (await anext(stream)).text == "far 0"
    with pytest.raises(UnavailableError):
        await anext(stream)


async def test_an_endpoint_with_nothing_to_show_has_not_answered() -> None:
    assert await told(routed(Speaker("far", sentences=0), Speaker("near"))) == ["near 0", "near 1"]


async def test_the_first_error_is_told_if_nobody_answers() -> None:
    def unsupported() -> SophiaError:
        return RejectedError("not by grammar")

    language = routed(Speaker("far", down), last=Speaker("last", unsupported))
    with pytest.raises(UnavailableError, match="down"):
        await asked(language)
    with pytest.raises(UnavailableError, match="down"):
        await told(language)
    with pytest.raises(RejectedError, match="grammar"):
        await asked(routed(last=Speaker("last", unsupported)))


async def test_forbidden_is_final() -> None:
    with pytest.raises(ForbiddenError):
        await asked(routed(Speaker("far", lambda: ForbiddenError("no")), Speaker("near")))


@pytest.mark.parametrize("label", [Label.CONFIDENTIAL, Label.RESTRICTED])
async def test_secrets_reach_only_local_endpoints(label: Label) -> None:
    far, near = Speaker("far"), Speaker("near", down)
    language = routed(far, near)

    assert await asked(language, label=label) == "last"
    assert await told(language, label=label) == ["last 0", "last 1"]
    assert far.asked == []
    assert len(near.asked) == 2


async def test_a_secret_source_makes_the_call_secret() -> None:
    far = Speaker("far")
    secret = replace(BRIEF, sources=(replace(BRIEF.sources[0], label=Label.RESTRICTED),))
    texts = [one.text async for one in routed(far).write(secret, call=call(label=Label.PUBLIC))]

    assert texts == ["last 0", "last 1"]
    assert far.asked == []


async def test_an_endpoint_that_keeps_failing_is_left_alone_for_a_while() -> None:
    now = [0.0]
    far = Speaker("far", down)
    language = routed(far, Speaker("near"), seconds=lambda: now[0])
    for _ in range(4):
        assert await asked(language) == "near"
    assert len(far.asked) == 2

    far.fails = None
    now[0] = 31.0
    assert await asked(language) == "far"


async def test_a_reader_who_leaves_does_not_open_the_breaker() -> None:
    language = routed(Speaker("far"))
    for _ in range(3):
        stream = language.write(BRIEF, call=call())
        await anext(stream)
        await stream.aclose()  # type: ignore[attr-defined]

    assert language._breakers["far"].state is State.CLOSED


async def test_time_is_left_for_the_substitutes() -> None:
    far, near = Speaker("far", down), Speaker("near")
    await asked(routed(far, near), deadline=NOW + timedelta(seconds=10))

    assert far.asked[0].deadline == NOW + timedelta(seconds=7)
    assert near.asked[0].deadline == NOW + timedelta(seconds=10)


async def test_nobody_is_asked_after_the_deadline() -> None:
    far = Speaker("far")
    with pytest.raises(DeadlineError):
        await asked(routed(far), deadline=NOW)

    assert far.asked == []


async def test_what_is_left_to_spend_decides() -> None:
    table = Table(default=("far",), local=frozenset(), rules=(Rule(("cheap",), budget_under=1_000),))
    language = Routed(
        {"far": Speaker("far"), "cheap": Speaker("cheap")},
        table,
        last=Speaker("last"),
        breakers={name: Breaker(name, lambda: 0.0) for name in ("far", "cheap")},
        clock=lambda: NOW,
    )

    assert await asked(language, budget=TokenBudget(5_000)) == "far"
    assert await asked(language, budget=TokenBudget(500)) == "cheap"
