"""What every language keeps to, with a model or without one.

A suite for an implementation subclasses `LanguageContract` and gives the fixture `language`. It may say in `extracts`
that it supports the contract's schema, and in `answers` that it finds something to say of the contract's brief.
"""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel

from core.errors import SophiaError, UnsupportedError
from core.identity import Label, Principal
from models.citations import check
from models.entities import Entity
from models.language import Brief, Call, Form, Language, Option, Sentence
from tests.models.material import BRIEF

TERMS = Call(
    principal=Principal(tenant="acme", user="eva"),
    purpose="contract",
    now=datetime(2026, 11, 18, 9, 0, tzinfo=UTC),
    entities=(Entity("account", "Castellan", ("CST",)),),
)
OPTIONS: Sequence[Option] = (
    Option(
        name="calls.search",
        description="Finds what was said in sales calls about a topic with an account",
        examples=("What did the customer say about pricing?", "Which objections came up in the call?"),
        parameters={
            "type": "object",
            "properties": {
                "account": {"type": "string", "x-entity": "account"},
                "since": {"type": "string", "format": "date"},
            },
            "required": ["account"],
        },
    ),
    Option(
        name="metrics.read",
        description="Reads revenue metrics such as win rate, pipeline and quota attainment",
        examples=("What is our win rate this quarter?", "How large is the pipeline?"),
        parameters={"type": "object", "properties": {}},
    ),
)
QUESTION = "What did Castellan say about pricing in the call?"


class Outcome(BaseModel):
    """What a call led to."""

    owner: str | None = None


class LanguageContract:
    """The promises of the port."""

    async def test_a_choice_names_an_option_and_fits_its_schema(self, language: Language) -> None:
        chosen = await language.choose(QUESTION, OPTIONS, call=TERMS)

        assert [choice.name for choice in chosen] == ["calls.search"]
        for choice in chosen:
            assert choice.question
            assert 0.0 <= choice.confidence <= 1.0
            Draft202012Validator(dict(OPTIONS[0].parameters)).validate(dict(choice.arguments))

    async def test_a_required_argument_nobody_said_is_missing(self, language: Language) -> None:
        (choice,) = await language.choose("What did they say about pricing in the call?", OPTIONS, call=TERMS)

        assert "account" not in choice.arguments
        assert tuple(choice.missing) == ("account",)

    async def test_nothing_to_choose_from_is_out_of_scope(self, language: Language) -> None:
        assert list(await language.choose(QUESTION, (), call=TERMS)) == []

    async def test_an_extracted_field_stands_in_the_text(self, language: Language) -> None:
        text = "Let me see. Anna Meyer decides on Friday."
        try:
            found = await language.extract(Outcome, text, call=TERMS)
        except UnsupportedError:
            return

        assert found.spans.keys() == found.value.model_fields_set
        for start, end in found.spans.values():
            assert 0 <= start < end <= len(text)

    async def test_every_sentence_passes_the_citation_check(self, language: Language) -> None:
        sentences = await _written(language, BRIEF)

        assert sentences
        assert any(sentence.sources for sentence in sentences)
        for sentence in sentences:
            assert check(sentence, BRIEF, entities=TERMS.entities) is None

    async def test_without_material_nothing_is_claimed(self, language: Language) -> None:
        brief = Brief(form=Form.ANSWER, question=QUESTION)

        assert all(check(sentence, brief) is None for sentence in await _written(language, brief))

    async def test_a_reader_may_leave_early(self, language: Language) -> None:
        stream = language.write(BRIEF, call=TERMS)
        await anext(stream)
        assert isinstance(stream, AsyncGenerator)
        await stream.aclose()

        assert await _written(language, BRIEF)

    @pytest.mark.parametrize("label", list(Label))
    async def test_a_label_is_served_or_refused_never_ignored(self, language: Language, label: Label) -> None:
        """Above what it may see, a language raises one of our errors instead of answering."""
        terms = replace(TERMS, label=label, deadline=TERMS.now + timedelta(days=3650))
        try:
            assert await language.choose(QUESTION, OPTIONS, call=terms)
        except SophiaError as refused:
            assert label > Label.INTERNAL, refused  # noqa: PT017 - either outcome keeps the promise


async def _written(language: Language, brief: Brief) -> list[Sentence]:
    return [sentence async for sentence in language.write(brief, call=TERMS)]
