"""Any way out of a form keeps what was written."""

import pytest

from tests.handlers.counter import Counter, Talker, texts
from tests.handlers.official.conftest import Case


@pytest.mark.parametrize("way_out", ["/misfolios", "/menu", "/solicitar", "/articulo acta-nacimiento", "menú"])
def test_a_form_waits_whatever_is_opened(ana: Talker, way_out: str) -> None:
    """It says so in half a line, and is taken up with a word."""
    ana.says("/reportar VIA-BACHE")
    ana.says("calle Hidalgo 5")
    assert "a medias" in texts(ana.says(way_out))
    ana.says("seguir")
    ana.says("Hay un hoyo enorme desde hace un mes")
    ana.taps("sin foto")
    assert "Hidalgo 5" in texts(ana.received[-1:])


def test_up_to_three_wait_and_the_person_says_which(ana: Talker) -> None:
    """The oldest of four gives way."""
    for code in ("VIA-BACHE", "VIA-BANQ", "AGUA-FUGA"):
        ana.says(f"/reportar {code}")
        ana.says("calle Hidalgo 5")
    ana.says("/solicitar")
    ana.says("Copia del contrato de la plaza")
    ana.says("/menu")
    asked = ana.says("seguir")
    assert "¿Con cuál" in texts(asked)
    assert len(asked[-1].choices) == 3
    assert "¿Cómo la quieres recibir?" in texts(ana.says("1"))


def test_an_officials_half_written_answer_waits(pablo: Talker, case: Case) -> None:
    """Looking at a card in between loses nothing."""
    pablo.says(f"/responder {case.folio} Ya vamos para allá mañana temprano")
    pablo.says(f"/ver {case.folio}")
    assert "mañana temprano" in texts(pablo.says("/seguir"))


def test_a_form_that_was_open_at_the_upgrade_goes_on(counter: Counter, ana: Talker) -> None:
    """A row without a context is a row of before."""
    ana.says("/reportar VIA-BACHE")
    address_id = ana.contact().address_id
    before = counter.run(lambda uow: uow.conversations.get(address_id))
    assert before is not None
    counter.run(lambda uow: uow.conversations.put(before.__class__(**{**_fields(before), "context": {}})))
    assert "Cuéntame" in texts(ana.says("calle Hidalgo 5"))


def test_cancel_drops_only_the_open_one(ana: Talker) -> None:
    """What waits goes on waiting."""
    ana.says("/reportar VIA-BACHE")
    ana.says("calle Hidalgo 5")
    ana.says("/reportar VIA-BANQ")
    ana.says("ya no quiero")
    assert "Cuéntame" in texts(ana.says("seguir"))


def _fields(value: object) -> dict[str, object]:
    return {name: getattr(value, name) for name in value.__slots__}  # type: ignore[attr-defined] # a dataclass with slots
