"""The WorkBench suite counts as it says, and reads the calls of the set's answers."""

import os
from pathlib import Path

import pytest

from core.errors import InvalidInputError
from evals.datasets.workbench.requests import Request, ToolCall, requests, tools
from evals.suites.workbench import Answered, arguments_of, by_request, by_template, measures_of
from models.language import Choice

ASKED = """query,answer,base_template
Drop them,"['email.delete_email.func(email_id=""1"")', 'email.delete_email.func(email_id=""2"")']",Drop {whom}
Tell raj 'Done',"['email.send_email.func(recipient=""raj@x.com"", subject=""Hi"", body=""Done"")']",Tell {name}
Drop none,[],Drop {whom}
"""
MAIL = ToolCall("email.send_email", {"recipient": "raj@x.com", "subject": "Hi", "body": "Done"})
PLOTS = tuple(ToolCall("analytics.create_plot", {"value_to_plot": one}) for one in ("total_visits", "user_engaged"))


def answered(calls: tuple[ToolCall, ...], *choices: Choice) -> Answered:
    return Answered(Request("…", "…", calls), choices)


def chosen(name: str, **arguments: str) -> Choice:
    return Choice(name, "…", 0.9, arguments)


def test_a_request_is_read_with_its_calls(tmp_path: Path) -> None:
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries/email.csv").write_text(ASKED, encoding="utf-8")

    dropping, telling, idle = requests(tmp_path)

    assert (dropping.tools, [call.arguments for call in dropping.calls]) == (
        ("email.delete_email",),
        [{"email_id": "1"}, {"email_id": "2"}],
    )
    assert (telling.calls, telling.template) == (
        (ToolCall("email.send_email", {"recipient": "raj@x.com", "subject": "Hi", "body": "Done"}),),
        "Tell {name}",
    )
    assert idle.calls == ()


def test_missing_requests_are_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="workbench"):
        requests(tmp_path)


def test_exactly_the_called_tools_are_right_and_a_request_without_calls_counts_apart() -> None:
    both = (MAIL, *PLOTS)
    judged = [
        answered((MAIL,), chosen("email.send_email")),
        answered((MAIL,), chosen("email.send_email"), chosen("email.reply_email")),
        answered(both, chosen("analytics.create_plot"), chosen("email.send_email")),
        answered((), chosen("email.send_email")),
        answered(()),
    ]
    assert measures_of(judged) == {
        "right_tool": 2 / 3,
        "first_tool": 2 / 3,
        "refused_where_nothing_is_called": 1 / 2,
        "right_tool_of_all": 3 / 5,
    }


def test_an_argument_is_right_with_all_its_values_and_only_for_a_chosen_tool() -> None:
    judged = [
        answered((MAIL,), chosen("email.send_email", recipient="raj@x.com", subject="Done")),
        answered(PLOTS, chosen("analytics.create_plot", value_to_plot="total_visits")),
        answered((MAIL,), chosen("email.reply_email", body="Done")),
    ]
    assert arguments_of(judged) == {
        "entity_arguments": 1, "entity_right": 1, "entity_wrong": 0,
        "enum_arguments": 1, "enum_right": 0, "enum_wrong": 1,
        "text_arguments": 2, "text_right": 0, "text_wrong": 1 / 2,
    }  # fmt: skip


def test_a_template_is_dealt_out_over_the_folds_or_lies_in_one() -> None:
    listed = [Request(str(n), template, ()) for template in ("one", "two") for n in range(5)]
    assert by_request(listed) == [0, 1, 2, 3, 4, 0, 1, 2, 3, 4]
    assert by_template(listed) == [0] * 5 + [1] * 5


@pytest.mark.skipif("SOPHIA_EVAL_DATA" not in os.environ, reason="SOPHIA_EVAL_DATA does not point at workbench")
def test_every_call_of_the_set_is_of_a_described_tool_and_its_arguments() -> None:
    described = {tool.name: set(tool.arguments) for tool in tools()}
    calls = [call for request in requests(Path(os.environ["SOPHIA_EVAL_DATA"]) / "workbench") for call in request.calls]
    assert {call.tool for call in calls} == set(described)
    assert [call for call in calls if set(call.arguments) - described[call.tool]] == []
