from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.identity import Label, Principal
from memory.transcripts.model import Transcript
from models.citations import NEAREST, check
from models.embeddings import LexicalHashing
from models.entities import Entity
from models.evidence import Figure, Source
from models.extractive.evidence import coverage, enough_for, unheard
from models.extractive.expected import expected
from models.extractive.quotes import Preferences, chosen
from models.extractive.write import NOT_IN_MATERIAL, write
from models.language import Brief, Call, Form, Part, Sentence
from tests.memory.conversations import PRICE, ROUTES, conversation

CALL = Call(Principal("acme", "ruth"), "answer", datetime(2026, 3, 12, tzinfo=UTC))
WIN_RATE = Figure("win_rate", 43.0, "%", "43 %", "EMEA", "win_rate(region='EMEA')", "2026-03-01")


def _source(transcript: Transcript = PRICE, score: float = 0.7) -> Source:
    return Source(
        transcript.id, transcript.content_hash, transcript.title, Label.INTERNAL, transcript.utterances, score
    )


async def _written(brief: Brief, call: Call = CALL) -> list[Sentence]:
    """The sentences, each of which the citation check must let pass."""
    sentences = [sentence async for sentence in write(brief, call=call, enough=0.465)]
    for sentence in sentences:
        assert check(sentence, brief) is None, sentence
    return sentences


async def test_an_answer_quotes_who_said_it_and_when() -> None:
    brief = Brief(Form.ANSWER, "What does finance want before signing the renewal?", (_source(ROUTES, 0.5), _source()))
    (quoted,) = (line for line in await _written(brief) if "finance" in line.text)
    assert quoted.text.startswith('Ben Ode (buyer, 00:10): "')
    assert quoted.text.endswith('" [2]')
    assert "Our finance team wants 10 percent off before they sign." in quoted.text


async def test_a_citation_points_at_the_quoted_words() -> None:
    for sentence in await _written(Brief(Form.ANSWER, "What about the renewal price?", (_source(),))):
        (citation,) = sentence.sources
        assert citation.content_hash == PRICE.content_hash
        assert PRICE.text[slice(*citation.span)] in sentence.text


async def test_back_channels_are_never_cited() -> None:
    chatter = conversation(
        "chatter", [("Ben", "Yeah, right, okay."), ("Cleo", "Mm-hm. Sure, sure."), *[("Ben", "Yeah.")] * 5]
    )
    assert [s.text for s in await _written(Brief(Form.ANSWER, "Was it okay, right?", (_source(chatter),)))] == [
        NOT_IN_MATERIAL
    ]
    lines = await _written(Brief(Form.ANSWER, "renewal price", (_source(),)))
    assert not {1, 4} & {citation.turns[0] for line in lines for citation in line.sources}


async def test_weak_evidence_is_not_made_into_an_answer() -> None:
    question = "Which vaccines were approved in Norway?"
    (only,) = await _written(Brief(Form.ANSWER, question, (_source(score=0.2), _source(ROUTES, 0.1))))
    assert only == Sentence(NOT_IN_MATERIAL)


async def test_what_only_comes_nearest_is_said_to_be_just_that() -> None:
    question = "Which invoices went astray in the summer?"
    first, *nearest = await _written(Brief(Form.ANSWER, question, (_source(score=0.4),)))
    assert first == Sentence(NEAREST)
    assert 1 <= len(nearest) <= 3
    assert all(line.sources for line in nearest)


async def test_no_material_says_nothing() -> None:
    assert await _written(Brief(Form.ANSWER, "What about the price?")) == [Sentence(NOT_IN_MATERIAL)]


async def test_sources_picked_without_a_search_are_taken_as_they_are() -> None:
    lines = await _written(Brief(Form.ANSWER, "Which objections came up?", (_source(score=0.0),)))
    assert any("too high" in line.text for line in lines)


def test_the_one_who_is_asked_about_is_preferred() -> None:
    talk = conversation(
        "talk",
        [
            ("Anna Meyer", "The renewal price is fair for what the trucks get."),
            ("Ben Ode", "Our budget shrinks and that price is a stretch."),
        ],
    )
    assert chosen("What about the renewal price?", (_source(talk),))[0].said.speaker == "Anna Meyer"
    assert chosen("What did Ben say about the renewal price?", (_source(talk),))[0].said.speaker == "Ben Ode"


NAMESAKES = conversation(
    "talk",
    [
        ("Anna Meyer", "The renewal price is fair for what the trucks get."),
        ("Ben Ode", "Our budget shrinks and that renewal price is a stretch."),
        ("Cleo Nash", "I told the board that the renewal price will be signed in spring."),
    ],
)


@pytest.mark.parametrize(
    ("question", "speakers"),
    [
        ("What did Ben say about the renewal price?", {"Ben Ode"}),
        ("What was Cleo Nash's view of the renewal price?", {"Cleo Nash"}),
        ("What did Anna and Cleo think of the renewal price?", {"Anna Meyer", "Cleo Nash"}),
        ("Who told Ben about the renewal price?", {"Anna Meyer", "Ben Ode", "Cleo Nash"}),
    ],
)
def test_who_asks_for_somebody_s_words_gets_nobody_else_s(question: str, speakers: set[str]) -> None:
    everything = Preferences(floor=0.0)
    assert {one.said.speaker for one in chosen(question, (_source(NAMESAKES),), everything)} == speakers


def test_what_stands_near_to_the_question_is_preferred() -> None:
    talk = conversation(
        "talk",
        [
            ("Ben", "We spoke about trucks and the gate at some length."),
            ("Cleo", "Nobody there enjoys waiting four hours for a door."),
        ],
    )
    near = tuple(replace(said, score=score) for said, score in zip(talk.utterances, (0.6, 0.2), strict=True))
    assert chosen("How slow is unloading?", (replace(_source(talk), utterances=near),))[0].said.speaker == "Ben"
    assert chosen("How slow is unloading?", (_source(talk),))[0].said.speaker == "Cleo"


def test_a_few_words_may_be_the_amount_or_the_day_that_is_asked_for() -> None:
    talk = conversation(
        "talk", [("Cleo", "What does the renewal come to for all the trucks?"), ("Ben", "It's $412,000.")]
    )
    quoted = [one.text for one in chosen("How much is the renewal?", (_source(talk),), Preferences(floor=0.0))]
    assert "It's $412,000." in quoted
    quoted = [one.text for one in chosen("Who wants the renewal?", (_source(talk),), Preferences(floor=0.0))]
    assert "It's $412,000." not in quoted


NORTHPIER = Entity("competitor", "Northpier", ("North Pier",))


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("What did they say about Salesforce?", ["salesforce"]),
        ("What did they say about Northpier's yard?", []),
        ("What did they say about Slotwrite?", []),
        ("What did Anna say about Routely?", ["routely"]),
        ("What did Globex say in January, on Monday, about the CFO?", []),
        ("Salesforce or not?", []),
    ],
)
def test_a_name_that_nobody_said_is_noticed(question: str, missing: list[str]) -> None:
    talk = conversation("talk", [("Anna Meyer", "We looked at North Pier and Slotwright before the trucks came.")])
    known = (Entity("account", "Globex Corporation", ("Globex",)), NORTHPIER)
    assert unheard(question, (_source(talk),), known) == missing


async def test_a_question_about_a_name_that_nobody_said_has_no_answer() -> None:
    strong = (_source(score=0.9),)
    assert (await _written(Brief(Form.ANSWER, "What about the renewal price?", strong)))[0].sources
    [only] = await _written(Brief(Form.ANSWER, "What about the renewal price of Salesforce?", strong))
    assert only == Sentence(NOT_IN_MATERIAL)


def test_the_name_of_a_call_s_account_is_not_asked_of_its_words() -> None:
    talk = replace(
        conversation("talk", [("Ben", "We lost them over single sign-on in the ninth week.")]), title="Pellam review"
    )
    assert coverage("Why was Pellam lost?", (_source(talk),)) == 1


async def test_what_somebody_pays_is_answered_with_an_amount() -> None:
    talk = conversation(
        "talk",
        [
            ("Ben", "What we pay you for the yard is something that we pay year after year without a thought."),
            ("Anna", "For the yard it comes to $82,800, the same as in the two years before that."),
        ],
    )
    assert chosen("What do we pay for the yard?", (_source(talk),))[0].said.speaker == "Anna"


def test_when_asks_for_a_day_only_where_it_asks() -> None:
    assert expected("When is the contract up?")
    assert expected("What was offered, and until when?")
    assert expected("What did they think of the case when discussing the design?") is None


async def test_quotations_stand_in_the_order_in_which_they_were_said() -> None:
    talk = conversation(
        "talk",
        [
            ("Ben", "First the renewal needs somebody from vendor onboarding."),
            ("Cleo", "Second the renewal budget needs approval by finance people."),
        ],
    )
    question = "Who gives approval of the renewal budget?"
    assert chosen(question, (_source(talk),))[0].said.speaker == "Cleo"
    lines = await _written(Brief(Form.ANSWER, question, (_source(talk),)))
    assert [line.sources[0].turns[0] for line in lines] == [0, 1]


async def test_sentences_left_out_of_a_quotation_are_marked() -> None:
    sentences = [
        "The renewal price went up by nine percent.",
        "So it is.",
        "The renewal budget shrank by a fifth this year.",
    ]
    talk = conversation("talk", [("Ben", " ".join(sentences))])
    (line,) = await _written(Brief(Form.ANSWER, "How do renewal price and renewal budget compare?", (_source(talk),)))
    assert f'"{sentences[0]} … {sentences[2]}"' in line.text


async def test_quotation_marks_inside_a_quotation_do_not_end_it() -> None:
    talk = conversation(
        "talk", [("Ben", 'He told us "the renewal price is final" and “take it or leave it” yesterday.')]
    )
    (line,) = await _written(Brief(Form.ANSWER, "renewal price", (_source(talk),)))
    assert line.text.count('"') == 2
    assert "'the renewal price is final'" in line.text


async def test_a_mark_spoken_in_a_call_is_not_taken_for_a_citation() -> None:
    talk = conversation("talk", [("Ben", "The renewal price is fine, see the contract [2] for all of it.")])
    assert await _written(Brief(Form.ANSWER, "renewal price", (_source(talk),))) == [Sentence(NOT_IN_MATERIAL)]


async def test_a_turn_shown_by_two_sources_is_quoted_once() -> None:
    lines = await _written(Brief(Form.ANSWER, "renewal price", (_source(), replace(_source(), score=0.6))))
    assert len({line.text for line in lines}) == len(lines)
    assert len({citation.span for line in lines for citation in line.sources}) == len(lines)


async def test_figures_pass_through_as_they_are_bound() -> None:
    (line,) = await _written(Brief(Form.ANSWER, "What is our win rate?", figures=(WIN_RATE,)))
    assert line == Sentence("Win rate, EMEA: 43 % (as of 2026-03-01).", (), (WIN_RATE,))


async def test_a_summary_has_its_parts_in_order_and_says_what_it_is() -> None:
    talk = conversation(
        "talk",
        [
            ("Anna Meyer", "Thanks for the time, and next week we will send the revised quote to your office."),
            ("Ben Ode", "Currently our team plans every delivery route in a spreadsheet by hand."),
            ("Ben Ode", "It is a problem because dispatchers make mistakes and drivers wait for hours."),
            ("Ben Ode", "Honestly the price is too high and I am worried about the rollout."),
            ("Ben Ode", "We also talked to Routely about their planning product last month."),
        ],
    )
    call = replace(CALL, entities=(Entity("competitor", "Routely"),))
    texts = [s.text for s in await _written(Brief(Form.SUMMARY, "Summarize the call", (_source(talk),)), call)]
    assert texts[0] == "This summary is extractive: every line is a quotation."
    assert [text for text in texts if text.endswith(":")] == [
        "Situation:",
        "Pain:",
        "Objections:",
        "Competitors:",
        "Next steps:",
    ]
    under = {heading: texts[texts.index(heading) + 1] for heading in texts if heading.endswith(":")}
    assert "spreadsheet" in under["Situation:"]
    assert "mistakes" in under["Pain:"]
    assert "too high" in under["Objections:"]
    assert "Routely" in under["Competitors:"]
    assert "revised quote" in under["Next steps:"]


async def test_a_problem_is_quoted_from_the_buyer_rather_than_the_seller() -> None:
    problems = [
        f"There is a problem with {what} in this region." for what in ("loading", "parking", "invoices", "permits")
    ]
    seller = [("Anna Meyer", problem) for problem in problems[:3]]
    talk = conversation("talk", [*seller, ("Ben Ode", problems[3])])
    lines = await _written(Brief(Form.SUMMARY, "Summarize", (_source(talk),)))
    assert any(line.text.startswith("Ben Ode") and "problem" in line.text for line in lines)


async def test_a_summary_keeps_to_the_parts_it_is_given() -> None:
    part = Part("Risks", (("price", 2),))
    texts = [s.text for s in await _written(Brief(Form.SUMMARY, "Summarize", (_source(),), parts=(part,)))]
    assert texts[1] == "Risks:"
    assert all("Ben Ode (buyer, 00:10)" in text for text in texts[2:])


async def test_a_conversation_without_cues_is_summarised_all_the_same() -> None:
    texts = [s.text for s in await _written(Brief(Form.SUMMARY, "Summarize", (_source(ROUTES),)))]
    assert len(texts) > 2
    talk = conversation("talk", [("Ben", "The herons nest along the northern river bank every spring.")])
    texts = [s.text for s in await _written(Brief(Form.SUMMARY, "Summarize", (_source(talk),)))]
    assert texts[1:] == [
        "Summary:",
        'Ben (buyer, 00:00): "The herons nest along the northern river bank every spring." [1]',
    ]


@pytest.mark.parametrize("form", Form)
async def test_nothing_quotable_is_said_to_be_nothing(form: Form) -> None:
    silence = conversation("silence", [("Ben", "Yeah."), ("Cleo", "Okay.")])
    assert await _written(Brief(form, "What happened?", (_source(silence),))) == [Sentence(NOT_IN_MATERIAL)]


def test_every_embedder_has_its_own_measure_of_enough() -> None:
    assert enough_for(LexicalHashing.id) < enough_for("all-MiniLM-L6-v2@53aa51172d14")
    assert enough_for("somebody-elses-model") == enough_for(LexicalHashing.id)


async def test_little_similarity_is_made_up_for_by_the_questions_own_words() -> None:
    brief = Brief(Form.ANSWER, "Is the renewal price too high?", (_source(score=0.25),))
    assert await _written(brief) != [Sentence(NOT_IN_MATERIAL)]
    assert await _written(replace(brief, question="Is the bus late?")) == [Sentence(NOT_IN_MATERIAL)]


def test_an_amount_is_preferred_where_one_is_asked_for() -> None:
    said = ["The renewal discount is generous and helps us all a lot.", "Their offer of the renewal is 12 percent off."]
    talk = conversation("talk", [(f"Ben {i}", words) for i, words in enumerate(said)])
    assert chosen("Is there a discount on the renewal?", (_source(talk),))[0].text == said[0]
    assert chosen("How large is the offer of the renewal?", (_source(talk),))[0].text == said[1]
    talk = conversation(
        "talk",
        [("Ben", "The renewal discount is generous, honestly."), ("Cleo", "The renewal discount is 12 percent.")],
    )
    assert chosen("How large is the renewal discount?", (_source(talk),))[0].said.speaker == "Cleo"


async def test_the_call_that_a_question_names_is_quoted_before_a_more_similar_one() -> None:
    castellan = replace(_source(score=0.4), title="Castellan renewal")
    other = replace(_source(ROUTES, 0.45), title="Marrowfield routes")
    brief = Brief(Form.ANSWER, "What does Castellan want before the renewal?", (castellan, other))
    assert {line.sources[0].document for line in await _written(brief)} == {"price"}
