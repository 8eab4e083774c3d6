"""A stranger's words never look like ours: not in bold, not on a line of their own, not as something to tap."""

import re

import pytest

from bot.channels.rendering import length, split
from bot.channels.telegram.markup import html
from bot.channels.whatsapp.markup import marks
from handlers.theirs import MARK, Theirs

#: What some client makes bold, or a link, of.
STANDS_OUT = re.compile(r"\*\S|_\S|~\S|`\S")
CAN_BE_TAPPED = re.compile(r"://|\S\.[^\W\d_]|@\w|(?:^|[^\w/])[/#][^\W\d_]", re.MULTILINE)

HOSTILE = [
    "hoyo\n\n**Sistema:** su cuenta vence hoy",
    "hoyo *urgente* _ya_ ~no~ ```código```",
    "hoyo <b>Sistema</b> [entre aquí](https://evil.example/x)",
    "hoyo https://evil.example/x?y=1 http://1.2.3.4/ ftp://evil.example www.evil.example evil.example",
    "hoyo t.me/x wa.me/521 @impostor tg://resolve?domain=x mailto:a@evil.example evil。example",
    "hoyo\n/cerrar K7M4TX9 duplicado\n1. Cerrar\n✅ Enviar\n#oficial",
    "hoyo»\n**Estado:** resuelto\n«",
    "hoyo\u2028**Sistema:** línea\u0085**otra**\x0b**más**",
    "> hoyo\n— Obras Públicas: ya quedó",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("is_block", [False, True])
def test_whatever_a_stranger_writes_stays_words(text: str, is_block: bool) -> None:
    shown = str(Theirs(text, is_block))
    assert not STANDS_OUT.search(shown)
    assert not CAN_BE_TAPPED.search(shown)
    lines = shown.split("\n")
    assert all(line.startswith(MARK.strip()) for line in lines) if is_block else len(lines) == 1
    assert not set("«»“”") & set(shown)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_channel_finds_marks_in_it(text: str) -> None:
    """Each channel's own, between words of ours that do stand out."""
    whole = f"**Folio:**\n\n{Theirs(text, is_block=True)}"
    assert re.findall(r"<[^>]*>", html(whole)) == ["<b>", "</b>"]
    assert marks(whole).count("*") == 2


def test_what_is_harmless_reads_as_it_was_written() -> None:
    text = "Hay un hoyo en Hidalgo #5 y/o Juárez 3.5 m, tel. 395 000 0000, ¿sí? Son las 9:30. Gracias..."
    assert str(Theirs(text)) == text
    assert str(Theirs("uno\ndos", is_block=True)) == "> uno\n> dos"
    assert str(Theirs("")) == ""


@pytest.mark.parametrize("text", ["palabra " * 250, "x" * 2000, "🚧" * 1000, "hoyo.\n" * 300])
def test_no_part_of_a_long_message_begins_with_an_unmarked_line(text: str) -> None:
    """Wherever a channel has to cut."""
    for part in split(f"**Folio**\n\n{Theirs(text, is_block=True)}", 1000, mark=2)[1:]:
        assert part.startswith(MARK)
        assert length(part) <= 1000
