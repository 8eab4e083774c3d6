"""One fact in one line, or where to ask for it."""

from dataclasses import replace
from datetime import date

import pytest

from handlers.town.town import Town
from tests.handlers.counter import Counter, Talker, sample_town, texts


@pytest.fixture
def town() -> Town:
    """The sample town with a birth certificate whose cost is known, and an office that has told its hours."""
    library = sample_town().library
    acta = replace(
        library.articles["es"]["acta-nacimiento"],
        cost="$ 100",
        duration="{dias}",
        hours=None,
        verified_on=date(2026, 3, 9),
    )
    office = replace(library.departments["registro_civil"], hours="lunes a viernes, 9:00 a 15:00", phone="395 000 0001")
    return Town(
        replace(
            library,
            articles={"es": {**library.articles["es"], acta.id: acta}},
            departments={**library.departments, office.id: office},
        ),
        model="none",
    )


def test_a_fact_that_is_known(counter: Counter, ana: Talker, town: Town) -> None:
    """With the day it was checked, and a way to the whole answer."""
    counter.town = town
    ana.says("hola")
    told = ana.says("/dato acta-nacimiento cost")
    assert "**Costo:** $ 100 (revisado el lunes 9 de marzo)" in texts(told)
    assert "Requisitos" not in texts(told)
    assert "Copia certificada" in texts(told)
    assert "Requisitos" in texts(ana.taps("respuesta completa"))


def test_a_fact_of_its_office(counter: Counter, ana: Talker, town: Town) -> None:
    """Hours, place and telephone are the office's where the article says nothing."""
    counter.town = town
    ana.says("hola")
    assert "9:00 a 15:00" in texts(ana.says("/dato acta-nacimiento horario"))
    assert "395 000 0001" in texts(ana.says("/dato registro_civil phone"))
    assert "**Registro Civil**" in texts(ana.says("/dato registro_civil phone"))


def test_a_fact_that_nobody_confirmed(counter: Counter, ana: Talker, town: Town) -> None:
    """No brace: that it is not confirmed, and where to ask."""
    counter.town = town
    ana.says("hola")
    told = texts(ana.says("/dato acta-nacimiento duration"))
    assert "todavía no confirma cuánto tarda" in told
    assert "Pregunta en Registro Civil, 395 000 0001" in told
    assert "{" not in told


@pytest.mark.parametrize("typed", ["/dato nadie cost", "/dato acta-nacimiento color", "/dato x y"])
def test_what_is_not_there(counter: Counter, ana: Talker, town: Town, typed: str) -> None:
    """Said in a word, with a way on."""
    counter.town = town
    ana.says("hola")
    assert "no lo tengo" in texts(ana.says(typed))
