"""What a sentence does, in everyday words; and what it does not, though it uses the same ones."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from faq.speech import Act, Said, acts
from faq.speech.heard import hear


def _read(name: str) -> Any:
    """Every word stays text, `no` and `yes` among them."""
    return yaml.load((Path(__file__).parent / name).read_text(encoding="utf-8"), yaml.BaseLoader)


_SAID = _read("said.yaml")


def _sentences(how: str) -> list[tuple[str, str]]:
    return [(act, text) for act, said in _SAID.items() for text in said.get(how, ())]


def _said(text: str, act: str) -> Said | None:
    code, _, detail = act.partition(" ")
    return next((said for said in acts(text) if said.act == code and (not detail or said.detail == detail)), None)


@pytest.mark.parametrize(("act", "text"), _sentences("all"))
def test_it_is_all_that_was_said(act: str, text: str):
    said = _said(text, act)
    assert said is not None, "not heard"
    assert said.is_all, "not all"


@pytest.mark.parametrize(("act", "text"), _sentences("beside"))
def test_it_was_said_beside_something_else(act: str, text: str):
    said = _said(text, act)
    assert said is not None, "not heard"
    assert not said.is_all, "all"


@pytest.mark.parametrize(("act", "text"), _sentences("never"))
def test_it_was_not_said(act: str, text: str):
    assert _said(text, act) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hola muy buenas tardes disculpe la molestia", {Act.GREETING, Act.APOLOGY}),
        ("gracias, buen día, saludos", {Act.THANKS, Act.GREETING}),
        ("por favor", {Act.NOISE}),
        ("no le entiendo, que alguien me explique", {Act.PERSON}),
        ("no gracias", {Act.NO, Act.THANKS}),
    ],
)
def test_several_things_at_once(text: str, expected: set[Act]):
    """Courtesy in any combination is one small talk."""
    assert expected <= {said.act for said in acts(text) if said.is_all}


@pytest.mark.parametrize("text", ["", "   ", *_read("told.yaml")])
def test_most_words_do_nothing_but_tell(text: str):
    """To residents' work with the counter; what officials do with a ticket is said in the words of a report."""
    assert not [said for said in acts(text) if said.act in _SAID]


@pytest.mark.parametrize(
    "text",
    ["a" * 10_000, "a " * 5000, "no me manden " * 800, "hola," * 2000, "👍" * 5000, ". " * 5000, "ahorita se " * 900],
)
def test_of_a_flood_only_a_little_is_read(text: str):
    """So that the time is bounded, whatever was sent."""
    assert len(hear(text).sounds) <= 400
    acts(text)


def test_the_surest_comes_first():
    assert [said.act for said in acts("hola, quiero hablar con una persona")] == [Act.PERSON, Act.GREETING]
