"""A ticket in a state that another version of the program stored: everybody sees it, and one act mends it."""

import pytest

from handlers.ticket import folio as folios
from handlers.ticket.ticket import TicketState
from tests.handlers.counter import Counter, Talker, texts
from tests.handlers.official.conftest import Case


@pytest.fixture
def stray(counter: Counter, case: Case) -> Case:
    """Ana's pothole, in a state that nobody here knows."""
    counter.run(lambda uow: uow.tickets._rows.command("UPDATE ticket SET state = 'in_parliament'"))
    return case


def test_it_stands_in_every_list_with_a_word(stray: Case, ana: Talker, pablo: Talker) -> None:
    """Queue, search, card and history; the resident's folio and list."""
    folio = folios.pretty(stray.folio)
    for said in ("/cola", "/buscar hoyo", f"/ver {folio}", f"/historia {folio}"):
        assert folio in texts(pablo.says(said)), said
    assert "por revisar" in texts(pablo.says(f"/ver {folio}"))
    for said in (f"/folio {folio}", "/misfolios"):
        assert "por revisar" in texts(ana.says(said)), said


def test_taking_it_mends_it(stray: Case, ana: Talker, pablo: Talker) -> None:
    """As if it had just come in."""
    assert "ya es tuyo" in texts(pablo.says(f"/tomar {stray.folio}"))
    assert stray.ticket.state is TicketState.ASSIGNED
    assert "ya hay quien atienda" in texts(ana.collect())


def test_setting_a_state_mends_it(stray: Case, pablo: Talker) -> None:
    """All that a new ticket may become."""
    pablo.says(f"/estado {stray.folio}")
    assert [choice.label for choice in pablo.received[-1].choices][:2] == ["en proceso", "en espera de respuesta"]
    pablo.taps("en proceso")
    pablo.says("La cuadrilla ya está ahí")
    pablo.taps("Enviar")
    assert stray.ticket.state is TicketState.IN_PROGRESS


def test_what_its_author_adds_arrives_and_changes_no_state(stray: Case, ana: Talker, pablo: Talker) -> None:
    """What this version cannot read it does not overwrite for a resident's word."""
    ana.says(f"/agregar {stray.folio} ya hay dos hoyos")
    ana.taps("sin foto")
    assert "ya hay dos hoyos" in texts(pablo.collect())
    assert stray.ticket.state is TicketState.UNKNOWN
