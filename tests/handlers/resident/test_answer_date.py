"""An answer says since when the office stands by it; where it was read is for editors."""

from dataclasses import replace
from datetime import date

import pytest

from handlers.town.town import Town
from tests.handlers.counter import Counter, Talker, sample_town, texts


def town_with(verified_on: date | None) -> Town:
    """The sample town with one article about the property tax, looked over that day."""
    library = sample_town().library
    article = replace(
        next(iter(library.articles["es"].values())),
        id="predial",
        title="¿Dónde se paga el predial?",
        questions=("Pagar el impuesto predial",),
        body="En las cajas de Tesorería.",
        source="Ley de Ingresos, art. 7",
        verified_on=verified_on,
        valid_until=None,
    )
    return Town(replace(library, articles={"es": {"predial": article}}), model="none")


@pytest.mark.parametrize(
    ("verified_on", "words"),
    [(date(2026, 3, 9), "Revisado el lunes 9 de marzo"), (None, "Sin revisar por la oficina")],
)
def test_an_answer_comes_with_its_date(counter: Counter, ana: Talker, verified_on: date | None, words: str) -> None:
    """Where nobody has confirmed it, that is said in the place of the date."""
    counter.town = town_with(verified_on)
    answer = texts(ana.says("¿Dónde se paga el predial?"))
    assert "cajas de Tesorería" in answer
    assert "Ley de Ingresos, art. 7" not in answer
    assert words in answer
