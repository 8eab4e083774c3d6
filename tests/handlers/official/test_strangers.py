"""What a stranger wrote is shown to officials in many places, and in none as if we had written it."""

import pytest

from tests.handlers.counter import Counter, Talker, texts
from tests.handlers.official.conftest import Case
from tests.handlers.test_theirs import HOSTILE


@pytest.fixture(params=HOSTILE)
def hostile(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_officials_never_read_it_as_ours(
    counter: Counter, case: Case, ana: Talker, pablo: Talker, hostile: str
) -> None:
    """In the push that tells of it, on the card, in the history, in the queue and in a search."""
    ana.says("/reportar VIA-BANQ")
    ana.says("calle Juárez **10** evil.example")
    ana.says(hostile)
    ana.taps("sin foto")
    ana.taps("Enviar")
    ticket = next(each for each in counter.tickets_of(ana) if each.folio != case.folio)
    pushed = texts(pablo.collect())
    pablo.says("/cola")
    pablo.says(f"/ver {ticket.folio}")
    pablo.says(f"/historia {ticket.folio}")
    pablo.says("/buscar hoyo")
    shown = "\n".join([pushed, *(message.text for message in pablo.received)])
    ours = {"/comandos", "/ver", "/responder"}
    assert "hoyo" in shown
    for forged in (
        "**Sistema",
        "**otra",
        "**más",
        "**Estado:** resuelto\n",
        "evil.example",
        "t.me/x",
        "wa.me",
        "@impostor",
    ):
        assert forged not in shown
    assert all(word in ours or not word.startswith("/cerrar") for word in shown.split())
    assert not [line for line in shown.split("\n") if line.startswith(("1. Cerrar", "✅ Enviar", "— Obras"))]
