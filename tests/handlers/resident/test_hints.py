"""What free words said of a place is offered back, and nothing else of them."""

import pytest

from handlers.resident.hints import place_in


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("hay un bache en la calle Hidalgo desde ayer", "calle Hidalgo"),
        ("bache en calle Hidalgo 45, colonia Centro", "calle Hidalgo 45"),
        ("no hay luz en la colonia San Miguel y ya van dos días", "colonia San Miguel"),
        ("fuga de agua frente a la primaria Benito Juárez", "frente a la primaria Benito Juárez"),
        ("fuga enfrente de la iglesia porque se rompió", "enfrente de la iglesia"),
        ("basura enfrente a la plaza", "enfrente a la plaza"),
        ("Av. Juárez esquina Morelos. Urge", "Av. Juárez esquina Morelos"),
        ("pothole next to the market since Monday", "next to the market"),
        ("poste caído por la carretera a Mezcala", "carretera a Mezcala"),
        ("hay un bache muy grande", None),
        ("no me gusta la calle", None),
        ("calle x", None),
    ],
)
def test_the_words_of_a_place(words: str, place: str | None):
    assert place_in(words) == place
