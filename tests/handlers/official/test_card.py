"""A ticket's card shows all that is needed to act, and offers only what role and state allow."""

from handlers.messages import OutgoingMessage
from handlers.ticket import folio as folios
from tests.handlers.counter import Counter, Talker, texts
from tests.handlers.official.conftest import Case


def acts(message: OutgoingMessage) -> set[str]:
    """The commands that a message's buttons run."""
    return {choice.id.split()[0] for choice in message.choices}


def test_the_card_shows_all_that_is_needed(case: Case, pablo: Talker) -> None:
    """Kind, service, story, place, state, department, who has it, dates and the last of the history."""
    answer = texts(pablo.says(f"/ver {folios.pretty(case.folio)}"))
    for part in (
        folios.pretty(case.folio),
        "Reporte: **Bache**",
        "«Hay un hoyo enorme desde hace un mes»",
        "calle Hidalgo 5, colonia Centro",
        "**Estado:** recibido, en Obras Públicas",
        "Sin asignar",
        "**Plazo:**",
        "(vence en",
        "se abrió",
    ):
        assert part in answer, part


def test_a_pin_becomes_a_map_link_and_photos_come_along(counter: Counter, ana: Talker, pablo: Talker) -> None:
    """What the resident sent is there to be looked at."""
    ana.says("/reportar VIA-BACHE")
    ana.sends_place(20.3815, -102.9280)
    ana.says("Hay un hoyo enorme")
    ana.sends_photo(n=2)
    ana.taps("Listo")
    folio = folios.read(texts(ana.taps("Enviar")))
    card = pablo.says(f"/ver {folio}")[-1]
    assert "https://maps.google.com/?q=20.381500,-102.928000" in card.text
    assert "**Fotos o archivos:** 2" in card.text and len(card.media) == 2


def test_an_information_request_shows_how_it_is_to_be_delivered(counter: Counter, ana: Talker) -> None:
    """The wish is part of the request."""
    nora = counter.official("nora", department="transparencia")
    ana.says("/solicitar Quiero las actas de cabildo de 2025")
    ana.taps("Copias simples")
    folio = folios.read(texts(ana.taps("Enviar")))
    card = nora.says(f"/ver {folio}")[-1]
    assert "**Solicitud de información**" in card.text and "**Entrega:** Copias simples" in card.text


def test_the_buttons_follow_role_and_state(case: Case, pablo: Talker, sofia: Talker) -> None:
    """Giving tickets out is the supervisor's; what has ended is neither taken nor sent on."""
    everything = {"/tomar", "/responder", "/nota", "/estado", "/turnar", "/cerrar", "/historia", "/cola"}
    assert acts(pablo.says(f"/ver {case.folio}")[-1]) == everything
    assert acts(sofia.says(f"/ver {case.folio}")[-1]) == everything | {"/asignar"}
    pablo.says(f"/tomar {case.folio}")
    assert acts(pablo.says(f"/ver {case.folio}")[-1]) == everything - {"/tomar"}
    pablo.says(f"/cerrar {case.folio} Ya se había reparado")
    pablo.taps("Enviar")
    ended = {"/responder", "/nota", "/historia", "/cola"}
    assert acts(pablo.says(f"/ver {case.folio}")[-1]) == ended
    assert acts(sofia.says(f"/ver {case.folio}")[-1]) == ended | {"/estado"}


def test_the_card_tells_how_far_the_last_notice_got(counter: Counter, case: Case, ana: Talker, pablo: Talker) -> None:
    """Sent, delivered, read, or not delivered: in plain words, and only of notices to the resident."""
    assert "Último aviso" not in texts(pablo.says(f"/ver {case.folio}"))
    pablo.says(f"/tomar {case.folio}")
    assert "**Último aviso a quien lo abrió:** enviado (" in texts(pablo.says(f"/ver {case.folio}"))
    notice = counter.message_ids["ana"][-1]
    for status, words in (("delivered", "entregado en su teléfono"), ("read", "leído")):
        counter.run(lambda uow, status=status: uow.delivery.receipt("webchat", notice, status, None, counter.now))
        assert words in texts(pablo.says(f"/ver {case.folio}"))


def test_notes_are_seen_by_staff_only(case: Case, ana: Talker, pablo: Talker) -> None:
    """In the card and in the history, never in the resident's."""
    assert "Sólo lo lee el personal" in texts(pablo.says(f"/nota {case.folio} Ojo: es un camino privado"))
    assert not ana.collect()
    assert "nota interna de pablo: «Ojo: es un camino privado»" in texts(pablo.says(f"/ver {case.folio}"))
    assert "camino privado" in texts(pablo.taps("Historia completa"))
    assert "camino privado" not in texts(ana.says(case.folio))


def test_the_whole_story_is_in_the_history(counter: Counter, ana: Talker, pablo: Talker) -> None:
    """The card cuts a long one, the history does not."""
    story = "Hay un hoyo enorme. " * 60 + "Y esta es la última frase."
    ana.says("/reportar VIA-BACHE")
    ana.says("calle Hidalgo 5")
    ana.says(story)
    ana.taps("sin foto")
    folio = folios.read(texts(ana.taps("Enviar")))
    assert "última frase" not in texts(pablo.says(f"/ver {folio}"))
    assert "última frase" in texts(pablo.says(f"/historia {folio}"))


def test_the_history_reads_well(case: Case, ana: Talker, pablo: Talker, sofia: Talker) -> None:
    """Who did what, from where to where, and why; the resident has no name."""
    sofia.says(f"/asignar {case.folio} pablo")
    pablo.says(f"/responder {case.folio} Vamos mañana")
    pablo.taps("Enviar y dejar abierto")
    pablo.says(f"/estado {case.folio} en proceso ya estamos ahí")
    pablo.taps("Enviar")
    ana.says(f"/agregar {case.folio} ya hay dos hoyos")
    ana.taps("sin foto")
    sofia.says(f"/turnar {case.folio} agua potable: es una fuga de agua")
    sofia.taps("Enviar")
    said = texts(sofia.says(f"/folio {case.folio}"))
    assert "hoyo" not in said
    adan = case.counter.official("adan", role="administrator")
    history = texts(adan.says(f"/historia {case.folio}"))
    for line in (
        "se abrió",
        "sofia lo asignó a pablo",
        "pablo respondió: «Vamos mañana»",
        "pablo lo pasó de asignado a en proceso: «ya estamos ahí»",
        "quien lo abrió agregó algo: «ya hay dos hoyos»",
        "sofia lo turnó de Obras Públicas a Agua Potable y Alcantarillado: «es una fuga de agua»",
    ):
        assert line in history, line


def test_ones_own_ticket_shows_the_card_to_those_who_may_work_on_it(counter: Counter, pablo: Talker) -> None:
    """An official is a resident too."""
    pablo.says("/reportar VIA-BACHE")
    pablo.says("calle Juárez 3")
    pablo.says("Un hoyo frente a mi casa")
    pablo.taps("sin foto")
    folio = folios.read(texts(pablo.taps("Enviar")))
    assert "**Estado:** recibido" in texts(pablo.says(f"/ver {folio}"))
    assert "Recibido" in texts(pablo.says(f"/folio {folio}"))


def test_a_folio_typed_by_an_official_opens_the_card(case: Case, pablo: Talker) -> None:
    """In any spelling."""
    assert "**Estado:** recibido" in texts(pablo.says(folios.pretty(case.folio).lower()))


def test_a_folio_that_is_not_there(pablo: Talker) -> None:
    """Mistyped, unknown, or none at all."""
    assert "Escribe el folio" in texts(pablo.says("/ver"))
    assert "tiene un error" in texts(pablo.says("/ver K7M4TX2")) or "No tengo" in pablo.received[-1].text


def test_in_english(counter: Counter, case: Case) -> None:
    """An official who reads English gets the same card in English."""
    pat = counter.official("pat", department="obras_publicas")
    pat.says("/language")
    pat.taps("English")
    assert "**State:** received, at Public Works" in texts(pat.says(f"/view {case.folio}"))
    assert "Queue of Public Works" in texts(pat.says("/queue"))
