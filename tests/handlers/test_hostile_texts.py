"""What looks at the words of strangers takes time in proportion to them, and the counter takes no more for blanks."""

import random
import sys
from collections.abc import Callable

import pytest

from bot import logs
from bot.channels import rendering
from faq.emergencies import recognise
from faq.places.map_links import is_short_map_link, parse_map_link
from faq.places.said import find
from faq.search.services import closest
from faq.text import fold, gist, is_question, words
from handlers.cleaning import LINE_AT_MOST, TEXT_AT_MOST, clean, clean_line
from handlers.desk import invitation
from handlers.messages import Place
from handlers.redaction import redact
from handlers.ticket import folio
from tests.architecture.hostile import LONGEST, fault, plain_builds
from tests.handlers.counter import Counter, Talker, sample_town

LABELS = ("Bache o hoyo en la calle", "Alumbrado público", "Fuga de agua", "Basura", "Otra cosa")

READERS: dict[str, Callable[[str], object]] = {
    "clean": clean,
    "clean_line": clean_line,
    "fold": fold,
    "words": words,
    "gist": gist,
    "is_question": is_question,
    "emergencies": recognise,
    "map links": parse_map_link,
    "short map links": is_short_map_link,
    "labels": lambda text: closest(text, LABELS),
    "redaction": redact,
    "places said": lambda text: find(text, lambda _: False),
    "folios": folio.read,
    "invitations": invitation.read,
    "messages in parts": lambda text: rendering.split(text, 300, mark=7),
    "logs": logs.masked,
    "places": lambda text: sample_town().locate(Place(text=text)),
    "services": lambda text: sample_town().find_services(text),
    "lists of words": lambda text: sample_town().means(text, "yes"),
}

MADE_OF = (
    *("fuego. ", "me quiero morir ", "calle Hidalgo ", "de la calle ", "https://maps.google.com/?q=1,1 ", "centro "),
    *(
        "K7M4TX9 ",
        "inv_",
        "**a** ",
        "2026-01-01 ",
        "soy Juan de ",
        "me llamo ",
        "\u200d",
        "\ufdfa",
        "\u0591\u0301\u0323",
    ),
)


def many_words(size: int) -> str:
    """Words that nobody knows, no two alike."""
    chance = random.Random(1)
    made = ("".join(chance.choices("abcdefghijklmnoprstuv", k=chance.randint(3, 9))) for _ in range(size // 4))
    return " ".join(made)[:size]


@pytest.mark.parametrize("name", READERS)
def test_each_reader_takes_time_in_proportion(name: str):
    """No telephone, no blank and no accent makes one message cost as much as a thousand."""
    builds = [*plain_builds(), *plain_builds(MADE_OF), many_words]
    assert fault(READERS[name], builds) is None


def test_a_question_is_looked_up_by_its_beginning_and_its_end():
    """The search reads 140 words of 40 letters at most."""
    assert gist("hola " * 60 + "relleno " * 5000 + "adiós " * 70).split() == [
        *["hola"] * 60,
        *["relleno"] * 10,
        *["adiós"] * 70,
    ]
    assert gist("x" * 5000) == "x" * 40
    assert gist("¿dónde pago\nel predial?") == "¿dónde pago el predial?"


#: What is answered before the hostile words come.
BEFORE = {
    "free words": (),
    "a place": ("/reportar VIA-BACHE",),
    "a story": ("/reportar VIA-BACHE", "calle Hidalgo 5, colonia Centro"),
    "a choice": ("/reportar",),
    "a question": ("/preguntar",),
    "a request": ("/solicitar",),
}
NORMAL = "Hay un bache enorme en la calle Hidalgo desde ayer y ya van tres llantas"


def steps_of(run: Callable[[], object]) -> int:
    """How many functions are called: work that no busy machine changes."""
    count = 0

    def seen(*_: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(seen)
    try:
        run()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("asked", BEFORE)
@pytest.mark.parametrize("blanks", [2_000, TEXT_AT_MOST - 10])
def test_blanks_cost_the_counter_what_any_message_costs(counter: Counter, asked: str, blanks: int):
    """One anonymous message of 2,000 blanks stopped a whole town once."""
    normal, hostile = counter.person("ana"), counter.person("eva")
    for person in (normal, hostile):
        for said in ("hola", *BEFORE[asked]):
            person.says(said)
    begin, end = NORMAL[:20], NORMAL[20:]
    wanted = steps_of(lambda: normal.says(NORMAL))
    assert steps_of(lambda: hostile.says(begin + " " * blanks + end)) < 2 * wanted
    assert hostile.received[-1].text


def test_the_longest_texts_cost_the_counter_no_more_than_some_hundred_messages(counter: Counter, ana: Talker):
    """Two thousand sentences in one message are two thousand sentences; they are not their square."""
    ana.says("hola")
    wanted = steps_of(lambda: ana.says("hola de nuevo"))
    for number, made_of in enumerate(("1.", "fuego. ", "a\n", "xq z ", "**a ")):
        eva = counter.person(f"eva{number}")
        eva.says("hola")
        cost = steps_of(lambda eva=eva, made_of=made_of: eva.says((made_of * LONGEST)[:LONGEST]))
        assert cost < 150 * wanted, made_of


def test_every_text_of_a_message_is_cut_at_the_counter(counter: Counter, ana: Talker):
    """Whatever a channel lets through: words, buttons, places, and what a message answers."""
    ana.says("/reportar VIA-BACHE")
    ana._send(place=Place(20.38, -102.92, text="Plaza   principal\n\n" + "z  " * 50_000))
    ana.says("Hay   un hoyo\r\n\r\n\r\n\r\nmuy  grande" + " " * 50_000)
    ana.says("sin foto")
    ana._send(choice="y" * 50_000, reply_to="w" * 50_000)
    ana.says("1")

    (ticket,) = counter.tickets_of(ana)
    assert ticket.story == "Hay un hoyo\n\nmuy grande"
    assert ticket.place is not None
    assert ticket.place.text is not None
    assert ticket.place.text.startswith("Plaza principal z z")
    assert len(ticket.place.text) <= LINE_AT_MOST
