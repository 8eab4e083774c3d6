"""The queue, the search and the staff: what waits, in plain words, each a tap away."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.messages import CHOICE_BYTES, OutgoingMessage
from handlers.official import queue_place
from handlers.ports import QueuePlace
from handlers.ticket import folio as folios
from handlers.ticket.ticket import Ticket
from tests.handlers.counter import Counter, Talker
from tests.handlers.official.conftest import Case
from tests.handlers.resident.test_report import files_a_pothole


def last(messages: list[OutgoingMessage]) -> str:
    """The answer itself: pushes that waited in the chat come before it."""
    return messages[-1].text


def many(counter: Counter, n: int) -> list[str]:
    """So many potholes by different people."""
    return [files_a_pothole(counter.person(f"vecino{number}")) for number in range(n)]


def test_the_queue_counts_and_lists(case: Case, pablo: Talker) -> None:
    """Folio, what, where, when it is due, state and who has it; a button opens it."""
    answer = last(pablo.says("/cola"))
    assert "Cola de Obras Públicas:** 1 folio abierto, vencidos: 0" in answer
    assert folios.pretty(case.folio) in answer and "Bache" in answer and "calle Hidalgo 5" in answer
    assert "vence en" in answer and "recibido" in answer and "sin asignar" in answer
    assert "hoyo enorme" in last(pablo.taps(f"Ver {folios.pretty(case.folio)}"))


def test_a_long_queue_goes_in_pages(counter: Counter, pablo: Talker) -> None:
    """Eight a page; all of them once."""
    filed = set(many(counter, 10))
    first = {choice.id.split()[1] for choice in pablo.says("/cola")[-1].choices if choice.id.startswith("/ver ")}
    second = {choice.id.split()[1] for choice in pablo.taps("Ver más")[-1].choices if choice.id.startswith("/ver ")}
    assert (len(first), len(second)) == (8, 2) and first | second == filed
    assert not any(choice.id.startswith("/cola todas ") for choice in pablo.received[-1].choices)
    top = {choice.id.split()[1] for choice in pablo.taps("Volver al principio")[-1].choices if "/ver " in choice.id}
    assert top == first


def test_a_page_begins_after_what_was_shown(counter: Counter, pablo: Talker) -> None:
    """Also when all of that was done meanwhile: none of the others is jumped over."""
    filed = set(many(counter, 10))
    shown = [choice.id.split()[1] for choice in pablo.says("/cola")[-1].choices if choice.id.startswith("/ver ")]
    more = next(choice.id for choice in pablo.received[-1].choices if choice.label == "Ver más")
    assert len(more.encode()) <= CHOICE_BYTES
    for folio in shown:
        pablo.says(f"/cerrar {folio} Ya se había reparado")
        pablo.taps("Enviar")
    answer = last(pablo.says(more))
    assert all((folios.pretty(folio) in answer) == (folio not in shown) for folio in filed)


@pytest.mark.parametrize(
    "said", ["todas 2", "todas 309", "todas u1.9zzzzzzzzzzzz", "todas nzzzzzzzzzzzz.1", "n1.zzzzzzzzzzzzz"]
)
def test_a_button_of_before_leads_to_the_first_page(counter: Counter, pablo: Talker, said: str) -> None:
    """It named a page by its number; and a place that no database holds is none."""
    many(counter, 3)
    assert last(pablo.says(f"/cola {said}")) == last(pablo.says("/cola"))


@settings(deadline=None)
@given(st.booleans(), st.datetimes(timezones=st.just(UTC)), st.integers(0, 2**63 - 1))
def test_a_place_is_read_as_it_was_written(is_urgent: bool, due_at: datetime, number: int) -> None:
    """In few enough letters for a button."""
    ticket = SimpleNamespace(is_urgent=is_urgent, due_at=due_at, id=number)
    written = queue_place.written(cast(Ticket, ticket))
    assert queue_place.read(f"vencidas {written}") == QueuePlace(is_urgent, due_at, number)
    assert len(f"/cola vencidas {written}") <= CHOICE_BYTES


def test_mine_are_those_i_took(counter: Counter, pablo: Talker) -> None:
    """By command, by button and by word."""
    folio, other = many(counter, 2)
    pablo.says(f"/tomar {folio}")
    for answer in (last(pablo.says("/cola mías")), last(pablo.says("/cola mine"))):
        assert folios.pretty(folio) in answer and folios.pretty(other) not in answer and "lo llevas tú" in answer
    assert folios.pretty(other) in last(pablo.says("mis pendientes"))
    assert folios.pretty(other) not in last(pablo.taps("Sólo los míos"))


def test_overdue_ones_lead_and_can_be_had_alone(counter: Counter, pablo: Talker) -> None:
    """An old one is late; a new one is not; the newest urgent one does not hide it."""
    late = files_a_pothole(counter.person("vecino"))
    counter.advance(days=30)
    fresh = files_a_pothole(counter.person("vecina"))
    answer = last(pablo.says("/cola"))
    assert answer.index(folios.pretty(late)) < answer.index(folios.pretty(fresh))
    assert "🔴" in answer and "vencido hace" in answer and "vencidos: 1" in answer
    answer = last(pablo.taps("Sólo los vencidos"))
    assert folios.pretty(late) in answer and folios.pretty(fresh) not in answer


def test_overdue_in_pages(counter: Counter, pablo: Talker) -> None:
    """The second page goes on where the first ended."""
    filed = many(counter, 9)
    counter.advance(days=30)
    first = last(pablo.says("/cola vencidas"))
    second = last(pablo.taps("Ver más"))
    assert sum(folios.pretty(folio) in first for folio in filed) == 8
    assert sum(folios.pretty(folio) in second for folio in filed) == 1


def test_many_overdue_ones_are_not_all_counted(counter: Counter, pablo: Talker) -> None:
    """Beyond 99 it is enough to know that there are more."""
    many(counter, 99)
    counter.advance(days=30)
    assert "Vencidos de Obras Públicas:** 99, de 99 " in last(pablo.says("/cola vencidas"))
    many(counter, 1)
    counter.advance(days=30)
    assert "Vencidos de Obras Públicas:** 99+, de 100 " in last(pablo.says("/cola vencidas"))
    assert "100 folios abiertos, vencidos: 99+" in last(pablo.says("/cola"))


def test_an_empty_queue_says_so(pablo: Talker) -> None:
    """And offers the ways on."""
    for said in ("/cola", "/cola mias", "/cola vencidas", "/cola todas 7"):
        assert "No " in last(pablo.says(said)) and pablo.received[-1].choices


def test_odd_words_show_the_whole_queue(case: Case, pablo: Talker) -> None:
    """Nobody is asked again for a filter."""
    for said in ("/cola lo que sea", "/cola 0", "/cola " + "9" * 30):
        assert "Cola de Obras Públicas" in last(pablo.says(said))


def test_the_administrator_sees_the_whole_town_hall(case: Case, adan: Talker) -> None:
    """Every department's."""
    assert folios.pretty(case.folio) in last(adan.says("/cola"))


def test_search_finds_by_folio_words_and_place(case: Case, pablo: Talker) -> None:
    """Accents and case aside, ended ones too."""
    pablo.says(f"/cerrar {case.folio} Ya se había reparado")
    pablo.taps("Enviar")
    for said in ("hoyo", "HIDALGO", folios.pretty(case.folio), case.folio.lower()):
        assert folios.pretty(case.folio) in last(pablo.says(f"/buscar {said}")), said
    assert "No encontré" in last(pablo.says("/buscar elefante"))
    pablo.says("/buscar")
    assert folios.pretty(case.folio) in last(pablo.says("hoyo"))


def test_the_administrator_lists_the_staff(adan: Talker, pablo: Talker, sofia: Talker) -> None:
    """Role, department and since when."""
    answer = last(adan.says("/personal"))
    assert "3 personas con cargo" in answer
    assert "**pablo**: personal de atención, Obras Públicas (desde el lunes 23 de noviembre)" in answer
    assert "**adan**: administrador, todo el ayuntamiento" in answer


def test_each_role_is_told_its_commands(pablo: Talker, sofia: Talker, adan: Talker) -> None:
    """An agent hears nothing of what only others may."""
    agent, supervisor, administrator = (last(person.says("/comandos")) for person in (pablo, sofia, adan))
    assert "/cerrar" in agent and "/asignar" not in agent and "/personal" not in agent
    assert "/asignar" in supervisor and "/personal" not in supervisor
    assert "/asignar" in administrator and "/personal" in administrator


def test_the_menu_of_an_official_leads_to_the_queue(case: Case, pablo: Talker) -> None:
    """And to the search."""
    pablo.says("menú")
    assert folios.pretty(case.folio) in last(pablo.taps("cola de trabajo"))


def test_who_is_gone_is_shown_as_gone(counter: Counter, case: Case, pablo: Talker, petra: Talker) -> None:
    """A ticket of somebody without a role is plainly nobody's."""
    pablo.says(f"/tomar {case.folio}")
    person_id = pablo.contact().person_id
    counter.run(lambda uow: uow.invitations.revoke(person_id, counter.now + timedelta(minutes=1)))
    assert "quien lo llevaba ya no está" in last(petra.says("/cola"))
