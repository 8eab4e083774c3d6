"""An administrator looks after the answers from the chat, step by step."""

from tests.handlers.admin.conftest import Folder
from tests.handlers.counter import Counter, Talker, texts

PREDIAL = "es/articles/predial.md"


def pending(counter: Counter) -> list[tuple[str, str | None, str]]:
    changes = counter.run(lambda uow: uow.content_changes.unseen(10**9))
    return [(each.path, each.text, each.note) for each in changes]


def test_the_list_counts_and_opens_by_theme(rosa: Talker):
    said = rosa.says("/faq")
    assert "3 respuestas" in texts(said)
    assert any("Vencidas (1)" in choice.label for choice in said[-1].choices)
    rosa.taps("Sin tema (1)")
    assert "Horario de la alberca" in [choice.label for choice in rosa.received[-1].choices]


def test_any_words_are_looked_for(rosa: Talker):
    said = rosa.says("/faq nacimiento")
    assert "Acta de nacimiento" in [choice.label for choice in said[-1].choices]
    assert "No encontré" in texts(rosa.says("/faq zzzz"))


def test_an_article_is_shown_as_residents_see_it(rosa: Talker):
    said = texts(rosa.says("/faq ver predial"))
    for part in ("Se paga en la Tesorería", "Recibo anterior", "Según el avalúo", "¿Dónde pago el predial?", PREDIAL):
        assert part in said


def test_residents_and_agents_have_no_way_in(counter: Counter, ana: Talker):
    agent = counter.official("Beto", "agent")
    for talker in (ana, agent):
        for words in ("/faq", "/faq editar predial", "/preguntas", "/faq deshacer 1"):
            assert "otro puesto" in texts(talker.says(words)), words


def test_a_field_is_changed_with_a_look_before_it_goes_live(counter: Counter, rosa: Talker, folder: Folder):
    rosa.says("/faq editar predial")
    said = rosa.taps("Costo")
    assert "Según el avalúo" in texts(said)
    said = texts(rosa.says('Gratis: "en línea"'))
    assert "Así lo lee la gente" in said
    assert 'Gratis: "en línea"' in said
    assert pending(counter) == []
    assert "En unos segundos" in texts(rosa.taps("Poner en línea"))
    assert folder.apply(counter) == [PREDIAL]
    assert "Ya está en línea «Pagar el predial»" in texts(rosa.collect())
    assert counter.town.article("predial", "es").cost == 'Gratis: "en línea"'
    assert "Gratis" in texts(rosa.taps("Preguntarlo"))


def test_several_fields_are_one_change(counter: Counter, rosa: Talker):
    rosa.says("/faq editar predial")
    rosa.taps("Cuánto tarda")
    rosa.says("Diez minutos")
    rosa.taps("Vale hasta")
    assert "no la entendí" in texts(rosa.says("el martes"))
    rosa.says("31/12/2026")
    rosa.taps("Formas de preguntarlo")
    rosa.says("+ con cuánto me toca de predial")
    rosa.taps("Requisitos")
    rosa.says("quitar")
    rosa.taps("Oficina")
    rosa.taps("Ninguno")
    rosa.taps("Poner en línea")
    [(path, text, note)] = pending(counter)
    assert (path, note) == (PREDIAL, "edited")
    for part in (
        "duration: Diez minutos",
        "valid_until: 2026-12-31",
        "- con cuánto me toca de predial",
        "- ¿Dónde pago el predial?",
    ):
        assert part in text
    assert "requirements" not in text
    assert "office" not in text


def test_back_takes_the_last_step_back(counter: Counter, rosa: Talker):
    rosa.says("/faq editar predial")
    rosa.taps("Título")
    rosa.says("Otro título")
    said = rosa.says("atrás")
    assert "Pagar el predial" in texts(said)
    rosa.says("Título bueno")
    rosa.taps("Poner en línea")
    assert "title: Título bueno" in pending(counter)[0][1]


def test_mistakes_are_told_in_plain_words_and_keep_it_back(counter: Counter, rosa: Talker):
    rosa.says("/faq editar predial")
    rosa.taps("Título")
    said = rosa.says("Acta de nacimiento")
    assert "el mismo título" in texts(said)
    assert not any("Poner en línea" in choice.label for choice in said[-1].choices)
    rosa.taps("Título")
    said = rosa.says("Predial")
    assert any("Poner en línea" in choice.label for choice in said[-1].choices)


def test_a_wording_of_another_answer_and_an_open_placeholder_are_remarked(rosa: Talker):
    rosa.says("/faq editar predial")
    rosa.taps("Formas de preguntarlo")
    said = texts(rosa.says("+ copia del acta de nacimiento"))
    assert "también está en «Acta de nacimiento»" in said
    rosa.taps("Horario")
    assert "entre llaves" in texts(rosa.says("{horario}"))


def test_an_answer_added_from_the_chat_is_found_by_the_next_resident(
    counter: Counter, rosa: Talker, ana: Talker, folder: Folder
):
    assert "Centro de Control Animal" not in texts(ana.says("donde adopto un perrito callejero"))
    rosa.says("/faq nueva")
    rosa.says("Adoptar un perro")
    rosa.says("dónde adopto un perrito callejero\nquiero adoptar un perro\nadopción de mascotas")
    rosa.says("En el Centro de Control Animal, con tu INE.")
    rosa.taps("Ninguno")
    said = texts(rosa.taps("Ninguno"))
    assert "Centro de Control Animal" in said
    rosa.taps("Poner en línea")
    assert folder.apply(counter) == ["es/articles/adoptar-un-perro.md"]
    assert "Ya está en línea «Adoptar un perro»" in texts(rosa.collect())
    assert "Centro de Control Animal" in texts(ana.says("donde adopto un perrito callejero"))


def test_a_title_cannot_lead_out_of_the_folder(counter: Counter, rosa: Talker):
    rosa.says("/faq nueva")
    for words in ("../../../etc/passwd", "una pregunta", "Una respuesta cualquiera."):
        rosa.says(words)
    rosa.taps("Ninguno")
    rosa.taps("Ninguno")
    rosa.taps("Poner en línea")
    assert pending(counter)[0][0] == "es/articles/etc-passwd.md"


def test_a_withdrawn_answer_is_not_told_and_can_come_back(counter: Counter, rosa: Talker, ana: Talker, folder: Folder):
    rosa.says("/faq retirar acta")
    rosa.says("sí")
    assert sorted(path for path, _, _ in pending(counter)) == ["es/articles/acta.md", PREDIAL]
    folder.apply(counter)
    rosa.collect()
    assert counter.town.article("acta", "es") is None
    assert counter.town.article("predial", "es").related == ()
    rosa.says("/faq retiradas")
    rosa.taps("acta.md")
    rosa.says("sí")
    folder.apply(counter)
    assert "Registro Civil" in texts(ana.says("¿cómo saco mi acta de nacimiento?"))


def test_a_change_is_undone_by_its_history(counter: Counter, rosa: Talker, folder: Folder):
    before = folder.text(PREDIAL)
    rosa.says("/faq editar predial")
    rosa.taps("La respuesta")
    rosa.says("Ya no se paga nunca más.")
    rosa.taps("Poner en línea")
    folder.apply(counter)
    rosa.collect()
    said = rosa.says("/faq historia predial")
    assert "se cambió, por Rosa (en línea)" in texts(said)
    assert "Se paga en la Tesorería" in texts(rosa.taps("Volver a antes"))
    rosa.says("sí")
    folder.apply(counter)
    assert folder.text(PREDIAL) == before


def test_undoing_a_new_answer_withdraws_it(counter: Counter, rosa: Talker, folder: Folder):
    rosa.says("/faq nueva")
    for words in ("Museo", "a qué hora abre el museo", "De martes a domingo."):
        rosa.says(words)
    rosa.taps("Ninguno")
    rosa.taps("Ninguno")
    rosa.taps("Poner en línea")
    folder.apply(counter)
    rosa.collect()
    rosa.says("/faq historia museo")
    rosa.taps("Volver a antes")
    rosa.says("sí")
    folder.apply(counter)
    assert folder.text("es/articles/museo.md") is None


def test_who_wrote_on_something_that_changed_meanwhile_saves_nothing(counter: Counter, rosa: Talker, folder: Folder):
    """Two administrators, or one and a hand in the files."""
    rosa.says("/faq editar predial")
    rosa.taps("Costo")
    rosa.says("Cien pesos")
    path = folder.path / PREDIAL
    path.write_text(path.read_text(encoding="utf-8").replace("Tesorería", "caja"), encoding="utf-8")
    counter.town = folder.town()
    assert "Alguien cambió ese archivo" in texts(rosa.taps("Poner en línea"))
    assert pending(counter) == []


def test_a_change_that_is_still_on_its_way_is_waited_for(counter: Counter, rosa: Talker):
    for _ in range(2):
        rosa.says("/faq editar predial")
        rosa.taps("Costo")
        rosa.says("Cien pesos")
        said = rosa.taps("Poner en línea")
    assert "todavía no queda en línea" in texts(said)
    assert len(pending(counter)) == 1


def test_a_role_that_was_taken_away_ends_it_at_the_next_step(counter: Counter, rosa: Talker):
    rosa.says("/faq editar predial")
    rosa.taps("Costo")
    rosa.says("Cien pesos")
    person = rosa.contact().person_id
    counter.run(lambda uow: uow.invitations.revoke(person, counter.now))
    assert "otro puesto" in texts(rosa.taps("Poner en línea"))
    assert pending(counter) == []


def test_words_with_braces_and_questions_stay_words(counter: Counter, rosa: Talker):
    """What is typed for an article is never taken for a question to the counter."""
    rosa.says("/faq editar acta")
    rosa.taps("Título")
    said = rosa.says("¿Dónde pago el predial?")
    assert "¿Dónde pago el predial?" in texts(said)
    assert "Tesorería" not in texts(said)


def test_a_change_that_was_left_half_written_can_be_taken_up(counter: Counter, rosa: Talker):
    rosa.says("/faq editar predial")
    rosa.taps("Costo")
    rosa.says("Cien pesos")
    counter.advance(hours=13)
    assert counter.expire() == 1
    assert "cambio a una respuesta" in texts(rosa.collect())
    rosa.taps("Seguir")
    rosa.taps("Poner en línea")
    assert "cost: Cien pesos" in pending(counter)[0][1]
