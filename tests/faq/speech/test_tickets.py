"""What residents say of what they have reported; and what sounds like it and is something else."""

from pathlib import Path

import pytest
import yaml

from faq.speech.acts import Act, Said, acts

#: Sure enough to act on where the situation agrees.
PLAIN = 0.7

Cases = list[tuple[Act, str]]


def cases(name: str, kind: str) -> Cases:
    """`said` or `otherwise` of a file beside this one, act by act."""
    table = yaml.safe_load((Path(__file__).parent / f"{name}.yaml").read_text(encoding="utf-8"))
    return [(Act(act), text) for act, kinds in table.items() for text in kinds[kind]]


def of(act: Act, text: str) -> Said | None:
    return next((said for said in acts(text) if said.act is act), None)


@pytest.mark.parametrize(("act", "text"), cases("tickets", "said"))
def test_what_is_said_of_a_ticket(act: Act, text: str) -> None:
    said = of(act, text)
    assert said and said.sure >= PLAIN, acts(text)


@pytest.mark.parametrize(("act", "text"), cases("tickets", "otherwise"))
def test_what_only_sounds_like_it(act: Act, text: str) -> None:
    said = of(act, text)
    assert said is None or said.sure < PLAIN, said


@pytest.mark.parametrize("text", yaml.safe_load((Path(__file__).parent / "matters.yaml").read_text(encoding="utf-8")))
def test_a_new_matter_is_none_of_an_old_ticket(text: str) -> None:
    of_tickets = {Act.STATUS, Act.NOT_FIXED, Act.FIXED, Act.ADD, Act.WITHDRAW, Act.MINE}
    assert not [said for said in acts(text) if said.act in of_tickets and said.sure >= PLAIN]


@pytest.mark.parametrize("text", ["cómo va el trámite del acta", "que paso con el agua", "como van las obras"])
def test_a_question_after_anything_may_be_one_after_a_ticket(text: str) -> None:
    said = of(Act.STATUS, text)
    assert said is None or said.sure <= 0.5


@pytest.mark.parametrize(
    ("act", "text", "is_all"),
    [
        (Act.STATUS, "buenas tardes, como va mi reporte por favor", True),
        (Act.STATUS, "que paso con lo de la lampara", False),
        (Act.NOT_FIXED, "no señorita, sigue igual", True),
        (Act.NOT_FIXED, "no es cierto, ahi sigue la fuga de la esquina de Morelos", False),
        (Act.FIXED, "ya quedo, muchas gracias", True),
        (Act.WITHDRAW, "ya no ocupo el reporte, gracias", True),
        (Act.ADD, "quiero agregar algo a mi reporte", True),
        (Act.ADD, "agreguenle al reporte que hay vidrios", False),
    ],
)
def test_what_else_is_in_it(act: Act, text: str, is_all: bool) -> None:
    said = of(act, text)
    assert said and said.is_all is is_all
