"""A private report is its author's and its department's: everybody else learns nothing of it, wherever they look."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from handlers.desk import access
from handlers.errors import Refused
from handlers.ticket import folio as folios
from handlers.ticket.ticket import Ticket, TicketState
from tests.handlers.counter import Counter, Talker, texts
from tests.handlers.desk.conftest import OpenDesk
from tests.harness import ROOT

HERE = (20.3815, -102.9280)
STORY = "El vecino de la casa azul pone la banda con bocinas cada noche"


def files_a_noise(person: Talker, *, photos: int = 0) -> str:
    """The whole way of a report on a private service; the folio."""
    person.says("/reportar SEG-RUIDO")
    person.sends_place(*HERE)
    person.says(STORY)
    if photos:
        person.sends_photo(n=photos)
        person.taps("Listo")
    else:
        person.taps("Seguir sin foto")
    folio = folios.read(texts(person.taps("Enviar")))
    assert folio is not None, person.received[-1].text
    return folio


@pytest.fixture
def guard(counter: Counter) -> Talker:
    """An agent of the department that sees to it."""
    department = counter.town.library.services["SEG-RUIDO"].department
    return counter.official("guard", department=department)


@pytest.fixture
def ticket(counter: Counter, guard: Talker, ana: Talker) -> Callable[[], Ticket]:
    """Ana's private report, as it is now."""
    folio = files_a_noise(ana)

    def now() -> Ticket:
        found = counter.run(lambda uow: uow.tickets.by_folio(folio))
        assert found is not None
        return found

    return now


def test_nobody_is_told_that_somebody_else_reported_the_same(
    counter: Counter, ticket: Callable[[], Ticket], ana: Talker
) -> None:
    """The next one at the same place files a report of their own, and learns nothing of Ana's."""
    luis = counter.person("luis")
    own = files_a_noise(luis)
    assert own != ticket().folio
    said = texts(luis.received)
    assert folios.pretty(ticket().folio) not in said and "casa azul" in said
    assert not counter.run(lambda uow: uow.tickets.followers(ticket().id))


def test_nobody_joins_it_by_another_way(
    counter: Counter, ticket: Callable[[], Ticket], desk_of: OpenDesk, ana: Talker
) -> None:
    luis = counter.person("luis")
    luis.says("hola")
    with pytest.raises(Refused, match=r"ticket\.cannot_follow"), desk_of(luis) as desk:
        desk.follow(ticket())


def test_a_report_that_became_private_is_not_joined_by_a_yes_given_later(
    counter: Counter, ana: Talker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The form goes on: what this person reports is filed as their own."""
    ana.says("/reportar VIA-BACHE")
    ana.sends_place(*HERE)
    ana.says("Hay un hoyo enorme desde hace un mes")
    ana.taps("Seguir sin foto")
    ana.taps("Enviar")
    luis = counter.person("luis")
    luis.says("/reportar VIA-BACHE")
    assert "Es lo mismo" in texts(luis.sends_place(*HERE))
    services = dict(counter.town.library.services)
    services["VIA-BACHE"] = replace(services["VIA-BACHE"], is_private=True)
    monkeypatch.setattr(counter.town, "library", replace(counter.town.library, services=services))
    assert "¿Qué" in texts(luis.taps("Sí")) or luis.received
    (ours,) = counter.tickets_of(ana)
    assert not counter.run(lambda uow: uow.tickets.followers(ours.id))


def test_officials_get_folio_and_service_until_they_open_it(
    counter: Counter, guard: Talker, ticket: Callable[[], Ticket], ana: Talker
) -> None:
    """Neither words nor photos on a locked screen: not of the report, and not of what was added."""
    pushed = guard.collect()
    assert folios.pretty(ticket().folio) in texts(pushed) and "Ruido" in texts(pushed)
    ana.says(f"/agregar {ticket().folio} Hoy ya van tres fiestas")
    ana.sends_photo()
    ana.taps("Listo")
    pushed += guard.collect()
    assert texts(pushed).count("Es reservado") == 2
    assert "casa azul" not in texts(pushed) and "fiestas" not in texts(pushed)
    assert not [message for message in pushed if message.media]
    card = guard.says(f"/ver {ticket().folio}")
    assert "casa azul" in texts(card)
    assert [message.media for message in card if message.media] == [ticket().media]


def test_a_stranger_with_the_folio_learns_nothing(
    counter: Counter, guard: Talker, ticket: Callable[[], Ticket], ana: Talker
) -> None:
    """Neither what it is about, nor who sees to it, nor where it stands; an official of another department neither."""
    luz = counter.official("luz", department="agua_potable")
    department = counter.town.label(counter.town.department(ticket().department), "es")
    for stranger in (counter.person("luis"), luz):
        stranger.says("hola")
        for said in (ticket().folio, f"/ver {ticket().folio}"):
            answer = texts(stranger.says(said))
            for fact in ("Ruido", department, "recibido", "casa azul"):
                assert fact not in answer, (said, answer)
        assert "es reservado" in texts(stranger.says(ticket().folio))
    assert folios.pretty(ticket().folio) not in texts(luz.says("/buscar casa azul"))
    assert folios.pretty(ticket().folio) not in texts(luz.says("/cola"))
    assert "Ruido" in texts(ana.says(ticket().folio))
    assert folios.pretty(ticket().folio) in texts(guard.says("/buscar casa azul"))


def test_who_joined_before_it_was_private_hears_no_more(
    counter: Counter, guard: Talker, ticket: Callable[[], Ticket], ana: Talker, desk_of: OpenDesk
) -> None:
    """The list of their folios is without it, and its notices go to the author alone."""
    luis = counter.person("luis")
    luis.says("hola")
    address_id = luis.contact().address_id
    counter.run(lambda uow: uow.tickets.follow(ticket().id, address_id, counter.now))
    assert folios.pretty(ticket().folio) not in texts(luis.says("mis folios"))
    ana.collect()
    guard.says(f"/tomar {ticket().folio}")
    with desk_of(guard) as desk:
        desk.answer(ticket(), "Ya vamos para allá.", to=TicketState.RESOLVED)
    assert "Ya vamos" in texts(ana.collect())
    assert luis.collect() == []
    assert "siguen" not in texts(guard.says(f"/ver {ticket().folio}"))


def test_what_the_town_does_not_report_any_more_is_taken_for_private(
    counter: Counter, ticket: Callable[[], Ticket], ana: Talker
) -> None:
    """Nobody can look up what it was."""
    assert access.is_private(counter.town, replace(ticket(), service="SEG-ANTES"))
    assert not access.is_private(counter.town, replace(ticket(), service="VIA-BACHE"))
    assert not access.is_private(counter.town, replace(ticket(), service=None))


def test_only_the_desk_asks_for_the_tickets_of_others() -> None:
    """What is near, and who follows, passes one place, which knows what is private."""
    asks = re.compile(r"tickets\.(followers|open_near|of_person)\(")
    found = {
        path.relative_to(ROOT).as_posix()
        for folder in ("handlers", "bot")
        for path in (ROOT / folder).rglob("*.py")
        if asks.search(path.read_text(encoding="utf-8"))
        # Looks at what came of a rehearsal, on a database of its own.
        if ROOT / "bot" / "rehearsal" not in path.parents
    }
    assert found == {"handlers/desk/desk.py", "handlers/desk/notices.py"}
