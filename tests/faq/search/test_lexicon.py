"""The base lexicon: hundreds of ways of saying it, written so that the search can use every line."""

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

import faq.lexicon
from faq.search.sayings import Sayings
from faq.text import fold

FILE = Path(faq.lexicon.__file__).parent / "es.yaml"
TOPICS = yaml.safe_load(FILE.read_text(encoding="utf-8"))
PHRASES = [(said, meant) for phrases in TOPICS.values() for said, meant in phrases.items()]


def test_the_lexicon_is_well_stocked() -> None:
    """Hundreds of phrases over the matters of a town hall."""
    assert len(PHRASES) >= 450
    assert len(TOPICS) >= 20


@pytest.mark.parametrize(("said", "meant"), PHRASES, ids=[str(said) for said, _ in PHRASES])
def test_every_line_can_be_used(said: str, meant: list[str]) -> None:
    """Folded spelling on both sides, short, and it says something new."""
    assert isinstance(said, str)
    assert said == fold(said)
    assert len(said.split()) <= 7
    assert meant
    assert all(isinstance(word, str) and word == fold(word) for word in meant)
    assert said not in meant


def test_no_phrase_stands_twice() -> None:
    """YAML would silently keep only the last; a reader would look at the first."""
    written = re.findall(r"^  (.+?): \[", FILE.read_text(encoding="utf-8"), flags=re.M)
    assert [said for said, times in Counter(written).items() if times > 1] == []
    assert len(written) == len(PHRASES)


def test_the_lexicon_is_of_no_town() -> None:
    """A town's own names belong to its synonyms, not here."""
    text = FILE.read_text(encoding="utf-8")
    assert not re.search(r"poncitlan|ocotlan|chapala|mezcala|jamay|jalisco|coahuila|saltillo", text)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("caguamas", "venta de alcohol"),
        ("papelito de que vivo aqui", "constancia de residencia"),
        ("mordida", "denuncia de corrupcion"),
        ("el presi", "presidente municipal"),
        ("birth certificate", "acta de nacimiento"),
        ("manden una pipa", "pipa de agua"),
    ],
)
def test_the_base_reads_the_file(said: str, meant: str) -> None:
    """What the search gets is what the file says."""
    assert meant in faq.lexicon.base("es")[said]


@pytest.mark.parametrize(
    "text",
    [
        "hoy en la mañana pasa por mi casa",
        "sin embargo no hay nada nuevo",
        "este fin de semana me toca descansar",
        "poco a poco se puede",
        "manden a alguien por favor",
        "me junto con ellos al final",
        "de tal modo que quitaron todo",
        "paso por ahí en la tarde",
        "quiero que me ayuden",
    ],
)
def test_everyday_words_call_for_nothing(text: str) -> None:
    """The search compares endings loosely: `hoyo` must not be heard in `hoy`, nor a wedding in `casa`."""
    assert Sayings(faq.lexicon.base("es")).meant(text) == []


def test_a_word_is_not_taken_for_one_that_looks_like_it() -> None:
    """A voter's card is not adult education, and street sellers are no ambulance."""
    sayings = Sayings(faq.lexicon.base("es"))
    assert "educacion para adultos" not in sayings.meant("se me perdió la ine")
    assert "permiso ambulante" not in sayings.meant("necesito una ambulancia")
    assert "transporte publico" not in sayings.meant("desarrollo urbano")
