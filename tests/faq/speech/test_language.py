"""The language of a text, where it is sure."""

import pytest

from faq.speech.language import language_of

SPANISH = """quiero reportar un bache
no hay agua
hay un perro muerto en la calle
buenas tardes disculpe
a que hora abren
donde saco el acta de nacimiento
kiero saber kuanto cuesta
se fundio la lampara de mi casa
no sirve el wifi del parking
ya quedó gracias
mi reporte sigue igual
cuando pasa la basura
muchas gracias
como va lo mio
ok muchas gracias
tiraron basura en la esquina
la señora de la ventanilla me trató muy mal
NO A PASADO EL CAMION DE LA BASURA
me urge una cita
necesito hablar con una persona
q papeles ocupo para casarme
se esta saliendo el agua frente a mi casa en Hidalgo 23
oiga y si no tengo la curp
por favor arreglen la luz
quien me puede ayudar""".splitlines()

ENGLISH = """there is a hole in my street
where is the registro civil
I want to report a pothole
how much does it cost
there's no water in my house
my street light doesn't work
what time do you open
can i talk to a person
thank you very much
good morning
the dog of my neighbor bit my son
I need a birth certificate
it's still broken
nobody came
is the office open today
hi, I'd like to know where to pay my water bill
trash has not been picked up since Monday on Calle Hidalgo
who do I call about a leak
please fix the lamp on Calle de la Paz by the market
hello are you a robot
I don't speak Spanish
we have had no light for three days
when will you come
yes please
this is not what I asked for""".splitlines()

NOT_SURE = """calle Hidalgo 5
ok
stop
parking
Juan Pérez de la Cruz
avenida de la Paz y Los Pinos
colonia El Rosario
3312345678
VIA-7K2M9QX
no
si
👍

The Home Depot
2
Lázaro Cárdenas esquina con Morelos
wifi
San Juan Cosalá
chat
a
Walmart
https://maps.example/abc
María de los Ángeles
email
taco bell""".splitlines()

ELSEWHERE = """je veux signaler un trou dans la rue
ich möchte ein Loch in der Strasse melden
axcan nicnequi nimitztlahtlanis se tlamantli
in k'áat in wojel tu'ux yaan le kúuchil meyajo'""".splitlines()


@pytest.mark.parametrize("text", SPANISH)
def test_spanish(text: str) -> None:
    assert language_of(text, ("es", "en")) == "es"
    assert language_of(text, ("nah", "es", "en")) == "es"


@pytest.mark.parametrize("text", ENGLISH)
def test_english(text: str) -> None:
    assert language_of(text, ("es", "en")) == "en"
    assert language_of(text, ("es", "en", "yua")) == "en"


@pytest.mark.parametrize("text", NOT_SURE)
def test_names_numbers_and_borrowed_words_are_of_no_language(text: str) -> None:
    assert language_of(text, ("es", "en")) is None


@pytest.mark.parametrize("text", ELSEWHERE)
def test_a_language_without_data_is_never_answered(text: str) -> None:
    assert language_of(text, ("es", "en", "nah", "yua", "fr", "de")) is None


def test_only_the_languages_of_the_town_are_answered() -> None:
    assert language_of("there is a hole in my street", ("es",)) is None
    assert language_of("quiero reportar un bache", ("en",)) is None
    assert language_of("quiero reportar un bache", ()) is None


def test_two_languages_in_one_sentence_are_not_sure() -> None:
    assert language_of("hay un hole in my street y no sirve the light", ("es", "en")) is None


@pytest.mark.parametrize("text", ["", " ", "\ud800", "que " * 10_000, "'" * 10_000, "\u0300" * 5000])
def test_hostile_texts(text: str) -> None:
    assert language_of(text, ("es", "en")) in {None, "es"}
