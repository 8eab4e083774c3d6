"""Small signs in a text: another town, an advert, something stolen, a sum that is disputed."""

import pytest

from faq.search.signs import SignReader
from faq.search.spelling import without_size

HOME = ["Villa del Lago", "San Miguel Tonalá", "Zapotlanejo"]


@pytest.mark.parametrize(
    ("said", "is_town"),
    [
        ("hay un bache en Guadalajara", True),
        ("vivo en la barca y no pasa la basura", True),
        ("aquí en Chapala no hay agua", True),
        ("soy de Arandas", True),
        ("there is a leak in Zapopan", True),
        # Our own, whole, in part or a little misheard.
        ("no hay agua en San Miguel Tonalá", False),
        ("no hay agua en Tonalá", False),
        ("no hay agua en Sapotlanejo", False),
        ("no hay agua en zapotlanego", False),
        # A street of that name.
        ("hay un bache en Guadalajara 145", False),
        ("hay un bache en Chapala esquina con Hidalgo", False),
        ("la calle Puebla está oscura", False),
        ("a qué hora sale el camión para Guadalajara", False),
    ],
)
def test_another_town_is_known_as_the_place(said, is_town):
    assert bool(SignReader(HOME).read(said).town) is is_town


@pytest.mark.parametrize(
    ("said", "sign"),
    [
        ("remato estufa y refrigerador", "private"),
        ("se renta local en el centro", "private"),
        ("no encuentro a mi gatita desde el martes", "private"),
        ("me bolsearon en la feria", "crime"),
        ("se robaron mi bici", "crime"),
        ("la señal de telcel no sirve", "firm"),
        ("quién ganó las elecciones", "firm"),
        ("me subieron el impuesto al doble", "disputed"),
        ("ya pagué y no me lo reconocen", "disputed"),
        ("el oficial quería quinientos pesos", "corruption"),
        ("le dan todo a sus parientes", "corruption"),
        ("quiero dar de baja mi toma", "errand"),
    ],
)
def test_signs_of_what_is_no_fault(said, sign):
    assert getattr(SignReader().read(said), sign) == 1


@pytest.mark.parametrize(
    ("said", "sign"),
    [
        ("venden comida echada a perder", "private"),
        ("se me fue el agua", "private"),
        ("la calle no está en buen estado", "private"),
        ("se robaron la tapa del registro", "crime"),
        ("me quieren cobrar tres mil de multa", "corruption"),
        ("huele a gas en la cuadra", "firm"),
    ],
)
def test_a_fault_is_none_of_them(said, sign):
    assert getattr(SignReader().read(said), sign) == 0


@pytest.mark.parametrize(
    ("word", "thing"),
    [("hoyotes", "hoyo"), ("bachezote", "bache"), ("charcote", "charco"), ("fugota", "fuga")],
)
def test_big_things_are_the_things(word, thing):
    assert thing in without_size(word)
    assert thing not in without_size(thing)
