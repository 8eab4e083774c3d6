"""Officials' free words are work on a ticket, and asked first."""

import pytest

from handlers.ticket.ticket import EventKind
from tests.handlers.counter import Counter, Talker, texts
from tests.handlers.official.conftest import Case


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("ya quedó, se tapó con mezcla", "resuelto"),
        ("mañana queda, hoy no hubo material", "nota interna"),
        ("pregúntele entre qué calles está", "pregunto"),
        ("eso no nos toca, es de agua potable", "otra área"),
    ],
)
def test_words_after_a_card_are_work_on_it(pablo: Talker, case: Case, said: str, asked: str) -> None:
    """Nothing is done before the official says so."""
    pablo.says(f"/ver {case.folio}")
    before = case.ticket.version
    assert asked in texts(pablo.says(said))
    assert case.ticket.version == before


def test_what_was_asked_is_done_with_the_words(pablo: Talker, ana: Talker, case: Case) -> None:
    """As a note, which residents never read."""
    pablo.says(f"/ver {case.folio}")
    pablo.says("mañana queda, hoy no hubo material")
    pablo.says("sí")
    assert (case.last.kind, case.last.text) == (EventKind.NOTED, "mañana queda, hoy no hubo material")
    assert "material" not in texts(ana.collect())


def test_a_command_without_a_folio_is_about_the_card(pablo: Talker, case: Case) -> None:
    """Right after it was shown."""
    pablo.says(f"/ver {case.folio}")
    pablo.says("/tomar")
    assert case.last.kind is EventKind.TAKEN


def test_an_officials_words_open_no_form_by_themselves(counter: Counter, pablo: Talker, case: Case) -> None:
    """They may be a report of the official's own: that is asked."""
    said = texts(pablo.says("se está tirando el agua en la calle Morelos desde ayer"))
    assert "¿Dónde es?" not in said
    assert "¿Cuál de estas cosas es?" in said
    assert counter.tickets_of(pablo) == ()
