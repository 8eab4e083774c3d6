"""An administrator sees in the chat what was given up, and says what becomes of it; nobody else does."""

import pytest

from handlers.admin.dead_news import tell_of_dead_letters
from handlers.messages import OutgoingMessage
from tests.handlers.counter import Counter, Talker, texts

SECRET = "vivo en Hidalgo 5"


def give_up(counter: Counter, *words: str, unsure: bool = False, to: str = "ana") -> None:
    """Messages to somebody that will not go out, or may have."""
    counter.deliver()
    address_id = counter.person(to).contact().address_id
    for each in words:
        counter.run(lambda uow, each=each: uow.outbox.put(address_id, OutgoingMessage(each), now=counter.now))
    while rows := counter.run(lambda uow: uow.claims.claim("test", counter.now, {"webchat": 100})):
        for row in rows:
            if unsure:
                counter.run(lambda uow, row=row: uow.delivery.uncertain(row.id, counter.now, None, "timed out"))
            else:
                counter.run(lambda uow, row=row: uow.delivery.dead(row.id, counter.now, "telegram: 400"))


def left(counter: Counter) -> list[str]:
    return [each.key for each in counter.run(lambda uow: uow.dead_letters.page(None, 100))]


def arrived(counter: Counter, to: str = "ana") -> list[str]:
    return [each.text for each in counter.person(to).collect()]


def test_without_any_it_says_so(rosa: Talker):
    assert "No hay nada" in texts(rosa.says("/fallos"))


def test_it_shows_why_and_since_when_and_nothing_of_what_it_says(counter: Counter, rosa: Talker):
    give_up(counter, SECRET)
    said = texts(rosa.says("/fallos"))
    for word in (
        "Fallos pendientes: 1",
        "Una respuesta",
        "no se pudo entregar",
        "webchat",
        "telegram: 400",
        "intentos: 1",
    ):
        assert word in said, word
    assert SECRET not in said


def test_one_press_sends_it_again_and_shows_the_next(counter: Counter, rosa: Talker):
    give_up(counter, "uno", "dos")
    rosa.says("/fallos")
    said = texts(rosa.taps("Intentar otra vez"))
    assert "otra vez en camino" in said
    assert "Fallos pendientes: 1" in said
    assert arrived(counter) == ["uno"]
    rosa.taps("Intentar otra vez")
    assert arrived(counter) == ["dos"]
    assert left(counter) == []


def test_next_leaves_it_and_comes_to_an_end(counter: Counter, rosa: Talker):
    give_up(counter, "uno", "dos")
    rosa.says("/fallos")
    rosa.taps("Siguiente")
    said = texts(rosa.taps("Siguiente"))
    assert "Esos eran todos" in said
    assert "Fallos pendientes: 2" in texts(rosa.taps("desde el principio"))
    assert len(left(counter)) == 2


def test_dropping_asks_once(counter: Counter, rosa: Talker):
    give_up(counter, "uno")
    rosa.says("/fallos")
    rosa.taps("Descartar")
    assert len(left(counter)) == 1
    assert "se queda como estaba" in texts(rosa.taps("No")).lower()
    assert len(left(counter)) == 1
    rosa.taps("Descartar")
    assert "Descartado" in texts(rosa.taps("Sí"))
    assert left(counter) == []
    assert arrived(counter) == []


def test_what_may_have_arrived_goes_out_only_after_a_word_that_says_so(counter: Counter, rosa: Talker):
    give_up(counter, "uno", unsure=True)
    assert "Puede que sí haya llegado" in texts(rosa.says("/fallos"))
    assert "dos veces" in texts(rosa.taps("Intentar otra vez"))
    assert arrived(counter) == []
    rosa.taps("No")
    assert arrived(counter) == []
    rosa.taps("Intentar otra vez")
    rosa.taps("Sí")
    assert arrived(counter) == ["uno"]


def test_all_at_once_leaves_what_may_have_arrived(counter: Counter, rosa: Talker):
    give_up(counter, "uno", "dos")
    give_up(counter, "tres", unsure=True)
    rosa.says("/fallos")
    rosa.taps("Intentar todos")
    said = texts(rosa.taps("Sí"))
    assert "Otra vez en camino: 2" in said and "Se quedaron como estaban: 1" in said
    assert arrived(counter) == ["uno", "dos"]


def test_two_administrators_who_press_at_once_send_it_once(counter: Counter, rosa: Talker):
    give_up(counter, "uno")
    eva = counter.official("Eva", "administrator")
    rosa.says("/fallos")
    eva.says("/fallos")
    rosa.taps("Intentar otra vez")
    assert "Alguien más ya lo resolvió" in texts(eva.taps("Intentar otra vez"))
    assert arrived(counter) == ["uno"]


@pytest.mark.parametrize("role", ["agent", "supervisor", None])
def test_nobody_else_sees_them(counter: Counter, role: str | None):
    give_up(counter, "uno")
    who = counter.person("beto") if role is None else counter.official("beto", role)
    said = texts(who.says("/fallos"))
    assert "Fallos pendientes" not in said
    assert len(left(counter)) == 1


def test_an_old_button_is_no_permission(counter: Counter, rosa: Talker):
    """The role is gone between the list and the press, and between the question and the yes."""
    give_up(counter, "uno")
    rosa.says("/fallos")
    rosa.taps("Descartar")
    counter.run(lambda uow: uow.invitations.revoke(rosa.contact().person_id, counter.now))
    rosa.taps("Sí")
    assert len(left(counter)) == 1
    rosa.received = [each for each in rosa.received if "Fallos pendientes" in each.text]
    rosa.taps("Intentar otra vez")
    assert arrived(counter) == []


def test_it_can_be_answered_by_number(counter: Counter, rosa: Talker):
    """Where there are no buttons."""
    give_up(counter, "uno")
    rosa.says("/fallos")
    rosa.says("1")
    assert arrived(counter) == ["uno"]


def told(counter: Counter, who: Talker) -> int:
    counter.run(lambda uow: tell_of_dead_letters(uow, counter.town, counter.now))
    return texts(who.collect()).count("Hay fallos por revisar")


def test_administrators_are_told_of_the_first_in_a_day_and_once(counter: Counter, rosa: Talker):
    assert told(counter, rosa) == 0
    give_up(counter, "uno")
    assert told(counter, rosa) == 1
    give_up(counter, "dos")
    counter.advance(hours=1)
    assert told(counter, rosa) == 0
    counter.advance(days=1)
    assert told(counter, rosa) == 0, "nothing new"
    give_up(counter, "tres")
    assert told(counter, rosa) == 1
    assert "Fallos pendientes: 3" in texts(rosa.taps("Ver los fallos"))


def test_nobody_else_is_told_and_nobody_of_what_may_have_arrived(counter: Counter, rosa: Talker):
    sofia = counter.official("Sofía", "supervisor")
    give_up(counter, "uno", unsure=True)
    assert told(counter, rosa) == 0
    give_up(counter, "dos")
    assert told(counter, sofia) == 0
    assert "Hay fallos" in texts(rosa.collect())


def test_a_form_that_was_set_apart_is_offered_to_its_person_again(counter: Counter, rosa: Talker):
    """From the form that broke to the folio, through an administrator's press."""
    ana = counter.person("ana")
    ana.says("/reportar VIA-BACHE")
    ana.says("calle Hidalgo 5, colonia Centro")
    counter.run(
        lambda uow: uow._rows.command("UPDATE conversation SET flow = 'report_of_tomorrow' WHERE flow = 'report'")
    )
    assert "tuve que cerrarlo" in texts(ana.says("un hoyo enorme"))
    ana.says("/cancelar")
    counter.run(lambda uow: uow._rows.command("UPDATE conversation_apart SET flow = 'report'"))
    assert "Un trámite a medias" in texts(rosa.says("/fallos"))
    rosa.taps("Intentar otra vez")
    counter.advance(minutes=1)
    assert "reporte" in texts(ana.says("hola que tal")).lower()
    ana.taps("Seguir")
    ana.says("Hay un hoyo enorme desde hace un mes")
    ana.taps("Seguir sin foto")
    ana.taps("Enviar")
    (ticket,) = counter.tickets_of(ana)
    assert ticket.place is not None and ticket.place.text == "calle Hidalgo 5, colonia Centro"


def test_dropped_letters_are_no_news(counter: Counter, rosa: Talker):
    give_up(counter, "uno")
    rosa.says("/fallos")
    rosa.taps("Descartar")
    rosa.taps("Sí")
    assert told(counter, rosa) == 0
