"""How a message looks where it is read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.rendering import length, plain, split
from bot.channels.telegram.markup import html as telegram_html
from bot.channels.whatsapp.markup import marks as whatsapp_marks
from bot.channels.whatsapp.markup import numbered
from handlers.messages import Choice, OutgoingMessage
from tests.fakes.telegram_rules import read_html


@pytest.mark.parametrize(
    ("text", "html", "marks"),
    [
        ("Folio **R-7Q2**", "Folio <b>R-7Q2</b>", "Folio *R-7Q2*"),
        ("a < b & **c > d**", "a &lt; b &amp; <b>c &gt; d</b>", "a < b & *c > d*"),
        ("**uno** y **dos**", "<b>uno</b> y <b>dos</b>", "*uno* y *dos*"),
        ("2 ** 3", "2 ** 3", "2 ** 3"),
        ("**sin pareja", "**sin pareja", "**sin pareja"),
        ("** suelto **", "** suelto **", "** suelto **"),
        ("**dos\nlíneas**", "<b>dos\nlíneas</b>", "*dos*\n*líneas*"),
        ("<script>", "&lt;script&gt;", "<script>"),
    ],
)
def test_what_stands_out_stands_out_on_each_channel(text: str, html: str, marks: str):
    """A resident's own signs are never taken for ours."""
    assert telegram_html(text) == html
    assert whatsapp_marks(text) == marks


def test_choices_without_buttons_are_numbered_and_controls_are_not():
    """A number always means a choice."""
    message = OutgoingMessage(
        "¿Qué falla?",
        choices=(Choice("a", "Fuga"), Choice("b", "Bache")),
        controls=(Choice("/atras", "Atrás"), Choice("/cancelar", "Cancelar")),
    )
    assert numbered(message) == "¿Qué falla?\n\n1. Fuga\n2. Bache\n\n_Atrás_ · _Cancelar_"


def test_a_long_text_is_cut_between_paragraphs():
    """Each part reads like a message."""
    text = "\n\n".join(f"Párrafo {number}: " + "palabra " * 20 for number in range(6))
    parts = split(text, 400)
    assert all(part.startswith("Párrafo") for part in parts)
    assert all(length(part) <= 400 for part in parts)


def test_one_word_as_long_as_two_messages_is_cut_all_the_same():
    """Nothing is too long to be sent."""
    assert split("a" * 250, 100) == ("a" * 100, "a" * 100, "a" * 50)


def test_what_stands_out_goes_on_standing_out_in_the_next_part():
    """No part holds half of a mark."""
    parts = split("uno **" + "dos " * 30 + "tres** cuatro", 60, mark=2)
    assert all(part.count("**") % 2 == 0 for part in parts)
    assert "".join(plain(part) for part in parts).replace(" ", "") == "uno" + "dos" * 30 + "trescuatro"


def test_an_emoji_is_not_cut_in_two():
    """A family stays together."""
    family = "👩‍👩‍👧‍👦"
    for filler in range(1, 14):
        parts = split("x" * filler + family * 4, 24)
        assert all(not part.startswith("\u200d") and not part.endswith("\u200d") for part in parts)


TEXTS = st.text(alphabet="ab ñ🚧.\n*<&\u0301\u200d", max_size=300) | st.lists(
    st.sampled_from(["**fuerte**", "palabra", "\n\n", " ", "🚧", "**dos\nlíneas**", "x" * 50]), max_size=40
).map("".join)


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.integers(20, 90))
def test_no_part_is_longer_than_the_limit_and_no_letter_is_lost(text: str, limit: int):
    """Whatever is written arrives, on either channel, in parts that the vendor takes."""
    for mark, rendered in ((0, plain), (2, whatsapp_marks)):
        parts = split(text, limit, mark=mark)
        assert all(length(rendered(part)) <= limit for part in parts)
        assert all(part.strip() for part in parts)
        kept = "".join("".join(part.split()) for part in parts).replace("*", "")
        assert kept == "".join(text.split()).replace("*", "")


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_telegram_can_read_what_we_mark_up(text: str):
    """Not one message fails for a sign in a resident's words."""
    assert read_html(telegram_html(text)) == plain(text)
