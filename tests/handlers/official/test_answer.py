"""What a resident will read is shown before it is sent, and then sent as it was shown."""

import pytest

from handlers.messages import OutgoingMessage
from handlers.ticket import folio as folios
from handlers.ticket.ticket import EventKind, TicketState
from tests.handlers.counter import Counter, Talker, texts
from tests.handlers.official.conftest import Case


def shown(messages: list[OutgoingMessage]) -> str:
    """What stands between the rules of a preview."""
    return messages[-1].text.split("———")[1].strip()


def test_an_answer_is_sent_as_it_was_shown(case: Case, ana: Talker, pablo: Talker) -> None:
    """The preview is the notice, letter by letter."""
    preview = shown(pablo.says(f"/responder {case.folio} Mañana pasa la cuadrilla."))
    assert "Mañana pasa la cuadrilla." in preview and "Obras Públicas" in preview
    assert "ya va en camino" in texts(pablo.taps("Enviar y dejar abierto"))
    assert [message.text for message in ana.collect()] == [preview]
    assert case.ticket.state is TicketState.RECEIVED


@pytest.mark.parametrize(
    ("button", "state"),
    [("marcar resuelto", TicketState.RESOLVED), ("como pregunta", TicketState.WAITING)],
)
def test_an_answer_that_moves_the_ticket_is_shown_in_its_own_words(
    case: Case, ana: Talker, pablo: Talker, button: str, state: TicketState
) -> None:
    """Resolved and asked read otherwise, so they are shown once more before they go."""
    pablo.says(f"/responder {case.folio}")
    pablo.says("¿De qué color es la barda?")
    preview = shown(pablo.taps(button))
    assert not ana.collect()
    pablo.taps("Enviar")
    assert [message.text for message in ana.collect()] == [preview]
    assert case.ticket.state is state
    assert (case.ticket.ended_at is not None) == (state is TicketState.RESOLVED)


def test_the_history_says_who_when_from_to_and_why(case: Case, counter: Counter, pablo: Talker) -> None:
    """One line for the answer, with its words."""
    pablo.says(f"/responder {case.folio} Ya quedó tapado el bache.")
    pablo.taps("marcar resuelto")
    pablo.taps("Enviar")
    event = case.last
    assert (event.kind, event.from_state, event.to_state) == (
        EventKind.ANSWERED,
        TicketState.RECEIVED,
        TicketState.RESOLVED,
    )
    assert (event.actor_person_id, event.at) == (pablo.contact().person_id, counter.now)
    assert event.text == "Ya quedó tapado el bache." and event.is_public


def test_the_words_can_be_changed(case: Case, ana: Talker, pablo: Talker) -> None:
    """From either preview; the first words are gone."""
    pablo.says(f"/responder {case.folio} Ya qedó")
    assert "¿Qué le respondes" in texts(pablo.taps("Cambiar el texto"))
    pablo.says("Ya quedó")
    pablo.taps("marcar resuelto")
    pablo.taps("Cambiar el texto")
    preview = shown(pablo.says("Ya quedó, gracias por avisar"))
    pablo.taps("Enviar y dejar abierto")
    assert [message.text for message in ana.collect()] == [preview]
    assert "Ya quedó, gracias por avisar" in preview and "qedó" not in preview


def test_each_reads_what_is_theirs_in_their_language_and_once(counter: Counter, case: Case, pablo: Talker) -> None:
    """The author the words, in English; a follower where it stands, in Spanish; and the preview says so."""
    mary = counter.person("mary", language="en")
    mary.says("/report VIA-BACHE")
    mary.sends_place(20.3815, -102.9280)
    mary.says("There is a huge hole here")
    mary.taps("without")
    folio = folios.read(texts(mary.taps("Send")))
    assert folio is not None
    luis = counter.person("luis")
    luis.says("/reportar VIA-BACHE")
    luis.sends_place(20.3815, -102.9280)
    luis.taps("Sí")
    assert "lo sigue" not in texts(pablo.says(f"/responder {folio} Ya quedó tapado, señora Mary."))
    messages = pablo.taps("marcar resuelto")
    assert "A 1 persona que lo sigue sólo le llega" in texts(messages)
    pablo.taps("Enviar")
    assert [message.text for message in mary.collect()] == [shown(messages)]
    assert "considers your folio" in shown(messages) and "señora Mary" in shown(messages)
    to_luis = luis.collect()
    assert len(to_luis) == 1 and to_luis[0].text.startswith("Sigues el folio")
    assert "**resuelto**" in to_luis[0].text and "Mary" not in to_luis[0].text


def test_whoever_joins_after_the_preview_reads_none_of_it(counter: Counter, case: Case, pablo: Talker) -> None:
    """What was shown as one person's stays one person's."""
    luis = counter.person("luis")
    luis.says("hola")
    pablo.says(f"/responder {case.folio} Pasamos a su casa, calle Hidalgo 5, a las 10.")
    address_id, ticket_id = luis.contact().address_id, case.ticket.id
    counter.run(lambda uow: uow.tickets.follow(ticket_id, address_id, counter.now))
    pablo.taps("Enviar y dejar abierto")
    assert luis.collect() == []
    pablo.says(f"/responder {case.folio} Ya quedó lo de calle Hidalgo 5.")
    pablo.taps("marcar resuelto")
    pablo.taps("Enviar")
    (heard,) = luis.collect()
    assert "Hidalgo" not in heard.text and heard.media == ()


def test_an_answer_that_cannot_go_is_never_called_sent(
    counter: Counter, case: Case, ana: Talker, pablo: Talker
) -> None:
    """The preview, the result and the card say so; what is kept is this answer and not the message before it."""
    pablo.says(f"/tomar {case.folio}")
    counter.deliver()
    address_id = ana.contact().address_id
    counter.run(lambda uow: uow.people.mark_unreachable(address_id, counter.now))
    heard = len(ana.collect())
    counter.advance(minutes=5)
    assert "Ahora no le llega" in texts(pablo.says(f"/responder {case.folio} Mañana vamos."))
    result = texts(pablo.taps("Enviar y dejar abierto"))
    assert "No se le puede entregar" in result and "en camino" not in result
    card = texts(pablo.says(f"/ver {case.folio}"))
    assert "Último aviso a quien lo abrió:** no se pudo entregar" in card and "enviado" not in card
    assert "Quien lo abrió bloqueó o borró su chat" in card
    assert (heard, len(ana.collect())) == (heard, 0)
    assert counter.run(lambda uow: uow.delivery.counts())["dead"] == 1


def test_an_answer_that_fails_after_it_left_is_seen_on_the_card(
    counter: Counter, case: Case, ana: Talker, pablo: Talker
) -> None:
    """Also when another notice went out since."""
    pablo.says(f"/responder {case.folio} Mañana vamos.")
    pablo.taps("Enviar y dejar abierto")
    counter.deliver()
    answer = counter.message_ids["ana"][-1]
    counter.run(lambda uow: uow.delivery.receipt("webchat", answer, "failed", "63016", counter.now))
    counter.advance(minutes=5)
    pablo.says(f"/tomar {case.folio}")
    card = texts(pablo.says(f"/ver {case.folio}"))
    assert "Último aviso a quien lo abrió:** enviado" in card
    assert "Última respuesta:** no se pudo entregar" in card


def test_a_reply_to_the_card_is_an_answer(counter: Counter, case: Case, ana: Talker, pablo: Talker) -> None:
    """The vendor's own reply, to the card or to the push that told of the ticket."""
    pablo.says(f"/ver {case.folio}")
    card = counter.message_ids["pablo"][-1]
    pablo.says("Vamos mañana", reply_to=card)
    preview = shown(pablo.taps("Mandárselo a la persona"))
    pablo.taps("Enviar y dejar abierto")
    assert [message.text for message in ana.collect()] == [preview]
    push = counter.message_ids["pablo"]
    assert "Ya fuimos" in texts(pablo.says("Ya fuimos", reply_to=push[-1]))


def test_a_reply_to_another_card_does_not_slip_into_the_answer_at_hand(
    counter: Counter, case: Case, ana: Talker, pablo: Talker
) -> None:
    """Words for one resident never reach another."""
    luis = counter.person("luis")
    luis.says("/reportar VIA-BANQ")
    luis.says("calle Juárez 10")
    luis.says("La banqueta está rota")
    luis.taps("sin foto")
    other = folios.read(texts(luis.taps("Enviar")))
    assert other is not None
    pablo.says(f"/ver {other}")
    card = counter.message_ids["pablo"][-1]
    pablo.says(f"/responder {case.folio}")
    pablo.says("La banqueta se arregla el lunes", reply_to=card)
    answer = texts(pablo.taps("Mandárselo a la persona"))
    assert folios.pretty(other) in answer and folios.pretty(case.folio) not in answer
    pablo.taps("Enviar y dejar abierto")
    assert "el lunes" in texts(luis.collect()) and not ana.collect()


def test_an_answer_may_carry_photos(counter: Counter, case: Case, ana: Talker, pablo: Talker) -> None:
    """The proof that it was mended reaches the resident."""
    pablo.says(f"/responder {case.folio}")
    answer = texts(pablo.sends_photo(text="Así quedó"))
    assert "Lleva 1 foto" in answer
    pablo.taps("Enviar y dejar abierto")
    assert len(ana.collect()[0].media) == 1
    assert len(case.last.media) == 1


def test_a_ticket_that_moved_meanwhile_is_shown_anew(case: Case, ana: Talker, pablo: Talker, petra: Talker) -> None:
    """Nobody sends an answer to something else than what they saw; the words are kept."""
    pablo.says(f"/responder {case.folio} Ya quedó")
    petra.says(f"/cerrar {case.folio} Ya estaba reparado desde ayer")
    petra.taps("Enviar")
    ana.collect()
    answer = texts(pablo.taps("marcar resuelto"))
    assert "Alguien cambió ese folio" in answer and "Ya quedó" in answer
    assert not ana.collect()
    assert pablo.received[-1].choices[0].label == "✅ Enviar"
    pablo.taps("Enviar")
    assert "Ya quedó" in texts(ana.collect())
    assert case.ticket.state is TicketState.CLOSED


def test_a_second_press_sends_nothing(case: Case, ana: Talker, pablo: Talker) -> None:
    """The button of an answer that went out is of no more use."""
    pablo.says(f"/responder {case.folio} Ya quedó")
    pablo.taps("Enviar y dejar abierto")
    assert "Ese botón ya no sirve" in texts(pablo.taps("Enviar y dejar abierto"))
    assert len(ana.collect()) == 1


def test_cancelling_sends_nothing(case: Case, ana: Talker, pablo: Talker) -> None:
    """At the preview too."""
    pablo.says(f"/responder {case.folio} Ya quedó")
    assert "No se mandó nada" in texts(pablo.says("cancelar"))
    assert not ana.collect() and len(case.history) == 1


def test_words_about_danger_are_an_answer_like_any_other(case: Case, pablo: Talker) -> None:
    """An official writes about an emergency; it is not theirs."""
    pablo.says(f"/nota {case.folio}")
    assert "Anotado" in texts(pablo.says("La vecina dice que su esposo la golpea y que no quiere vivir"))


def test_a_question_in_the_answer_is_not_taken_for_one_to_the_counter(case: Case, pablo: Talker) -> None:
    """Officials may ask whatever they like."""
    pablo.says(f"/responder {case.folio}")
    assert "Así lo leerá" in texts(pablo.says("¿Dónde pago el predial?"))


def test_a_folio_with_a_blank_and_words_after_it(case: Case, pablo: Talker) -> None:
    """As people write it."""
    spaced = f"{case.folio[:4]} {case.folio[4:]}".lower()
    assert "«»" not in texts(pablo.says(f"/responder {spaced} Ya vamos"))
    assert "Ya vamos" in pablo.received[-1].text and case.folio[4:].lower() not in pablo.received[-1].text
