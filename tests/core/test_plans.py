"""A plan's hash covers everything it says, and a plan cannot be changed."""

import json
import math
from dataclasses import replace
from typing import Any, cast

import pytest

from core.errors import InvalidInputError
from core.identity import Label
from core.plans import Inverse, Plan, Step, canonical, plan_fields, plan_hash, read_plan

STEP = Step(
    system="pool",
    action="scale",
    target="gpu",
    arguments={"instances": 3, "zones": ["a", "b"]},
    before={"instances": 2},
    after={"instances": 3},
    inverse=Inverse("scale", {"instances": 2}),
)
PLAN = Plan("acme", "Scale the pool to 3", (STEP,), because=("Use is above 80 %",), label=Label.CONFIDENTIAL)


@pytest.mark.parametrize(
    "other",
    [
        replace(PLAN, tenant="other"),
        replace(PLAN, purpose="Scale the pool to 4"),
        replace(PLAN, because=()),
        replace(PLAN, label=Label.PUBLIC),
        replace(PLAN, steps=(STEP, STEP)),
        *(
            replace(PLAN, steps=(replace(STEP, **change),))
            for change in cast(
                list[dict[str, Any]],
                [
                    {"system": "crm"},
                    {"action": "stop"},
                    {"target": "cpu"},
                    {"arguments": {"instances": 4, "zones": ["a", "b"]}},
                    {"arguments": {"instances": "3", "zones": ["a", "b"]}},
                    {"arguments": {"instances": 3, "zones": ["b", "a"]}},
                    {"before": {"instances": 1}},
                    {"after": {}},
                    {"inverse": None},
                    {"inverse": Inverse("scale", {"instances": 1})},
                ],
            )
        ),
    ],
)
def test_whatever_a_plan_says_is_in_its_hash(other: Plan) -> None:
    assert plan_hash(other) != plan_hash(PLAN)


def test_the_order_in_which_fields_are_named_is_not_in_the_hash() -> None:
    turned = replace(STEP, arguments={"zones": ["a", "b"], "instances": 3})
    assert plan_hash(replace(PLAN, steps=(turned,))) == plan_hash(PLAN)


def test_a_plan_comes_back_from_its_own_text() -> None:
    again = read_plan(json.loads(canonical(plan_fields(PLAN))))
    assert again == PLAN
    assert plan_hash(again) == plan_hash(PLAN)


def test_nobody_can_change_what_a_step_was_given() -> None:
    given: dict[str, Any] = {"instances": 3, "zones": ["a"]}
    step = replace(STEP, arguments=given)
    given["zones"].append("b")
    given["instances"] = 9
    assert step.arguments == {"instances": 3, "zones": ("a",)}
    with pytest.raises(TypeError):
        cast(dict[str, Any], step.arguments)["instances"] = 9


@pytest.mark.parametrize("value", [math.nan, math.inf, "\ud800", object(), {1: 2}, {1, 2}])
def test_a_value_that_json_cannot_say_is_refused(value: Any) -> None:
    with pytest.raises(InvalidInputError):
        replace(STEP, arguments={"instances": value})


@pytest.mark.parametrize("name", ["system", "action", "target"])
def test_a_step_that_does_not_say_what_it_does_is_refused(name: str) -> None:
    with pytest.raises(InvalidInputError, match=name):
        replace(STEP, **{name: " "})  # type: ignore[arg-type]


def test_a_plan_needs_steps_and_a_purpose() -> None:
    with pytest.raises(InvalidInputError, match="steps"):
        replace(PLAN, steps=())
    with pytest.raises(InvalidInputError, match="purpose"):
        replace(PLAN, purpose="")


@pytest.mark.parametrize(
    "fields", [{}, {"tenant": "acme"}, {**plan_fields(PLAN), "steps": [{"system": "x"}]}, {"steps": 3}]
)
def test_what_is_no_plan_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError):
        read_plan(fields)
