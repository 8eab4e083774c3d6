"""The sample town's services, departments and calendar."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from faq.check import check
from faq.reading.library import Content, read
from faq.text import fold

TODAY = date(2026, 11, 21)
SAMPLE = Path(__file__).parents[3] / "faq" / "content"

URGENT = {"AGUA-CALIDAD", "ALC-TAPA", "ALUM-RIESGO", "PAR-ARBOL", "ANI-AGRES", "PC-RIESGO"}

CODES = (
    "AGUA-FUGA AGUA-FALTA AGUA-CALIDAD AGUA-COBRO DREN-TAPADO ALC-TAPA ALUM-FUNDIDA ALUM-RIESGO LIM-NOPASO "
    "LIM-TIRADERO LIM-ANIMAL VIA-BACHE VIA-BANQ VIA-SENAL PAR-PODA PAR-ARBOL PAR-JUEGOS MER-COM PAN-MTTO RAS-SAL "
    "SEG-RUIDO SEG-PATRULLA TRA-EST ANI-AGRES SAL-PLAGA ECO-QUEMA ECO-LAGO OBR-CONST PC-RIESGO"
)


@pytest.fixture(scope="module")
def town() -> Content:
    return read(SAMPLE, today=TODAY)


def test_every_service_of_a_town_hall_can_be_reported(town):
    """The 29 categories are there, each with its department and its group."""
    assert set(town.services) == set(CODES.split())
    assert len(town.services) == 29


def test_no_group_of_the_menu_is_long(town):
    """Eight groups, at most seven services in each: a telephone shows them without scrolling far."""
    sizes = Counter(service.group for service in town.services.values())

    assert set(sizes) == set(town.city.groups)
    assert len(sizes) == 8
    assert max(sizes.values()) <= 7


def test_labels_fit_a_telephone_in_both_languages(town):
    """At most 24 characters, and no two alike."""
    for language in ("es", "en"):
        labels = [service.name[language] for service in town.services.values()]
        labels += [group[language] for group in town.city.groups.values()]
        assert max(map(len, labels)) <= 24
        assert len({fold(label) for label in labels}) == len(labels)


def test_what_puts_lives_at_risk_is_urgent_and_runs_day_and_night(town):
    """Nobody waits for office hours with a cable on the ground."""
    assert {code for code, service in town.services.items() if service.is_urgent} == URGENT
    for code in URGENT:
        assert town.services[code].respond_within.unit == "natural_hours"
        assert town.services[code].resolve_within.unit == "natural_hours"


def test_what_tells_where_somebody_lives_is_private(town):
    """A quarrel with a neighbour is not drawn on a map."""
    private = {code for code, service in town.services.items() if service.is_private}

    assert private >= {"SEG-RUIDO", "SEG-PATRULLA", "AGUA-COBRO"}
    assert "VIA-BACHE" not in private


def test_each_service_is_said_in_many_ways(town):
    """At least 11 wordings each, three of them English, and none that two services share."""
    for code, service in town.services.items():
        assert 11 <= len(service.people_say) <= 60, code
        assert len({fold(said) for said in service.people_say}) == len(service.people_say), code
    assert not [problem for problem in check(SAMPLE, TODAY) if "people_say" in problem.message]


def test_every_desk_and_department_of_the_sample_is_there(town):
    """The offices that articles, services and desks name."""
    assert set(town.city.desks.values()) <= set(town.departments)
    assert {service.department for service in town.services.values()} <= set(town.departments)
    assert set(town.departments) >= {
        "obras_publicas", "agua_potable", "alumbrado", "aseo", "parques", "seguridad", "transito", "proteccion_civil",
        "ecologia", "salud", "control_animal", "mercados", "panteones", "rastro", "reglamentos", "padron_licencias",
        "registro_civil", "tesoreria", "secretaria_general", "transparencia", "contraloria", "atencion_ciudadana",
        "desarrollo_urbano", "dif", "desarrollo_economico", "fomento_agropecuario",
    }  # fmt: skip


def test_no_local_fact_is_made_up(town):
    """Telephones, addresses and hours stay visible placeholders until the town fills them in."""
    for department in town.departments.values():
        for fact in (department.phone, department.address, department.hours):
            assert fact is None or (fact.startswith("{") and fact.endswith("}"))


def test_the_law_of_the_sample_is_marked_as_not_confirmed(town):
    """Eight days in Jalisco is what is said; nobody has confirmed it."""
    assert town.city.legal.answer_days == 8
    assert town.city.legal.verified_on is None
    assert "Sin confirmar" in town.city.legal.source
    assert any("have the transparency unit confirm" in problem.message for problem in town.problems)


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        # Received on the first date (a day off counts as the next working day), so many working days, end of the term.
        (date(2026, 1, 5), 8, date(2026, 1, 15)),
        (date(2026, 1, 5), 20, date(2026, 2, 3)),  # 2 February off
        (date(2026, 2, 20), 8, date(2026, 3, 4)),
        (date(2026, 2, 20), 20, date(2026, 3, 23)),  # 16 March off
        (date(2026, 4, 24), 8, date(2026, 5, 8)),  # 1 and 5 May off
        (date(2026, 4, 24), 20, date(2026, 5, 26)),
        (date(2026, 9, 11), 8, date(2026, 9, 24)),  # 16 September off
        (date(2026, 9, 11), 20, date(2026, 10, 14)),  # and 28 September, 12 October
        (date(2026, 10, 5), 8, date(2026, 10, 16)),
        (date(2026, 10, 5), 20, date(2026, 11, 4)),  # 12 October, 2 November off
        (date(2026, 11, 23), 8, date(2026, 12, 3)),
        (date(2026, 11, 23), 20, date(2026, 12, 21)),
        (date(2026, 12, 7), 8, date(2026, 12, 17)),
        (date(2026, 12, 7), 20, date(2027, 1, 6)),  # 25 December, 1 January off
    ],
)
def test_the_calendar_of_the_sample_gives_the_terms_of_jalisco(town, received, days, due):
    """Terms counted by hand over the state's list of days off, without vacations."""
    off = {holiday.day for holiday in town.holidays}
    day = received
    while days:
        day += timedelta(days=1)
        days -= day.isoweekday() in town.city.working_hours and day not in off

    assert day == due


def test_the_calendar_covers_this_year_and_the_next(town):
    """A term that begins in December ends in January."""
    assert Counter(holiday.day.year for holiday in town.holidays) == {2026: 11, 2027: 11}
    assert all(holiday.reason and holiday.source for holiday in town.holidays)
