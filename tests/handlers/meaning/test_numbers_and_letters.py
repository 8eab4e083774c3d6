"""Numbers belong to the list that was sent last; what comes over it goes by letters; nothing is sent by mistake."""

import pytest

from tests.handlers.counter import Counter, Talker, texts
from tests.handlers.official.conftest import Case


@pytest.mark.parametrize("said", ["2", "2.", "2️⃣", "dos", "la 2", "la segunda", "opción 2", "opcion dos"])
def test_a_row_of_the_menu_in_every_spelling(ana: Talker, said: str) -> None:
    """The second row is the report."""
    ana.says("/menu")
    assert "¿Qué está fallando?" in texts(ana.says(said))


@pytest.mark.parametrize("said", ["1.", "listo", "adelante", "👍", "va", "así está bien", "mándalo"])
def test_the_review_is_sent_by_any_yes(counter: Counter, ana: Talker, said: str) -> None:
    """People agree in many words."""
    ana.says("/reportar VIA-BACHE")
    ana.says("calle Hidalgo 5")
    ana.says("Hay un hoyo enorme desde hace un mes")
    ana.taps("sin foto")
    assert "Tu folio es" in texts(ana.says(said))
    assert len(counter.tickets_of(ana)) == 1


def test_a_notice_over_an_open_list_goes_by_letters(counter: Counter, ana: Talker, pablo: Talker) -> None:
    """The official's "2" means the second row of the queue, as before the card of a new ticket came."""
    for at in ("Hidalgo 5", "Juárez 10", "Morelos 15"):
        ana.says("/reportar VIA-BACHE")
        ana.says(f"calle {at}")
        ana.says("Hay un hoyo enorme desde hace un mes")
        ana.taps("sin foto")
        ana.taps("Enviar")
    pablo.collect()
    queue = pablo.says("/cola")
    second = queue[-1].choices[1]
    ana.says("/reportar VIA-BANQ")
    ana.says("calle Allende 3")
    ana.says("La banqueta está quebrada")
    ana.taps("sin foto")
    ana.taps("Enviar")
    (notice,) = pablo.collect()
    assert notice.lettered
    card = texts(pablo.says("2"))
    assert second.id.split()[1][:4] in card.replace("-", "")


def test_a_letter_chooses_among_what_the_notice_offers(counter: Counter, ana: Talker, pablo: Talker) -> None:
    """A is the first thing that the notice offers: the card."""
    pablo.says("/cola")
    ana.says("/reportar VIA-BANQ")
    ana.says("calle Allende 3")
    ana.says("La banqueta está quebrada")
    ana.taps("sin foto")
    ana.taps("Enviar")
    pablo.collect()
    assert "banqueta está quebrada" in texts(pablo.says("A"))


def test_nothing_is_sent_by_a_number_whose_list_was_covered(
    counter: Counter,
    ana: Talker,
    pablo: Talker,
    case: Case,
) -> None:
    """A card arrives while the answer waits for its last yes: "1" is asked about, and only a yes sends."""
    pablo.collect()
    pablo.says(f"/responder {case.folio} Ya vamos para allá")
    luis = counter.person("luis")
    luis.says("/reportar VIA-BACHE")
    luis.says("calle Juárez 10")
    luis.says("Otro hoyo enorme desde hace un mes")
    luis.taps("sin foto")
    luis.taps("Enviar")
    assert pablo.collect()[-1].lettered
    ana.collect()
    assert "¿Te refieres a" in texts(pablo.says("1"))
    assert ana.collect() == []
    pablo.says("sí")
    assert "Ya vamos" in texts(ana.collect())


def test_a_quoted_list_has_numbers_of_its_own(
    counter: Counter,
    pablo: Talker,
    case: Case,
) -> None:
    """A number that quotes an older list means a row of that one."""
    pablo.collect()
    pablo.says("/cola")
    queue = counter.message_ids["pablo"][-1]
    pablo.says("/menu")
    assert "Hay un hoyo enorme" in texts(pablo.says("1", reply_to=queue))


def test_a_later_yes_is_no_answer_to_what_was_not_sure(counter: Counter, pablo: Talker, case: Case) -> None:
    """Whoever did something else meanwhile has left the question, and nothing is taken by it."""
    pablo.collect()
    pablo.says("/cola")
    luis = counter.person("luis")
    luis.says("/reportar VIA-BANQ")
    luis.says("calle Juárez 10")
    luis.says("La banqueta está quebrada")
    luis.taps("sin foto")
    luis.taps("Enviar")
    notice = pablo.collect()[-1]
    letter = "ABC"[[each.id.split()[0] for each in notice.choices].index("/tomar")]
    pablo.says("/comandos")
    assert "¿Te refieres a" in texts(pablo.says(letter))
    pablo.says("/cola")
    pablo.says("sí")
    (ticket,) = counter.tickets_of(luis)
    assert ticket.assignee_person_id is None
