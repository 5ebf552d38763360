"""What a question about platforms wants, by its words."""

import pytest

from agents.infrastructure.asked import Size, action, asks_for_all, named, readings, size
from agents.infrastructure.intents import Intent, asks_what_if, intent_of
from tools.servers.platform_results import PlatformName

PLATFORMS = (
    PlatformName(name="sophia", title="Sophia"),
    PlatformName(name="gpu-pool", title="GPU pool"),
    PlatformName(name="chat", title="chat endpoint"),
)


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("Status of the GPU pool", Intent.STATUS),
        ("Is anything down?", Intent.STATUS),
        ("How long is the message queue?", Intent.STATUS),
        ("How much does the GPU pool cost us per hour?", Intent.COST),
        ("Cloud bill by service", Intent.COST),
        ("Open incidents", Intent.HISTORY),
        ("What caused last night's outage?", Intent.HISTORY),
        ("Who restarted Redis, and when?", Intent.HISTORY),
        ("Did the deploy go through?", Intent.HISTORY),
        ("Scale the GPU pool to 3", Intent.PLAN),
        ("Could you please restart the chat endpoint", Intent.PLAN),
        ("Roll back the last deployment", Intent.PLAN),
        ("What would it cost to scale the GPU pool to 4?", Intent.PLAN),
    ],
)
def test_a_question_is_of_one_kind(question: str, intent: Intent) -> None:
    assert intent_of(question) is intent


@pytest.mark.parametrize(
    ("question", "what_if"),
    [
        ("Scale the GPU pool to 3", False),
        ("Please add two GPUs", False),
        ("What would it cost to scale the GPU pool to 4?", True),
        ("Can we scale the GPU pool to 5?", True),
        ("can I get two more GPUs?", True),
        ("How much would 4 instances of the GPU pool cost?", False),
    ],
)
def test_a_question_of_what_would_be_is_no_order(question: str, what_if: bool) -> None:
    assert asks_what_if(question) is what_if


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Scale the GPU pool to 3", Size(3)),
        ("Scale the workers to six replicas", Size(6)),
        ("Reduce the replicas of the reranker to one", Size(1)),
        ("Add another node to the GPU pool", Size(more=1)),
        ("Shrink the GPU pool by two", Size(more=-2)),
        ("give the GPU pool 2 more", Size(more=2)),
        ("Add two GPUs", Size(more=2)),
        ("Make it 4 instances", Size(4)),
        ("Scale up the GPU pool", None),
    ],
)
def test_a_size_is_read_as_told(question: str, found: Size | None) -> None:
    assert size(question) == found
    assert Size(more=-2).of(3) == 1


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Status of the GPU pool", ["gpu-pool"]),
        ("how are the GPUs", ["gpu-pool"]),
        ("Why is Sophia so slow, and the chat endpoint?", ["sophia", "chat"]),
        ("Is the connection pool full?", []),
        ("Latency of the endpoint", []),
    ],
)
def test_a_platform_is_known_by_a_word_that_is_its_own(question: str, names: list[str]) -> None:
    assert [one.name for one in named(question, PLATFORMS)] == names


def test_numbers_actions_and_everything_are_known_by_their_words() -> None:
    assert readings("Are we running out of disk, or of memory?") == {"disk_free", "memory_mib"}
    assert (action("Restart the chat endpoint"), action("Bring it back online")) == ("restart", "start")
    assert asks_for_all("Is anything down?")
    assert not asks_for_all("Is the HubSpot integration healthy?")
