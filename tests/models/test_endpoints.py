"""The file that names chat models."""

import sys
from pathlib import Path

import pytest

from core.errors import InvalidInputError, UnsupportedError
from core.identity import Label
from evals.outside.openai_peer import calls
from models.endpoints import Endpoints, open_endpoints, read_endpoints
from models.language import Option
from models.router import Arm, Rule, Table, table
from tests.models.chatting import call, chat

WHOLE = """
endpoints:
  frontier: {base_url: "https://api.example/v1", model: big, api_key_env: BIG_KEY, timeout: 30}
  candidate: {base_url: "https://api.example/v1", model: bigger, api_key_env: BIG_KEY}
  workshop: {base_url: "http://127.0.0.1:8080/v1", model: small, local: true, extra_body: {cache_prompt: true}}
routing:
  remote_up_to: confidential
  default: [frontier, workshop]
  rules:
    - {deadline_under: 3, chain: [workshop]}
    - {verb: choose, chain: [workshop, frontier]}
  arms:
    - {name: bigger, share: 0.1, instead_of: frontier, use: candidate}
"""


def read(tmp_path: Path, text: str) -> Endpoints:
    path = tmp_path / "models.yaml"
    path.write_text(text, encoding="utf-8")
    return read_endpoints(path)


def test_the_file_becomes_a_routing_table(tmp_path: Path) -> None:
    config = read(tmp_path, WHOLE)

    assert table(config) == Table(
        default=("frontier", "workshop"),
        local=frozenset({"workshop"}),
        remote_up_to=Label.CONFIDENTIAL,
        rules=(Rule(("workshop",), deadline_under=3.0), Rule(("workshop", "frontier"), verb="choose")),
        arms=(Arm("bigger", 0.1, "frontier", "candidate"),),
    )
    assert config.ceiling("frontier") is Label.CONFIDENTIAL
    assert config.ceiling("workshop") is Label.RESTRICTED


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("endpoints: [", "no YAML"),
        ("", "the file"),
        ("endpoints: {}\nrouting: {default: [a]}", "endpoints"),
        ("endpoints: {a: {base_url: 'x', model: m}}\nrouting: {default: [a]}", "endpoints.a.base_url"),
        (
            "endpoints: {a: {base_url: 'http://h', model: m, api_key: k}}\nrouting: {default: [a]}",
            "endpoints.a.api_key",
        ),
        ("endpoints: {a: {base_url: 'http://h', model: m}}\nrouting: {default: [b]}", "'b'"),
        (
            "endpoints: {a: {base_url: 'http://h', model: m}}\nrouting: {default: [a], remote_up_to: open}",
            "remote_up_to",
        ),
    ],
)
def test_a_wrong_file_is_told_where_it_is_wrong(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(InvalidInputError, match=says):
        read(tmp_path, text)


def test_a_key_written_into_the_file_is_not_repeated(tmp_path: Path) -> None:
    text = "endpoints: {a: {base_url: 'http://h', model: m, api_key: sk-secret}}\nrouting: {default: [a]}"
    with pytest.raises(InvalidInputError) as refused:
        read(tmp_path, text)

    assert "sk-secret" not in str(refused.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"gone\.yaml"):
        read_endpoints(tmp_path / "gone.yaml")


async def test_a_missing_key_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="BIG_KEY"):
        async with open_endpoints(read(tmp_path, WHOLE), {"OTHER_KEY": "x"}):
            pass


async def test_without_the_extra_the_remedy_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "models.openai_chat", raising=False)
    monkeypatch.setitem(sys.modules, "langchain_openai", None)
    with pytest.raises(UnsupportedError, match=r"pip install 'sophia-orchestrator\[openai\]'"):
        async with open_endpoints(read(tmp_path, WHOLE), {"BIG_KEY": "x"}):
            pass


@pytest.mark.parametrize(("key", "sent"), [("sk-1", "sk-1"), (None, "none")])
async def test_only_the_given_key_is_sent(monkeypatch: pytest.MonkeyPatch, key: str | None, sent: str) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-from-elsewhere")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("OPENAI_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    async with chat(calls(), key=key, local=True) as (language, peer):
        await language.choose("?", [Option("a", "b")], call=call())

    assert peer.keys == [sent]
