"""The notation of the lists, and how a message is heard."""

import pytest

from faq.lexicon import speech
from faq.speech import Act
from faq.speech.acts import acts
from faq.speech.heard import hear
from faq.speech.phrases import Match, Phrases
from faq.text import STOP_WORDS, sound


def _match(phrase: str, text: str) -> Match | None:
    found = list(Phrases([(phrase, "it")], {"fruit": ["pera", "manzana_verde"]}).found(hear(text)))
    return found[0][1] if found else None


@pytest.mark.parametrize(
    ("phrase", "text", "places"),
    [
        ("quiero una|dos pera", "ya quiero dos peras pera", None),
        ("quiero una|dos pera", "ya quiero dos pera", (1, 2, 3)),
        ("quiero una? pera", "quiero pera", (0, 1)),
        ("quiero una <fruit>", "kiero una mansana berde", (0, 1, 2, 3)),
        ("come manzana|manzana_verde", "come manzana verde", (0, 1, 2)),
        ("quiero .. pera", "quiero comer una gran pera", (0, 4)),
        ("quiero .. pera", "quiero comer una muy gran pera", None),
        ("quiero .. pera", "quiero comer. la pera", None),
        ("de de? una pera", "de una pera", (0, 1, 2)),
    ],
)
def test_where_a_phrase_stands(phrase: str, text: str, places: tuple[int, ...] | None):
    match = _match(phrase, text)
    assert (match and match.places) == places


def test_what_was_named_ends_at_a_pause():
    match = _match("pasa a @", "pasa a obras publicas, gracias")
    assert match is not None
    assert match.named == range(2, 4)


@pytest.mark.parametrize("phrase", ["", "una? dos?", ".. pera"])
def test_a_phrase_that_could_stand_everywhere_is_refused(phrase: str):
    with pytest.raises(ValueError, match="begin with a word"):
        Phrases([(phrase, "it")], {})


@pytest.mark.parametrize(
    ("text", "sounds"),
    [
        ("jaajja jeje haha", ("jaja",) * 3),
        ("eje", ("eje",)),
        ("👍🏽", ("ok",)),
        ("ya vi 👍", ("ya", "bi")),
        ("grasias GRACIAS gracais", ("grasias",) * 3),
    ],
)
def test_what_is_heard(text: str, sounds: tuple[str, ...]):
    assert hear(text).sounds == sounds


def test_an_english_greeting_is_not_the_commonest_word_of_spanish():
    assert hear("hi").sounds != hear("y").sounds


def test_of_a_long_message_the_end_is_read_too():
    told = "hay un bache enorme enfrente de la escuela. " * 60
    assert Act.PERSON in {said.act for said in acts(told + "mejor que me llamen por favor")}


def test_every_act_can_be_said():
    """Nothing asks for an act that no list knows."""
    from faq.speech.acts import _lexicon  # noqa: PLC0415 - what is kept

    lists = _lexicon().phrases._under.values()
    assert {phrase.tag.act for phrases in lists for phrase in phrases if phrase.tag.act} == {*Act}


def test_no_slip_sounds_like_a_word_that_people_mean():
    slips = {sound(slip) for said in speech("words")["slips"].values() for slip in said.split()}
    meant = set(map(sound, STOP_WORDS)) | {sound(word) for word in speech("words")["slips"]}
    assert slips.isdisjoint(meant)
