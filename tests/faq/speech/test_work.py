"""What officials say of work; and what sounds like it and is something else."""

import pytest

from faq.speech.acts import Act, acts
from tests.faq.speech.test_tickets import PLAIN, cases, of


@pytest.mark.parametrize(("act", "text"), cases("work", "said"))
def test_what_is_said_of_work(act: Act, text: str) -> None:
    said = of(act, text)
    assert said and said.sure >= PLAIN, acts(text)


@pytest.mark.parametrize(("act", "text"), cases("work", "otherwise"))
def test_what_only_sounds_like_it(act: Act, text: str) -> None:
    said = of(act, text)
    assert said is None or said.sure < PLAIN, said


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("no nos toca, es de agua potable", "agua potable"),
        ("pásenselo a obras públicas", "obras publicas"),
        ("eso le corresponde a tránsito, nosotros no vemos eso", "transito"),
        ("Turnar a Parques y Jardines.", "parques y jardines"),
        ("eso no nos toca es de alumbrado", "alumbrado"),
        ("túrnenlo a protección civil, por favor", "proteccion civil"),
        ("that belongs to public works", "public works"),
        ("no nos toca", ""),
    ],
)
def test_the_other_department_is_named(text: str, named: str) -> None:
    said = of(Act.ROUTE, text)
    assert said and said.detail == named


@pytest.mark.parametrize(
    ("act", "text", "is_all"),
    [
        (Act.RESOLVE, "listo, ya quedó", True),
        (Act.RESOLVE, "ya se cambió el foco de Ocampo 22", False),
        (Act.TAKE, "enterado, voy para allá", True),
        (Act.QUEUE, "buenos dias, qué tengo pendiente para hoy", True),
    ],
)
def test_what_else_is_in_it(act: Act, text: str, is_all: bool) -> None:
    said = of(act, text)
    assert said and said.is_all is is_all
