"""Free words find the service that failed, and only then."""

import pytest

from faq.model import Duration, Service
from faq.search.services import ServiceFinder, closest

_DAY = Duration(1, "days")


def service(code: str, name: str, *said: str) -> Service:
    return Service(code, {"es": name}, "group", "office", _DAY, _DAY, people_say=said)


FINDER = ServiceFinder(
    [
        service(
            "AGUA-FUGA", "Fuga de agua", "se está tirando el agua", "hay una fuga", "se reventó el tubo", "water leak"
        ),
        service("AGUA-FALTA", "Falta de agua", "no hay agua", "no cae ni una gota", "manden una pipa"),
        service("AGUA-COBRO", "Recibo de agua", "me llegó carísimo", "me están cobrando de más"),
        service("ALUM-FUNDIDA", "Luminaria fundida", "no prende la lámpara", "está oscuro", "street light"),
        service("LIM-NOPASO", "No pasó la basura", "no ha pasado la basura"),
        service("VIA-BACHE", "Bache", "bache", "hoyo", "pothole"),
        service("VIA-SENAL", "Semáforo o señal", "no sirve el semáforo", "pónganos un tope"),
        service("PC-RIESGO", "Riesgo", "huele a gas", "se metió el agua a la casa"),
    ]
)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("hay un bache en la calle hidalgo", "VIA-BACHE"),
        ("no prende la lampara", "ALUM-FUNDIDA"),
        ("se esta tirando el agua", "AGUA-FUGA"),
        ("huele a gas", "PC-RIESGO"),
        ("there is a pothole", "VIA-BACHE"),
        ("no a pasado la vasura", "LIM-NOPASO"),
        ("no hay agua desde ayer", "AGUA-FALTA"),
    ],
)
def test_a_failing_service_is_known_by_how_people_say_it(said, code):
    assert FINDER.find(said)[0][0] == code


@pytest.mark.parametrize(
    "said", ["cuánto cuesta el predial", "hola", "quiero pagar el agua", "si", "calle Hidalgo 5", "gracias", ""]
)
def test_what_is_no_report_names_no_service(said):
    assert FINDER.find(said) == ()


def test_no_more_than_the_limit_and_best_first():
    found = FINDER.find("no hay agua y hay una fuga y un bache", limit=2)

    assert len(found) == 2
    assert found[0][1] >= found[1][1]


LABELS = ["Bache", "Fuga de agua", "Falta de agua"]


@pytest.mark.parametrize(
    ("said", "place"), [("bachee", 0), ("BACHE", 0), ("fuga", 1), ("la fuga de agua", 1), ("falta", 2)]
)
def test_something_close_to_one_label_chooses_it(said, place):
    assert closest(said, LABELS) == place


@pytest.mark.parametrize("said", ["agua", "", "hola", "😂"])
def test_what_is_close_to_none_or_to_two_chooses_nothing(said):
    assert closest(said, LABELS) is None
