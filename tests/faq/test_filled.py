"""What the town has not filled in is cut out of what residents read, and what is left still reads well."""

import pytest

from faq.filled import cut, filled, is_filled


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Todo está dicho.", "Todo está dicho."),
        ("Ve primero. Las rutas son: {tabla}. Paga después.", "Ve primero. Paga después."),
        ("Ve a Tránsito, {domicilio}, y te dan la orden.", "Ve a Tránsito, y te dan la orden."),
        ("Llama a Atención, {telefono}, o ve en persona.", "Llama a Atención, o ve en persona."),
        ("Inscríbete en la Casa de la Cultura, {domicilio}.", "Inscríbete en la Casa de la Cultura."),
        ("Sácalos en la campaña (próxima: {fecha}) o pide el servicio.", "Sácalos en la campaña o pide el servicio."),
        (
            "Si no puedes salir de ahí, llama a Tránsito: {tel}.",
            "Si no puedes salir de ahí, llama a Tránsito.",
        ),
        ("Ve con tiempo; el día de audiencia es {dia}.", "Ve con tiempo."),
        ("El más cercano: {lugar}.", ""),
        ("Lo que hay que ver y las fechas de fiesta: {guia} y {calendario}.", ""),
        ("Lo fija el art. 5 de la ley. Cuesta {costo}.", "Lo fija el art. 5 de la ley."),
        ("1. Pide la ficha.\n2. Paga {costo}.\n3. Recoge.", "1. Pide la ficha.\n3. Recoge."),
        ("Uno.\n\nSon {dias} días.\n\nTres.", "Uno.\n\nTres."),
        ("{todo}", ""),
        ("Una llave { suelta.", ""),
        ("", ""),
    ],
)
def test_what_is_left(text: str, left: str):
    """Sentences, clauses and insertions go; whatever stands by itself stays."""
    found = cut(text)
    assert found.text == left
    assert found.is_cut is (text != left)
    assert is_filled(found.text)


def test_half_a_value_is_none():
    """A cost of which half is missing misleads."""
    assert filled("Multa y {costo}") is None
    assert filled("$ 100") == "$ 100"
    assert filled(None) is None
    assert filled("") is None
