import sys
import unicodedata

import pytest

from memory.transcripts.cleaning import clean, clean_name, clean_title


def test_no_invisible_character_stays_but_the_joiners() -> None:
    formatting = {c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c) == "Cf"}
    invisible = formatting | {chr(c) for c in range(0xE0100, 0xE01F0)} | {"\u3164", "\u180e"}
    joiners = {"\u200c", "\u200d"}
    assert {c for c in invisible if clean(f"a{c}b") != "ab"} == joiners
    assert {clean(f"a{c}b") for c in joiners} == {"a\u200cb", "a\u200db"}


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ('Anna (buyer): "we sign"', "Anna buyer we sign"),
        ("“Anna” „Meyer‟ «CFO»", "Anna Meyer CFO"),
        ("[Anna] <b>Meyer</b>", "Anna b Meyer /b"),
        ("Anna:", "Anna"),
        ("Anna:(x)", "Anna x"),
        ("Anna:：x", "Anna x"),
        ("Anna  \t Meyer", "Anna Meyer"),
        ("O'Neil d’Arc", "O'Neil d’Arc"),
        (
            "The Chair (Hon. Anthony Rota (NipissingTimiskaming, Lib.))",
            "The Chair Hon. Anthony Rota NipissingTimiskaming, Lib.",
        ),
        ("([<>])", ""),
        ("a" * 101, "a" * 100),
        ("a" * 99 + ":b", "a" * 99),
    ],
)
def test_a_name_cannot_look_like_an_attribution_or_a_quotation(name: str, cleaned: str) -> None:
    assert clean_name(name) == cleaned


@pytest.mark.parametrize(
    ("title", "cleaned"),
    [
        ("Marrowfield Foods <> Tallowby: intro", "Marrowfield Foods <> Tallowby: intro"),
        ("Pellam Paper closed lost review (internal)", "Pellam Paper closed lost review (internal)"),
        ('Call" [1] «Anna»: “we sign”', "Call 1 Anna : we sign"),
        ("<script>alert(1)</script>", "script alert(1) /script"),
        ("a <img src=x", "a img src=x"),
        ('<"b>', "< b>"),
        ("a" * 301, "a" * 300),
    ],
)
def test_a_title_cannot_look_like_a_quotation_or_a_tag(title: str, cleaned: str) -> None:
    assert clean_title(title) == cleaned
