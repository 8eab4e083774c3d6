"""What free words mean without any situation: services, other matters and articles compete; no word decides alone."""

import gzip
import json
import pickle
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path

import pytest

from faq.lexicon import matters
from faq.reading.library import load
from faq.understanding import Matter, Meaning, Reading, Understanding, Want

CONTENT = Path(__file__).resolve().parents[2] / "faq" / "content"
#: From this chance on a form may open.
OPENS = 0.5
#: Words that name a service by themselves, reviewed one by one.
NAMES_A_SERVICE = {"bache", "baches"}


@cache
def understanding(model: str = "auto") -> Understanding:
    """The sample town's, once for the session."""
    return Understanding(load(CONTENT, today=date(2026, 11, 27)), model=model)


def opened(text: str) -> str | None:
    """The code of the service whose form would open."""
    best = understanding().meanings(text)[:1]
    return best[0].id if best and best[0].matter is Matter.SERVICE and best[0].chance >= OPENS else None


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("arreglen la lámpara de mi calle", "ALUM-FUNDIDA"),
        ("hay un bache en la calle Hidalgo", "VIA-BACHE"),
        ("ay un vache enorme en la esquina", "VIA-BACHE"),
        ("no hay agua desde ayer", "AGUA-FALTA"),
        ("no a pasado la vasura", "LIM-NOPASO"),
        ("there is a pothole in front of the school", "VIA-BACHE"),
        ("se está saliendo el drenaje y corre por la calle", "DREN-TAPADO"),
        ("el agua de la llave sale café y huele a podrido", "AGUA-CALIDAD"),
    ],
)
def test_a_failing_service_is_known_however_it_is_said(said, code):
    assert opened(said) == code


@pytest.mark.parametrize(
    "said",
    [
        "el oficial me señaló con la pistola",
        "buenos dias, hoy les escribo para felicitarlos",
        "el inspector me pidió dinero hoy",
        "me dieron muy poca información y me tuvieron un buen rato",
        "no me quieren cobrar en la caja",
        "sufrí maltrato de la secretaria",
        "quiero arreglar mi acta",
        "quiero finca hoy",
        "se murió mi papá y lo queremos enterrar mañana",
        "me llegó una multa de un carro que no es mío",
        "no hay luz en mi casa",
        "me cobran el predial de un terreno que vendí",
        "quiero hablar con una persona",
        "mil gracias que dios los bendiga",
        "cuánto se gastaron en la feria",
    ],
)
def test_an_everyday_word_or_another_matter_opens_no_form(said):
    assert opened(said) is None
    assert understanding().plain_service(said) is None


@pytest.mark.parametrize(
    ("said", "matter"),
    [
        ("el inspector me pidió dinero hoy", Matter.CORRUPTION),
        ("el oficial me señaló con la pistola", Matter.CORRUPTION),
        ("los policías me golpearon y me quitaron la cartera", Matter.CORRUPTION),
        ("la señora de la ventanilla me gritó y no me quiso atender", Matter.COMPLAINT),
        ("me tuvieron esperando cuatro horas y se burlaron de mí", Matter.COMPLAINT),
        ("quiero copia del contrato de la obra del mercado", Matter.REQUEST),
        ("cuánto dinero se gastó en los músicos de la fiesta", Matter.REQUEST),
        ("buenos dias, hoy les escribo para felicitarlos", Matter.PRAISE),
        ("no hay luz en mi casa", Matter.OUTSIDE),
        ("quiero pagar el predial", Matter.ARTICLE),
    ],
)
def test_each_kind_of_matter_is_known(said, matter):
    assert understanding().meanings(said)[0].matter is matter


def test_the_chances_compete():
    for said in ("hay un bache", "hola", "me cobran de más y no cae agua", "quiero hacer mi acta", "😂", "x" * 9000):
        found = understanding().meanings(said)
        assert sum(each.chance for each in found) <= 1.001
        assert list(found) == sorted(found, key=lambda each: -each.chance)
    assert understanding().meanings("") == understanding().meanings(" \n") == ()


def test_a_favoured_article_is_likelier_and_the_others_less():
    """A follow-up that names nothing is about the last article."""
    plain = understanding().meanings("qué papeles tengo que llevar")
    favoured = understanding().meanings("qué papeles tengo que llevar", "es", (("curp", 8.0),))

    assert chance_of(favoured, "curp") > chance_of(plain, "curp")
    assert understanding().ask("qué papeles tengo que llevar", "es", (("curp", 8.0),)).matches[0].article == "curp"


def chance_of(found: tuple[Meaning, ...], article: str) -> float:
    return sum(each.chance for each in found if each.id == article)


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("hay un bache en la esquina y también la lámpara no prende", ("VIA-BACHE", "ALUM-FUNDIDA")),
        ("no ha pasado la basura. aparte hay una fuga de agua", ("LIM-NOPASO", "AGUA-FUGA")),
        ("hay un bache en la esquina de mi casa", ("VIA-BACHE",)),
        ("quiero saber cuánto cuesta el acta y la curp", ()),
        ("", ()),
    ],
)
def test_the_matters_of_a_text_in_their_order(said, codes):
    assert understanding().matters_in(said) == codes


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("hay un bache en la calle Hidalgo", "VIA-BACHE"),
        ("quiero reportar un bache enfrente de la tortillería", "VIA-BACHE"),
        ("la lámpara de afuera no prende", "ALUM-FUNDIDA"),
        ("no hay agua en la calle Morelos", "AGUA-FALTA"),
        ("¿cuándo tapan el bache?", None),
        ("ya reporté un bache y sigue igual", None),
        ("hay un bache en la carretera federal", None),
        ("hay un bache en Guadalajara", None),
        ("no hay agua en el panteón", "PAN-MTTO"),
    ],
)
def test_words_alone_make_a_plain_story_or_none(said, code):
    assert understanding("none").plain_service(said) == code


@cache
def frequent_words() -> list[str]:
    """The 8,000 most frequent words of a Spanish dictionary."""
    packed = resources.files("spellchecker") / "resources" / "es.json.gz"
    uses = json.loads(gzip.decompress(packed.read_bytes()))
    return sorted(uses, key=lambda word: (-uses[word], word))[:8000]


def test_no_everyday_word_is_a_plain_story():
    found = understanding("none")
    plain = {
        word
        for word in frequent_words()
        for said in (word, f"quiero {word} hoy")
        if found.plain_service(said) is not None
    }
    assert plain <= NAMES_A_SERVICE


#: Words that opened a form by themselves once, and the nouns of what fails.
_LOUD = """
    hoy poco poca rato cobrar abuso maltrato arreglar finca señaló muerto muerte agua perro calle puesto puesta ruido
    oscuro oscuridad humo cable fuga tubo lago rastro mercado cementerio escándalo música gas árbol juego alto sentido
    dormir llevar tener poder sangre matar luz tierra baño vino entrar vigilancia sospechoso quemar lluvia tumba señal
"""


@pytest.mark.parametrize("model", ["none", "auto"])
def test_no_everyday_word_opens_a_form(model):
    """The loud ones, and each eightieth of all: a word alone is held back whatever it is."""
    found = understanding(model)
    for word in {*_LOUD.split(), *frequent_words()[::80]} - NAMES_A_SERVICE:
        for said in (word, f"quiero {word} hoy"):
            best = [each.chance for each in found.meanings(said) if each.matter is Matter.SERVICE]
            assert max(best, default=0.0) < OPENS, said


def test_a_reading_holds_it_all_and_crosses_to_another_process():
    want = Want("hay un bache grande en la calle Hidalgo", "es", (("bache", 2.0),))
    reading = understanding().read(want)

    assert isinstance(reading, Reading)
    assert reading.services[0][0] == "VIA-BACHE"
    assert reading.finding is not None
    assert reading.meanings[0].id == "VIA-BACHE"
    assert pickle.loads(pickle.dumps((want, reading))) == (want, reading)


def test_services_are_what_is_plausible_best_first():
    found = understanding().services("hay un bache y se está tirando el agua")

    assert {code for code, _ in found} >= {"VIA-BACHE", "AGUA-FUGA"} or found[0][1] > 0.5
    assert [chance for _, chance in found] == sorted((chance for _, chance in found), reverse=True)
    assert len(found) <= 3


def test_the_kinds_of_matters_are_told_in_many_ways():
    assert all(len(said) >= 40 for said in matters().values())


def test_sure_meanings_are_mostly_right():
    """On our own texts, of which the weights have seen the meanings but the wordings have not."""
    lines = (Path(__file__).parent / "meanings.jsonl").read_text(encoding="utf-8").splitlines()
    sure = right = 0
    for entry in map(json.loads, lines[::2]):
        best = understanding().meanings(entry["text"])[:1]
        if best and best[0].chance >= 0.8:
            sure += 1
            right += (best[0].id or str(best[0].matter)) in entry["means"]
    assert sure >= 20
    assert right / sure >= 0.8
