"""At most five photos are kept of each message to the town hall, however they come."""

from collections.abc import Callable

import pytest

from handlers.messages import OutgoingMessage
from handlers.ticket import folio as folios
from tests.handlers.counter import Counter, Talker, texts
from tests.handlers.resident.test_report import files_a_pothole

MOST = 5


def _folio_of(messages: list[OutgoingMessage]) -> str:
    folio = folios.read(texts(messages))
    assert folio is not None, texts(messages)
    return folio


def report(_counter: Counter, ana: Talker, early: int, asked: tuple[int, ...]) -> str:
    """A report; photos before they are asked for, and then at their question."""
    ana.says("/reportar VIA-BACHE")
    if early:
        ana.sends_photo(n=early)
    ana.says("calle Hidalgo 5")
    ana.says("Hay un hoyo enorme desde hace un mes")
    for n in asked:
        ana.sends_photo(n=n)
    if not asked:
        ana.taps("Listo")
    return _folio_of(ana.taps("Enviar"))


def complaint(_counter: Counter, ana: Talker, early: int, asked: tuple[int, ...]) -> str:
    """A complaint, the same way."""
    ana.says("queja")
    ana.taps("Mal servicio")
    if early:
        ana.sends_photo(n=early)
    ana.says("En la ventanilla de licencias me dejaron esperando tres horas")
    for n in asked:
        ana.sends_photo(n=n)
    if not asked:
        ana.taps("Listo")
    return _folio_of(ana.taps("Enviar"))


def added(_counter: Counter, ana: Talker, early: int, asked: tuple[int, ...]) -> str:
    """Something added to a report that had none."""
    folio = files_a_pothole(ana)
    ana.says(f"/agregar {folio}")
    if early:
        ana.sends_photo(n=early, text="Ya se cayó una moto ahí")
    else:
        ana.says("Ya se cayó una moto ahí")
    for n in asked:
        ana.sends_photo(n=n)
    if not asked:
        ana.taps("Listo")
    return folio


Form = Callable[[Counter, Talker, int, tuple[int, ...]], str]


@pytest.mark.parametrize("form", [report, complaint, added])
@pytest.mark.parametrize(
    ("early", "asked"),
    [
        (0, (7,)),  # at once
        (0, (3, 4)),  # in two albums
        (7, ()),  # before they were asked for
        (7, (2,)),  # before, and then more
        (3, (4,)),
    ],
)
def test_no_form_keeps_more_than_five_photos(
    counter: Counter, ana: Talker, form: Form, early: int, asked: tuple[int, ...]
) -> None:
    """The first five: nobody is sent back for having sent too many."""
    folio = form(counter, ana, early, asked)
    ticket = counter.run(lambda uow: uow.tickets.by_folio(folio))
    assert ticket is not None
    assert len(ticket.media) == MOST
    assert list(ticket.media) == sorted(ticket.media)


@pytest.mark.parametrize("photos", [(7,), (3, 4)])
def test_an_officials_answer_carries_at_most_five_photos(
    counter: Counter, ana: Talker, photos: tuple[int, ...]
) -> None:
    """As many as a resident may send."""
    pablo = counter.official("pablo", department="obras_publicas")
    folio = files_a_pothole(ana)
    pablo.says(f"/responder {folio}")
    for n in photos:
        pablo.sends_photo(n=n)
    pablo.says("Así quedó")
    assert "Lleva 5 fotos" in texts(pablo.received[-1:])
    pablo.taps("Enviar y dejar abierto")
    assert [len(message.media) for message in ana.collect()] == [MOST]
