"""Words that steer: cancel, back, menu, help, go on, another language."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from faq.speech import Act
from handlers.conversation import controls
from handlers.meaning.bid import Bid
from handlers.meaning.situation import Situation
from handlers.meaning.steering import steer
from handlers.texts import declare, under

declare(__name__, *under("words", "cancelar", "atras", "ayuda", "menu", "idioma", "seguir"), "language.switched")

#: Lists of words below `words.` in the message files, and what each means.
_WORDS: Final = {
    "cancelar": controls.CANCEL,
    "atras": controls.BACK,
    "ayuda": controls.HELP,
    "menu": controls.MENU,
    "idioma": "language",
    "seguir": controls.RESUME,
}
_ACTS: Final = {
    Act.CANCEL: controls.CANCEL,
    Act.BACK: controls.BACK,
    Act.MENU: controls.MENU,
    Act.RESUME: controls.RESUME,
}
#: Longer is a sentence.
_WORDS_AT_MOST: Final = 40
#: Words; in a longer text the same words may well be part of a story.
_SHORT: Final = 9
#: A wish for a language that stands in few words is the message.
_PLAIN: Final = 0.9


def read(it: Situation) -> Iterator[Bid]:
    """Exactly such a word, or words that mean nothing else."""
    if not it.text:
        return
    if it.text == "0" and it.session.flow is not None:
        yield _bid(it, "zero", 0.99, controls.BACK)
    if len(it.text) <= _WORDS_AT_MOST:
        for words in it.town.meant(it.text):
            if words in _WORDS:
                yield _bid(it, words, 0.99, _WORDS[words])
    for act, control in _ACTS.items():
        is_open = it.session.flow is not None or bool(it.session.aside)
        if act is Act.CANCEL and not is_open:
            continue
        if it.only(act):
            yield _bid(it, act.value, 0.55 + 0.4 * it.only(act), control)
        elif act is not Act.RESUME and it.form is not None and it.sure(act) and it.size <= _SHORT:
            yield _bid(it, f"{act.value}_among_words", 0.5 + 0.4 * it.sure(act), control)
    is_plain = it.sure(Act.LANGUAGE) >= _PLAIN and it.size <= _SHORT
    if Act.LANGUAGE in it.acts and (is_plain or it.only(Act.LANGUAGE)):
        language = it.acts[Act.LANGUAGE].detail
        if language in it.town.languages:
            yield Bid("control", "language", 0.97, partial(_speak, it, language))


def _bid(it: Situation, why: str, sure: float, control: str) -> Bid:
    return Bid("control", why, sure, partial(steer, it.session, control))


def _speak(it: Situation, language: str) -> None:
    it.session.set_language(language)
    it.session.say("language.switched")
    it.session.repeat() if it.session.flow else steer(it.session, controls.MENU)
