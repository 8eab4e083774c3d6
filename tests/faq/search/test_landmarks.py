"""What only says where something is, is no matter of its own."""

import pytest

from faq.search.landmarks import without_landmarks


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("hay un hoyo junto al semáforo", "hay un hoyo junto al"),
        ("en el mercado me robaron", "en el me robaron"),
        ("rellenen lo que está a los lados de los topes", "rellenen lo que está a los lados de los"),
        ("se fue el agua frente a la parada del camión", "se fue el agua frente a la"),
        # No relation, or no place behind it: it is what is told.
        ("no sirve el semáforo", "no sirve el semáforo"),
        ("la tapa de la alcantarilla se rompió", "la tapa de la alcantarilla se rompió"),
        ("en la noche no se ve nada", "en la noche no se ve nada"),
        ("junto a", "junto a"),
        ("", ""),
    ],
)
def test_what_says_where_is_cut_out(said, left):
    assert " ".join(without_landmarks(said).split()) == left
