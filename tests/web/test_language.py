"""Which language a page is in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.language import preferred


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "es"),
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("en-US,en;q=0.9,es;q=0.8", "en"),
        ("de,en;q=0.3,es;q=0.7", "es"),
        ("de;q=0.9, en-GB;q=0.8", "en"),
        ("fr,de", "es"),
        ("en;q=0,es;q=0.1", "es"),
        ("*;q=oops,,;,en", "en"),
        ("en;q=0.5,es;q=0.5", "en"),
        ("EN-us", "en"),
        ("en-Latn-US", "en"),
        ("es-419", "es"),
        ("en ; q=0.8 , es; Q=0.9", "es"),
        ("es;q=0.000,en;q=0.001", "en"),
        ("en;q=0", "es"),
        ("en;q=1.1,es;q=0.1", "es"),
        ("en;q=nan", "es"),
        ("en;q=-1", "es"),
        ("en;q=0.9;level=1", "es"),
        ("english", "es"),
        ("*", "es"),
        ("en_US", "es"),
        ("x" * 10_000 + ",en", "en"),
    ],
)
def test_the_browser_gets_the_language_it_likes_best(header: str, language: str) -> None:
    """Of those the town offers; Spanish where it likes none of them."""
    assert preferred(header, ("es", "en")) == language


@pytest.mark.parametrize(
    ("header", "language"),
    [("pt-BR,es;q=0.5", "pt-BR"), ("pt-PT,es;q=0.5", "es"), ("pt-br", "pt-BR"), ("nah,es;q=0.5", "nah")],
)
def test_a_language_with_a_country_is_found_as_the_town_writes_it(header: str, language: str) -> None:
    """The answer is always one of the town's own names, letter by letter."""
    assert preferred(header, (language, "es", "en")) == language


@given(header=st.text(alphabet="enszq=0.19;,-* \t\x00ñ", max_size=60))
def test_no_header_is_too_odd(header: str) -> None:
    """Whatever is sent, the page has a language."""
    assert preferred(header, ("es", "en")) in {"es", "en"}
