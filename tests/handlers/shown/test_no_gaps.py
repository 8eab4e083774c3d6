"""No brace and no source reach a resident: in the sample town, in every text, in a town that filled in nothing."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from string import Formatter

import pytest

from faq.facts import Fact, of_article
from faq.reading.shipped import shipped_texts
from handlers.messages import OutgoingMessage
from handlers.town.town import Town
from tests.databases import database
from tests.handlers.counter import Counter, Talker, sample_town, texts

BRACES = re.compile(r"[{}]")
SOURCES = ("Fuente", "Source:", "Conocimiento general", "General knowledge", "scribd", "Prensa:", "Press:")
LIBRARY = sample_town().library
EVERY = [(language, id_) for language, articles in LIBRARY.articles.items() for id_ in articles]


def shown(messages: list[OutgoingMessage]) -> Iterator[str]:
    for message in messages:
        yield message.text
        yield from (each.label for each in (*message.choices, *message.controls))


def is_clean(messages: list[OutgoingMessage]) -> None:
    for text in shown(messages):
        assert not BRACES.search(text), text
        assert not [each for each in SOURCES if each in text], text


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Talker]:
    """A resident of the sample town, on SQLite: what is said does not hang on the database."""
    with database("sqlite", tmp_path) as store:
        yield Counter(store).person("ana")


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_article_of_the_sample(reader: Talker, language: str) -> None:
    """In each language, those included that exist in Spanish only; and each fact of each."""
    reader.says("/idioma")
    reader.taps({"es": "Español", "en": "English"}[language])
    for id_ in LIBRARY.articles["es"]:
        told = reader.says(f"/articulo {id_}")
        is_clean(told)
        assert len(told) == 1, id_
        assert len(told[0].choices) <= 4
        labels = [each.label for each in told[0].choices]
        assert len(labels) == len(set(labels)), labels


@pytest.mark.parametrize(("language", "id_"), EVERY)
def test_every_fact_of_the_sample(language: str, id_: str) -> None:
    """Known and whole, or not told."""
    article = sample_town().article(id_, language)
    assert article is not None
    values = [of_article(article, sample_town().office(article.office), fact) for fact in Fact]
    assert not [each for each in values if each is not None and (BRACES.search(each) or not each.strip())]


def test_every_office_of_the_sample(reader: Talker) -> None:
    """None of them has told anything yet."""
    for id_ in LIBRARY.departments:
        told = reader.says(f"/dato {id_} hours")
        is_clean(told)
        assert "todavía no confirma el horario" in texts(told)


@pytest.mark.parametrize("language", sorted(shipped_texts()))
def test_every_text_fills_all_that_it_names(language: str) -> None:
    """A text in which everything is filled has no brace left, but for what administrators read of braces."""
    for key, text in shipped_texts()[language].items():
        for form in [text] if isinstance(text, str) else text.values():
            names = {name for _, name, _, _ in Formatter().parse(form) if name}
            told = form.format_map(dict.fromkeys(names, "x"))
            assert key.startswith("faq_") or not BRACES.search(told), key


def town_without_facts() -> Town:
    """Everything that can be left open is."""
    offices = {
        id_: replace(each, name={"es": "{nombre_area}"}, phone="{t}", address="{d}", hours="{h}")
        for id_, each in LIBRARY.departments.items()
    }
    article = replace(
        LIBRARY.articles["es"]["predial-pago"],
        title="Pago del predial {2027}",
        body="Cuesta {costo}.\n\nPaga en la caja, {domicilio}. Las filas son: {tabla}.",
        cost="{c}",
        duration="{d} días",
        hours="De {a} a {b}",
        requirements=("Recibo {anterior}", "Identificación"),
        source="Prensa: {quien}",
        actions=("report:VIA-BACHE", "report:AGUA-FUGA", "report:VIA-BACHE", "url:{liga}"),
    )
    city = replace(LIBRARY.city, privacy_notice_url="{aviso}")
    return Town(replace(LIBRARY, city=city, departments=offices, articles={"es": {article.id: article}}), model="none")


def test_a_town_that_filled_in_nothing(reader: Talker) -> None:
    """What stands by itself is told, and where to ask for the rest, once."""
    reader.counter.town = town_without_facts()
    is_clean(reader.says("hola"))
    is_clean(reader.says("/privacidad"))
    is_clean(reader.says("¿quién ganó el partido de ayer?"))
    told = reader.says("/articulo predial-pago")
    is_clean(told)
    said = texts(told)
    assert "Paga en la caja." in said
    assert "• Identificación" in said
    assert said.count("Lo que aquí falta") == 1
    assert [each.label for each in told[0].choices] == ["🛠 Reportar: Bache", "🛠 Reportar: Fuga de agua"]
    for fact in ("cost", "hours", "place", "phone", "requirements", "duration", "how"):
        is_clean(reader.says(f"/dato predial-pago {fact}"))
    is_clean(reader.taps("No me sirvió"))


def test_whoever_edits_sees_what_is_missing_and_the_source(reader: Talker) -> None:
    """The article as it is written."""
    counter = reader.counter
    rosa = counter.official("rosa", "administrator")
    seen = texts(rosa.says("/faq ver basura-horario"))
    assert "{tabla_rutas_basura}" in seen
    assert "Fuente: " in seen


def test_an_answer_in_one_language_only_is_whole_in_it(reader: Talker) -> None:
    """One line says so; nothing else of the answer is in the other."""
    reader.says("/idioma")
    reader.taps("English")
    only = next(id_ for id_, each in LIBRARY.articles["es"].items() if id_ not in LIBRARY.articles["en"] and each.cost)
    (told,) = reader.says(f"/articulo {only}")
    assert "This answer is only available in Español." in told.text
    assert "**Costo:**" in told.text
    assert not [each for each in ("Cost:", "What you need", "Where:", "Takes:", "Not checked") if each in told.text]
    assert told.controls[0].label == "👍 This helped"
    fact = texts(reader.says(f"/dato {only} cost"))
    assert "**Costo:**" in fact
