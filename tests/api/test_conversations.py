"""Conversations with the whole product: what is asked after an answer is meant after that answer."""

from dataclasses import dataclass

import pytest

from tests.api.served import JSON, Served

pytestmark = pytest.mark.asyncio(loop_scope="session")


@dataclass(frozen=True)
class Conversation:
    """Questions on one thread. The last answer has each of `says` and none of `omits`."""

    asked: tuple[str, ...]
    says: tuple[str, ...]
    omits: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return " / ".join(self.asked)


def talk(*asked: str, says: tuple[str, ...], omits: tuple[str, ...] = ()) -> Conversation:
    return Conversation(asked, says, omits)


CONVERSATIONS = (
    talk(
        "What is Dale's talk ratio?",
        "and the other rep?",
        says=("Talk ratio, Ingrid Solheim",),
        omits=("Dale", "Patience"),
    ),
    talk(
        "What is Ingrid's talk ratio?",
        "what about Dale?",
        says=("Talk ratio, Dale Pruitt",),
        omits=("Ingrid", "Patience"),
    ),
    talk(
        "How patient is Dale?",
        "and the other rep?",
        "and the other rep?",
        says=("Patience, Dale Pruitt",),
        omits=("Ingrid",),
    ),
    talk(
        "How did Omar sound on the renewal call?",
        "and Bev?",
        says=("Bev Tarkowski on Castellan: renewal",),
        omits=("Omar Belhadj on",),
    ),
    talk("What did Marrowfield object to?", "and Ossery?", says=("Grant Oyelaran",), omits=("Simone", "Teo")),
    talk("Which competitors came up with Ossery?", "and with Queensward?", says=("Northpier",), omits=("Camille",)),
    talk(
        "How dangerous is Slotwright?",
        "and Northpier?",
        says=("Threat level, Northpier",),
        omits=("Threat level, Slotwright",),
    ),
    talk(
        "How dangerous is Slotwright?",
        "and with Castellan?",
        says=("Slotwright on Castellan: renewal / Ledgerwell: 4 of 5",),
        omits=("Juniper",),
    ),
    talk("Compare the Ossery and Wexcombe demos", "what about Dale?", says=("Only on Ossery Home demo:",)),
    talk(
        "What did Marrowfield object to on the first call?",
        "and the other call?",
        says=("Simone Achterberg",),
        omits=("Lucille",),
    ),
    talk(
        "What was the talk ratio on the Ossery demo?",
        "and the other call?",
        says=("There is no other call with Ossery",),
    ),
    talk(
        "What was the mood of the Castellan QBR?",
        "and the other call?",
        says=("Castellan: renewal / Ledgerwell",),
        omits=("QBR",),
    ),
    talk(
        "How did Bev sound on the renewal call?",
        "and in the QBR?",
        says=("Bev Tarkowski on Castellan Tile & Stone QBR",),
        omits=("Omar",),
    ),
    talk(
        "What is Dale's talk ratio?",
        "and in the demo?",
        says=("Dale Pruitt on Ossery Home demo",),
        omits=("Sellers", "Patience"),
    ),
    talk(
        "What is the talk ratio of the Castellan renewal call?",
        "and the call before?",
        says=("Castellan Tile & Stone QBR Q4",),
        omits=("renewal", "Patience"),
    ),
    talk("What is the talk ratio of the Ossery demo?", "and the call before?", says=("There is no earlier call",)),
    talk(
        "Summarise the Castellan renewal call",
        "compare it with the last one",
        says=("Only on Castellan Tile & Stone QBR Q4:",),
    ),
    talk(
        "What was the talk ratio on the Ossery demo?",
        "Compare it with the Wexcombe demo",
        says=("Wexcombe demo", "Only on Ossery Home demo:"),
    ),
    talk(
        "Summarise the Castellan renewal call",
        "compare it with the QBR",
        says=("Only on Castellan Tile & Stone QBR Q4:",),
    ),
    talk("Compare the Ossery and Wexcombe demos", "and the other call?", says=("There is no other call with",)),
    talk(
        "What did Omar say about the migration?",
        "who said that?",
        says=("On Castellan Tile & Stone QBR Q4:", "Omar Belhadj (buyer, 05:00)"),
    ),
    talk(
        "What did Omar say about the migration?",
        "and before that?",
        says=("Priya Raghunathan (seller, 04:39)",),
        omits=("Omar Belhadj (buyer, 05:00)",),
    ),
    talk(
        "What did Omar say about the migration?",
        "and after that?",
        says=("Omar Belhadj (buyer, 05:05)",),
        omits=("05:00",),
    ),
    talk(
        "Give me a talk track for driver adoption",
        "who said that?",
        says=("On Juniper Row", "Ray Dupree (buyer, 04:03)", "Dale Pruitt"),
    ),
    talk("What was the talk ratio on the Ossery demo?", "why?", says=("the calls do not say",)),
    talk("Compare the Ossery and Wexcombe demos", "why?", says=("the calls do not say",)),
    talk("How dangerous is Northpier?", "why?", says=("What the level of Northpier on Queensward", "Malcolm Frye")),
    talk("What was the talk ratio on the Ossery demo?", "who said that?", says=("quotes nobody",)),
    talk(
        "Give me a talk track for driver adoption",
        "and for security?",
        says=("there is no talk track for it", "Grant Oyelaran"),
        omits=("Ray Dupree",),
    ),
    talk(
        "What works against security concerns?",
        "what about driver adoption?",
        says=("Overcome on Juniper Row", "Ray Dupree"),
    ),
    talk(
        "Give me a talk track for driver adoption",
        "Summarise the last call",
        says=("This summary is extractive",),
        omits=("talk track",),
    ),
    talk(
        "Give me a talk track for driver adoption",
        "List all calls",
        says=("Ossery Home demo",),
        omits=("Overcome",),
    ),
    talk("What prices were named on the Juniper call?", "what about Ossery?", says=("$1,150",), omits=("66,600",)),
    talk("What is Dale's talk ratio?", "and last quarter's revenue?", says=("Revenue",), omits=("Talk ratio",)),
    talk(
        "Compare the Ossery and Wexcombe demos", "What did Marrowfield object to?", says=("Simone",), omits=("Camille",)
    ),
)


COMPARISONS = (
    (
        "What's different between the QBR and the renewal at Castellan?",
        ("Castellan Tile & Stone QBR Q4", "Castellan: renewal / Ledgerwell"),
    ),
    ("Compare Dale's last two calls", ("Castellan: renewal / Ledgerwell", "Queensward: Rock Hill / Gastonia")),
    (
        "What changed between the first and the second call with Marrowfield?",
        ("Marrowfield Foods <> Tallowby: intro", "Marrowfield order form w/ procurement"),
    ),
    (
        "How does Dale's Juniper call differ from his Queensward call?",
        ("Juniper Row <> Tallowby: numbers", "Queensward: Rock Hill / Gastonia"),
    ),
    ("compare the ossery and wexcombe demos", ("Ossery Home demo", "Wexcombe demo, two buildings")),
)


@pytest.mark.parametrize(("question", "titles"), COMPARISONS)
async def test_a_comparison_is_of_the_calls_that_are_meant(
    served: Served, question: str, titles: tuple[str, str]
) -> None:
    async with served.client() as client:
        response = await client.post("/v1/chat", json={"question": question}, headers=JSON)
    answer = response.json()["answer"]
    compared = {
        line.removeprefix("Only on ").removesuffix(":")
        for line in answer["text"].splitlines()
        if line.startswith("Only on ")
    }
    assert compared == set(titles), answer["text"]
    assert answer["sources"]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Compare the Ossery demo", "There is nothing to compare Ossery Home demo with"),
        ("Compare the last two calls with Palisade", "There is nothing to compare Palisade Cold Storage: renewal with"),
        ("Compare our calls", "Which calls do you mean?"),
    ],
)
async def test_of_one_call_it_is_said_that_there_is_nothing_to_compare_it_with(
    served: Served, question: str, said: str
) -> None:
    async with served.client() as client:
        response = await client.post("/v1/chat", json={"question": question}, headers=JSON)
    assert said in response.json()["answer"]["text"]


@pytest.mark.parametrize("told", CONVERSATIONS, ids=[one.name for one in CONVERSATIONS])
async def test_a_question_is_meant_after_the_answer_before_it(served: Served, told: Conversation) -> None:
    thread: dict[str, str] = {}
    async with served.client() as client:
        for question in told.asked:
            response = await client.post("/v1/chat", json={"question": question, **thread}, headers=JSON)
            assert response.status_code == 200, response.text
            thread = {"thread": response.json()["thread"]}
    answer = response.json()["answer"]["text"]
    assert [words for words in told.says if words not in answer] == [], answer
    assert [words for words in told.omits if words in answer] == [], answer


async def test_a_question_that_is_mostly_marks_is_answered_like_any_other(served: Served) -> None:
    async with served.client() as client:
        first = await client.post("/v1/chat", json={"question": "How dangerous is Slotwright?"}, headers=JSON)
        marks = {"question": "!" * 3000 + " a b c d e f g", "thread": first.json()["thread"]}
        response = await client.post("/v1/chat", json=marks, headers=JSON)
    assert response.status_code == 200, response.text
