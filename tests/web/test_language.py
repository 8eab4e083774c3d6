"""Which language a page is in."""

import pytest

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
    ],
)
def test_the_browser_gets_the_language_it_likes_best(header: str, language: str) -> None:
    """Of those the town offers; Spanish where it likes none of them."""
    assert preferred(header, ("es", "en")) == language
