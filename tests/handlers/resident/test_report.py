"""A resident reports what is broken and leaves with a folio."""

from handlers.ticket import folio as folios
from handlers.ticket.ticket import TicketKind, TicketState
from tests.handlers.counter import Counter, Talker, texts

HIDALGO = (20.3815, -102.9280)


def files_a_pothole(person: Talker, place: tuple[float, float] | None = None) -> str:
    """The whole way; the folio."""
    person.says("/reportar VIA-BACHE")
    if place:
        person.sends_place(*place)
    else:
        person.says("calle Hidalgo 5, colonia Centro")
    if any("Es lo mismo" in message.text for message in person.received[-1:]):
        person.taps("No")
    person.says("Hay un hoyo enorme desde hace un mes")
    person.taps("Seguir sin foto")
    answer = texts(person.taps("Enviar"))
    folio = folios.read(answer)
    assert folio is not None, answer
    return folio


def test_the_shortest_way(counter: Counter, ana: Talker) -> None:
    """Category, place, story, no photo, send: a folio, a department and a date."""
    folio = files_a_pothole(ana)
    ticket = counter.run(lambda uow: uow.tickets.by_folio(folio))
    assert ticket is not None
    assert (ticket.kind, ticket.state, ticket.service) == (TicketKind.REPORT, TicketState.RECEIVED, "VIA-BACHE")
    assert ticket.department == counter.town.library.services["VIA-BACHE"].department
    assert ticket.place is not None and ticket.place.text == "calle Hidalgo 5, colonia Centro"
    assert ticket.due_at > counter.now


def test_all_is_shown_before_it_is_sent(counter: Counter, ana: Talker) -> None:
    """What, where, the words and the photos; nothing is kept before the button is tapped."""
    ana.says("/reportar VIA-BACHE")
    ana.says("calle Hidalgo 5, colonia Centro")
    ana.says("Hay un hoyo enorme frente a la casa azul")
    ana.sends_photo(n=2)
    review = texts(ana.taps("Listo"))
    for answer in ("Bache", "calle Hidalgo 5, colonia Centro", "hoyo enorme frente a la casa azul", "2"):
        assert answer in review, answer
    assert not counter.tickets_of(ana)
    ana.taps("Enviar")
    assert len(counter.tickets_of(ana)) == 1


def test_free_words_open_the_report_with_what_was_said(counter: Counter, ana: Talker) -> None:
    """Neither the category nor the story is asked again, and the street is offered."""
    answer = texts(ana.says("hay un bache en la calle Hidalgo"))
    assert "Bache" in answer
    assert "¿Dónde es?" in answer
    assert ana.button("calle Hidalgo")
    answer = texts(ana.taps("calle Hidalgo"))
    assert "fotos" in answer
    answer = texts(ana.taps("Seguir sin foto"))
    assert "hay un bache en la calle Hidalgo" in answer
    ticket_folio = folios.read(texts(ana.taps("Enviar")))
    assert ticket_folio is not None


def test_an_urgent_one_first_tells_of_911(ana: Talker) -> None:
    """Risk to life does not wait for a form."""
    assert "911" in texts(ana.says("/reportar ALC-TAPA"))


def test_photos_up_to_five(counter: Counter, ana: Talker) -> None:
    """One by one or together; the fifth ends the question by itself."""
    ana.says("/reportar VIA-BACHE")
    ana.says("calle Hidalgo 5")
    ana.says("Hay un hoyo enorme desde hace un mes")
    assert "van 1 de 5" in texts(ana.sends_photo())
    assert "van 3 de 5" in texts(ana.sends_photo(n=2))
    assert "Revisa" in texts(ana.sends_photo(n=2))
    folio = folios.read(texts(ana.taps("Enviar")))
    ticket = counter.run(lambda uow: uow.tickets.by_folio(folio or ""))
    assert ticket is not None and len(ticket.media) == 5


def test_a_photo_and_a_pin_that_come_early_are_kept(counter: Counter, ana: Talker) -> None:
    """Whoever sends the photo first is not asked for it twice."""
    ana.sends_photo(text="hay un bache enorme aqui afuera")
    assert "Lo guardé" in texts(ana.sends_photo())  # at the place question
    answer = texts(ana.sends_place(*HIDALGO))
    assert "van 2 de" in answer or "Fotos" in answer or "fotos" in answer
    folio = folios.read(texts([*ana.taps("Listo"), *ana.taps("Enviar")]))
    ticket = counter.run(lambda uow: uow.tickets.by_folio(folio or ""))
    assert ticket is not None and len(ticket.media) == 2


def test_change_one_answer_at_the_review(counter: Counter, ana: Talker) -> None:
    """The others are kept, and going back from the change restores what was there."""
    ana.says("/reportar VIA-BACHE")
    ana.says("calle Hidalgo 5")
    ana.says("Hay un hoyo enorme desde hace un mes")
    ana.taps("Seguir sin foto")
    assert "¿Dónde es?" in texts(ana.taps("Cambiar: dónde"))
    assert "calle Hidalgo 5" in texts(ana.says("atrás"))
    ana.taps("Cambiar: dónde")
    answer = texts(ana.says("calle Morelos 10"))
    assert "calle Morelos 10" in answer and "hoyo enorme" in answer
    folio = folios.read(texts(ana.taps("Enviar")))
    ticket = counter.run(lambda uow: uow.tickets.by_folio(folio or ""))
    assert ticket is not None and ticket.place is not None and ticket.place.text == "calle Morelos 10"


def test_a_neighbour_joins_the_same_report(counter: Counter, ana: Talker) -> None:
    """Same thing, same place: one ticket, two people who hear of it."""
    folio = files_a_pothole(ana, HIDALGO)
    luis = counter.person("luis")
    luis.says("/reportar VIA-BACHE")
    answer = texts(luis.sends_place(HIDALGO[0] + 0.0001, HIDALGO[1]))
    assert folios.pretty(folio) in answer
    assert "Te sumaste" in texts(luis.taps("Sí"))
    ticket = counter.run(lambda uow: uow.tickets.by_folio(folio))
    assert ticket is not None
    followers = counter.run(lambda uow: uow.tickets.followers(ticket.id))
    assert [follower.address.value for follower in followers] == ["luis"]


def test_words_that_may_mean_several_show_the_few(ana: Talker) -> None:
    """The menu of groups is only for those whose words say nothing."""
    ana.says("/reportar")
    assert "¿Cuál de éstas es?" in texts(ana.says("1"))


def test_cancel_leaves_nothing(counter: Counter, ana: Talker) -> None:
    """Nothing was sent, and the next message starts afresh."""
    ana.says("/reportar VIA-BACHE")
    ana.says("calle Hidalgo 5")
    assert "No se mandó nada" in texts(ana.says("cancelar"))
    assert counter.tickets_of(ana) == ()


def test_an_unfinished_report_is_put_aside_and_taken_up(counter: Counter, ana: Talker) -> None:
    """After the time in city.yaml the person is told once, and goes on where they left."""
    ana.says("/reportar VIA-BACHE")
    ana.says("calle Hidalgo 5")
    counter.advance(hours=13)
    assert counter.expire() == 1
    assert counter.expire() == 0
    assert "a medias" in texts(ana.collect())
    assert "¿Seguimos" in texts(ana.says("que onda con lo mio"))
    assert "Cuéntame" in texts(ana.taps("Seguir"))
    ana.says("Hay un hoyo enorme desde hace un mes")
    assert "calle Hidalgo 5" in texts(ana.taps("Seguir sin foto"))


def test_a_menu_that_nobody_answered_ends_without_a_word(counter: Counter, ana: Talker) -> None:
    """Only what is worth taking up again is worth a message."""
    ana.says("hola")
    counter.advance(hours=13)
    counter.expire()
    assert ana.collect() == []
