"""What people asked in vain is kept without telling who they are, counted, and made into answers."""

from datetime import timedelta

from handlers.admin.news import News, asked_in_vain, expired_by_day
from tests.handlers.admin.conftest import Folder
from tests.handlers.counter import MONDAY, Counter, Talker, texts


def kept(counter: Counter) -> list[tuple[str, str, str | None]]:
    missed = counter.run(lambda uow: uow.misses.recent(MONDAY - timedelta(days=1)))
    return [(each.text, each.reason, each.article) for each in missed]


def test_an_unknown_question_is_kept_redacted_and_once(counter: Counter, ana: Talker):
    said = ana.says("soy Ana Ruiz, 3312345678, quiero adoptar un perrito de la perrera")
    assert "No tengo esa respuesta" in texts(said)
    assert kept(counter) == [("soy [nombre], [número], quiero adoptar un perrito de la perrera", "unknown", None)]
    ana.taps("Preguntar de otra manera")
    assert len(kept(counter)) == 1


def test_unknown_leads_to_a_request_with_the_question_in_it(counter: Counter, ana: Talker):
    ana.says("¿venden boletos para el palenque?")
    said = texts(ana.taps("solicitud"))
    assert "recibir" in said


def test_an_answer_that_did_not_help_is_kept_with_its_question(counter: Counter, ana: Talker):
    ana.says("¿Dónde pago el predial?")
    said = ana.taps("No me sirvió")
    assert "¿Cómo seguimos?" in texts(said)
    assert kept(counter) == [("¿Dónde pago el predial?", "not_useful", "predial")]
    said = texts(ana.taps("Mandarla como solicitud"))
    assert "recibir" in said


def test_an_answer_opened_by_a_button_is_kept_by_its_title(counter: Counter, ana: Talker):
    ana.says("/articulo acta")
    ana.taps("No me sirvió")
    assert kept(counter) == [("Acta de nacimiento", "not_useful", "acta")]


def test_an_answer_that_helped_is_thanked(counter: Counter, ana: Talker):
    ana.says("¿Dónde pago el predial?")
    assert "Qué bueno" in texts(ana.taps("Me sirvió"))
    assert kept(counter) == []


def asked(counter: Counter) -> None:
    for name, words in (
        ("a", "quiero adoptar un perrito"),
        ("b", "adoptar un perrito de la perrera"),
        ("c", "venden boletos del palenque"),
    ):
        counter.person(name).says(words)


def test_they_are_counted_by_likeness(counter: Counter, rosa: Talker):
    asked(counter)
    said = texts(rosa.says("/preguntas"))
    assert "3 preguntas sin respuesta" in said
    assert "2 × «" in said


def test_one_tap_begins_a_new_answer_with_the_wording_and_settles_them(counter: Counter, rosa: Talker, folder: Folder):
    asked(counter)
    rosa.says("/preguntas")
    rosa.taps("2 ×")
    rosa.taps("respuesta nueva")
    rosa.says("Adoptar un perro")
    rosa.says("En Control Animal, los sábados.")
    rosa.taps("Ninguno")
    rosa.taps("Ninguno")
    assert len(kept(counter)) == 3
    rosa.taps("Poner en línea")
    assert [text for text, _, _ in kept(counter)] == ["venden boletos del palenque"]
    folder.apply(counter)
    assert "adoptar" in counter.town.article("adoptar-un-perro", "es").questions[0]


def test_a_wording_is_added_to_an_answer_that_is_there(counter: Counter, rosa: Talker, folder: Folder):
    asked(counter)
    rosa.says("/preguntas")
    rosa.taps("1 ×")
    rosa.taps("Agregar a otra")
    rosa.says("alberca")
    said = rosa.taps("Horario de la alberca")
    assert "Poner en línea" in said[-1].choices[0].label
    rosa.taps("Poner en línea")
    folder.apply(counter)
    assert "venden boletos del palenque" in counter.town.article("alberca", "es").questions


def test_what_is_no_question_for_the_town_is_dismissed(counter: Counter, rosa: Talker):
    asked(counter)
    rosa.says("/preguntas")
    rosa.taps("2 ×")
    rosa.taps("Descartar")
    assert len(kept(counter)) == 1
    rosa.says("/preguntas")
    rosa.taps("1 ×")
    rosa.taps("Descartar")
    assert "No hay preguntas" in texts(rosa.says("/preguntas"))


def test_the_digest_comes_once_a_week(counter: Counter, rosa: Talker):
    asked(counter)
    news = lambda: counter.run(  # noqa: E731
        lambda uow: News(uow, counter.town, counter.now).weekly(asked_in_vain(uow, counter.now))
    )
    assert (news(), news()) == (1, 0)
    assert "3 preguntas" in texts(rosa.collect())
    counter.advance(days=1)
    counter.person("d").says("quiero adoptar un perrito")
    assert news() == 0, "this week's was told"
    counter.advance(days=6)
    assert news() == 1
    counter.advance(days=7)
    assert news() == 0, "nobody asked in vain"


def test_administrators_are_told_once_of_what_has_expired(counter: Counter, rosa: Talker, ana: Talker):
    ((day, articles),) = expired_by_day(counter.town, MONDAY.date()).items()
    news = lambda: counter.run(lambda uow: News(uow, counter.town, counter.now).expired(day, articles))  # noqa: E731
    assert (news(), news()) == (1, 0)
    assert "Horario de la alberca" in texts(rosa.collect())
    assert ana.collect() == []


def test_an_expired_answer_asks_to_confirm(ana: Talker):
    said = texts(ana.says("¿A qué hora abre la alberca?"))
    assert said.index("venció") < said.index("De martes a domingo")


def test_an_answer_has_what_is_known_and_ways_on(ana: Talker):
    said = ana.says("¿Dónde pago el predial?")
    for part in ("Tesorería", "Requisitos", "• Recibo anterior", "Costo", "example.org/predial"):
        assert part in texts(said)
    assert "Ley de Ingresos" not in texts(said), "the source is for editors"
    labels = [choice.label for choice in said[-1].choices]
    assert "Acta de nacimiento" in labels
    assert all(len(choice.id.encode()) <= 64 for choice in said[-1].choices)
    assert [choice.label for choice in said[-1].controls] == ["👍 Me sirvió", "👎 No me sirvió", "🏠 Menú"]
