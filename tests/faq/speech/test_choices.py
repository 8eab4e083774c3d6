"""Answers to a list by number and by letter, as people write them."""

import pytest

from faq.speech.choices import chosen, lettered

SECOND = """2
2.
2)
(2)
2.-
*2*
#2
# 2
2️⃣
②
❷
２
02
2 porfa
2 gracias
2!
dos
Dos por favor
la 2
La 2.
la dos
el 2
el dos
la segunda
el segundo
segunda
la segunda opción
la 2da
el 2o
2º
la 2ª
opción 2
opcion dos
Opsion 2
opcion2
opción: 2
número 2
num 2
no. 2
No.2
nº 2
№ 2
la numero 2 porfa
la opción número 2
quiero la 2
kiero la 2 xfa
seria la dos
sí, la 2
no, la 2
mejor la segunda
me quedo con la 2
es la 2 gracias
👉 2
2 👍
two
the second one
the 2nd
option 2
number two please
I'd like the second option
second"""

NO_CHOICE = """
dos hoyos
2 baches
3312345678
33 1234 5678
376 763 5768
Hidalgo 2
calle 2
casa 2
num. ext. 2
lote 2 manzana 3
folio 2
2-B
2b
$2
2 pesos
2.50
2,000
2%
2:30
a las 2
las 2
los dos
las dos
2 o 3
1 y 2
1 2
2/3
½
24/7
2 veces
hace 2 dias
un segundo
un segundo por favor
la segunda vez
segunda calle
primero que nada
la otra
ninguna
no
no la 2
si
ok
gracias
quiero
la
una
¿cuál?
0
-
7
9
la 9
once
²³"""


@pytest.mark.parametrize("text", SECOND.splitlines())
def test_a_number_is_read_in_every_spelling(text: str) -> None:
    assert chosen(text, 5) == 1


@pytest.mark.parametrize("text", NO_CHOICE.splitlines())
def test_a_number_that_chooses_nothing(text: str) -> None:
    assert chosen(text, 5) is None


@pytest.mark.parametrize(
    ("text", "at"),
    [
        *(("1", 0), ("uno", 0), ("la uno", 0), ("la primera", 0), ("primero", 0), ("1era", 0), ("the first one", 0)),
        *(("3", 2), ("trez", 2), ("el tercero", 2), ("la 3ra", 2), ("third", 2), ("3️⃣", 2), ("cuatro", 3), ("4ta", 3)),
        *(("sinco", 4), ("la quinta", 4), ("6", 5), ("la última", 5), ("el ultimo", 5), ("the last one", 5)),
        ("la penúltima", 4),
    ],
)
def test_every_place_has_its_names(text: str, at: int) -> None:
    assert chosen(text, 6) == at


@pytest.mark.parametrize(
    ("text", "at"), [("10", 9), ("🔟", 9), ("1️⃣0️⃣", 9), ("diez", 9), ("12", 11), ("doce", 11), ("13", None)]
)
def test_long_lists(text: str, at: int | None) -> None:
    assert chosen(text, 12) == at


SECOND_LETTER = """B
b
B.
b)
(b)
b.-
*B*
la B
La b.
el b
opción b
opcion B porfa
letra b
la letra b
inciso b)
la opción B
quiero la b
es la b
sería la B por favor
para la B
es para la b
sí, la b
b porfa
b gracias
🅱️
Ⓑ
option b
letter B please
I want B
the b"""

NO_LETTER = """
y
e
o
a ver
a las 5
a si
a ok
a gracias
a la b
a y b
A o B
ab
be
2
la
vitamina b
2 b
Hidalgo 5 B
plan b
b 12
vamos a
a donde voy
no se
x
¿?"""


@pytest.mark.parametrize("text", SECOND_LETTER.splitlines())
def test_a_letter_is_read_in_every_spelling(text: str) -> None:
    assert lettered(text, 3) == 1


@pytest.mark.parametrize("text", NO_LETTER.splitlines())
def test_a_letter_that_chooses_nothing(text: str) -> None:
    assert lettered(text, 3) is None


@pytest.mark.parametrize(
    ("text", "at"),
    [
        *(
            ("a", 0),
            ("A", 0),
            ("A.", 0),
            ("a)", 0),
            ("la A", 0),
            ("la a", 0),
            ("opción a", 0),
            ("letra a", 0),
            ("🅰️", 0),
        ),
        *(("a porfa", 0), ("a) gracias", 0), ("c", 2), ("C)", 2), ("D", None), ("la d", None)),
    ],
)
def test_the_first_letter_is_a_word_too(text: str, at: int | None) -> None:
    assert lettered(text, 3) == at


@pytest.mark.parametrize("text", ["2" * 10_000, "a " * 5_000, "la " * 20 + "2", "\u0300" * 50, "²" * 59, "\ud800"])
def test_hostile_texts_choose_nothing(text: str) -> None:
    assert chosen(text, 5) is None
    assert lettered(text, 5) is None
