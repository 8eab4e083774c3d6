"""An article changed from the chat keeps every line that its change is not about."""

from datetime import date

import pytest

from faq.reading.articles import parse_article
from faq.reading.notes import Notes
from faq.writing import article_text, slug, with_body, with_value

TEXT = """\
---
id: predial
title: Pago del predial   # como en el recibo
# preguntas de la gente
questions:
  - dónde pago el predial
  - "cuánto es: predial"

# oficina
office: tesoreria
hours: "{horario}"
related: [agua]
---
Se paga en la Tesorería.

---
Fin.
"""


def read(text):
    notes = Notes()
    article = parse_article(text, notes, language="es", file="es/articles/predial.md")
    assert article is not None, notes.problems
    return article.article


def test_one_line_changes_and_the_others_stay():
    changed = with_value(TEXT, "office", "catastro")
    assert changed == TEXT.replace("office: tesoreria", "office: catastro")


def test_a_list_is_replaced_without_the_comment_below_it():
    changed = with_value(TEXT, "questions", ["a: b", "- c", "{d}"])
    assert read(changed).questions == ("a: b", "- c", "{d}")
    assert "# oficina\noffice: tesoreria\n" in changed
    assert "# preguntas de la gente\n" in changed


@pytest.mark.parametrize(
    ("key", "value", "attribute"),
    [
        ("cost", "$100: al mes", "cost"),
        ("cost", "no", "cost"),
        ("cost", "0123", "cost"),
        ("title", "Con «comillas» y 'otras' \"más\" # no es comentario", "title"),
        ("valid_until", date(2026, 12, 31), "valid_until"),
        ("requirements", ("uno", "dos"), "requirements"),
    ],
)
def test_any_words_can_be_written(key, value, attribute):
    """What was typed is what is read, whatever YAML thinks of it."""
    assert getattr(read(with_value(TEXT, key, value)), attribute) == value


def test_a_value_is_taken_out():
    changed = with_value(TEXT, "office", None)
    assert read(changed).office is None
    assert read(with_value(TEXT, "related", [])).related == ()
    assert with_value(TEXT, "cost", None) == TEXT


def test_the_answer_is_replaced_whole():
    changed = with_body(TEXT, "Otra.\n\nCosa. ")
    assert read(changed).body == "Otra.\n\nCosa."
    assert changed.startswith(TEXT[: TEXT.index("Se paga")])


def test_front_matter_in_braces_is_written_anew():
    text = "---\n{id: x, title: T, questions: [a, b], hours: no}\n---\nHola.\n"
    article = read(with_value(text, "cost", "Gratis"))
    assert (article.id, article.questions, article.hours, article.cost) == ("x", ("a", "b"), "no", "Gratis")


def test_a_new_article_is_read_as_it_was_meant():
    text = article_text({"id": "x", "title": "T: t", "questions": ("a?",), "office": None, "cost": ""}, " Hola. ")
    assert (read(text).title, read(text).questions, read(text).body) == ("T: t", ("a?",), "Hola.")
    assert "office" not in text


def test_ids_are_made_of_titles():
    assert slug("¿Cómo saco mi Acta de Nacimiento?") == "como-saco-mi-acta-de-nacimiento"
    assert slug("Predial", ["predial", "predial-2"]) == "predial-3"
    assert slug("¡¿?!") == "articulo"
    assert slug("../../etc/passwd") == "etc-passwd"
    assert len(slug("palabra " * 30)) <= 40
