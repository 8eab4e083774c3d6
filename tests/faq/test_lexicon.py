"""The base lexicon: hundreds of ways of saying it, written so that the search can use every line."""

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

import faq.lexicon
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
