"""Bare questions for a fact, the facts of articles and offices, and which office is named."""

from datetime import date

import pytest

from faq.facts import Fact, FactAsked, asked, of_article, of_office, offices_in
from faq.model import Article, Department

OFFICES = {
    "civil": Department(
        "civil",
        {"es": "Registro Civil", "en": "Civil Registry"},
        phone="395 000 0001",
        address="Plaza 1",
        hours="lunes a viernes, 9:00 a 15:00",
        also_called=("el civil",),
    ),
    "obras": Department("obras", {"es": "Obras Públicas"}, phone="{telefono_obras}", also_called=("los de obras",)),
    "hacienda": Department("hacienda", {"es": "Hacienda Municipal (Tesorería)"}, also_called=("las cajas",)),
    "agua": Department("agua", {"es": "Agua Potable"}),
    "calidad": Department("calidad", {"es": "Calidad del Agua Potable"}),
}

ACTA = Article(
    id="acta",
    title="Acta de nacimiento",
    questions=("mi acta",),
    body="Pídela en el Registro Civil, {domicilio}, con tu CURP. Son {n} filas. Sale al momento.\n\nOtra cosa.",
    cost="$ 100",
    duration="{dias}",
    requirements=("Tu CURP", "Pago de {costo}", "Identificación"),
    verified_on=date(2026, 3, 9),
)


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("y cuanto cuesta?", Fact.COST),
        ("¿Y cuánto sale?", Fact.COST),
        ("kuanto kuesta", Fact.COST),
        ("costo?", Fact.COST),
        ("cuanto me va a costar", Fact.COST),
        ("es gratis?", Fact.COST),
        ("en cuanto sale", Fact.COST),
        ("how much is it?", Fact.COST),
        ("¿dónde?", Fact.PLACE),
        ("y eso donde es", Fact.PLACE),
        ("a donde voy", Fact.PLACE),
        ("en qué oficina", Fact.PLACE),
        ("where is it", Fact.PLACE),
        ("a k ora abren", Fact.HOURS),
        ("y que dias atienden", Fact.HOURS),
        ("horario?", Fact.HOURS),
        ("¿y los domingos?", Fact.HOURS),
        ("hasta que horas", Fact.HOURS),
        ("what time do you open", Fact.HOURS),
        ("tiene telefono?", Fact.PHONE),
        ("a que numero marco", Fact.PHONE),
        ("me da el numero pa hablarles", Fact.PHONE),
        ("tiene algun telefono donde contesten", Fact.PHONE),
        ("que papeles ocupo", Fact.REQUIREMENTS),
        ("que tengo que llevar", Fact.REQUIREMENTS),
        ("requisitos", Fact.REQUIREMENTS),
        ("what do I need to bring", Fact.REQUIREMENTS),
        ("cuanto tardan", Fact.DURATION),
        ("en cuanto tiempo", Fact.DURATION),
        ("cuantos dias", Fact.DURATION),
        ("how long does it take", Fact.DURATION),
        ("se puede por internet?", Fact.HOW),
        ("como le hago", Fact.HOW),
        ("necesito cita?", Fact.HOW),
    ],
)
def test_a_bare_question(text: str, fact: Fact):
    """About whatever was spoken of before."""
    found = asked(text)
    assert found is not None
    assert (found.fact, found.is_bare) == (fact, True)
    assert found.sure >= 0.8


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("de que tamaño son las fotos", Fact.REQUIREMENTS),
        ("y cuanto cobran si el juez va a la casa", Fact.COST),
        ("cuanto cuesta un acta de nacimiento?", Fact.COST),
        ("a que hora abre el registro civil", Fact.HOURS),
        ("cual es el telefono de obras publicas", Fact.PHONE),
        ("cuanto tardan en venir a conectarla", Fact.DURATION),
        ("que requisitos piden para casarse", Fact.REQUIREMENTS),
        ("donde se paga el predial", Fact.PLACE),
        ("y si no tengo recibos a mi nombre? yo rento", Fact.REQUIREMENTS),
        ("cobran por las copias?", Fact.COST),
    ],
)
def test_a_question_that_names_something(text: str, fact: Fact):
    """It may be about something else than what was spoken of."""
    found = asked(text)
    assert found is not None
    assert (found.fact, found.is_bare) == (fact, False)


@pytest.mark.parametrize(
    "text",
    [
        "gracias",
        "quiero reportar un bache",
        "hay un bache en la calle donde vivo",
        "me cobraron de mas",
        "no abren la llave",
        "no me contestan el telefono",
        "mi telefono es 333 000 0000",
        "la direccion es Abasolo 17",
        "ya no quiero",
        "",
        "👍",
    ],
)
def test_what_asks_for_no_fact(text: str):
    """Stories and statements have the same words."""
    assert asked(text) is None


def test_the_facts_of_an_article():
    """Its own first, then its office's; what is not filled in is not known."""
    office = OFFICES["civil"]
    assert of_article(ACTA, office, Fact.COST) == "$ 100"
    assert of_article(ACTA, office, Fact.DURATION) is None
    assert of_article(ACTA, office, Fact.REQUIREMENTS) == "• Tu CURP\n• Identificación"
    assert of_article(ACTA, office, Fact.HOW) == "Pídela en el Registro Civil, con tu CURP. Sale al momento."
    assert of_article(ACTA, office, Fact.HOURS) == "lunes a viernes, 9:00 a 15:00"
    assert of_article(ACTA, office, Fact.PLACE) == "Plaza 1"
    assert of_article(ACTA, None, Fact.PHONE) is None
    assert of_article(ACTA, OFFICES["obras"], Fact.PHONE) is None


def test_the_facts_of_an_office():
    """An office has no cost."""
    assert of_office(OFFICES["civil"], Fact.PHONE) == "395 000 0001"
    assert of_office(OFFICES["civil"], Fact.COST) is None


@pytest.mark.parametrize(
    ("text", "office"),
    [
        ("a que hora abre el registro civil?", "civil"),
        ("donde queda el sivil", "civil"),
        ("telefono de obras publicas", "obras"),
        ("a que hora abren las cajas", "hacienda"),
        ("donde esta tesoreria", "hacienda"),
        ("telefono de agua potable", "agua"),
        ("telefono de calidad del agua potable", "calidad"),
        ("when does the civil registry open", "civil"),
        ("cuanto cuesta el acta", None),
        ("", None),
    ],
)
def test_the_office_that_is_named(text: str, office: str | None):
    """By its name, what stands in brackets, or how people call it; the longest name wins."""
    assert offices_in(text, OFFICES) == office


def test_a_fact_is_asked_for_in_one_sentence() -> None:
    """Words of two sentences ask for nothing together: "... los reciben? Mi niña tiene 4"."""
    assert asked("¿a qué edad los reciben? Mi niña tiene 4") is None
    assert asked("Buenas tardes. ¿Cuánto cuesta?") == FactAsked(Fact.COST, 0.95, is_bare=True)
