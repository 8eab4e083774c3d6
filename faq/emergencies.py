"""Danger to life in a message, heard before anything else is looked for.

Owns how an emergency sounds (lexicon/emergencies.yaml); knows nothing of what is answered, nor of who asks.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from importlib import resources

import yaml

from faq.text import sound, words

#: What is read of a message; nobody buries a cry for help under more.
_READ_CHARACTERS = 4000
_SENTENCE_END = re.compile(r"[.!?¡¿;\n]+")

_Content = Mapping[str, Mapping[str, Sequence[str]]]


class Emergency(StrEnum):
    """What kind of help is needed at once; the most pressing first."""

    DESPAIR = "despair"
    VIOLENCE = "violence"
    CRIME = "crime"
    DANGER = "danger"


def recognise(text: str) -> Emergency | None:
    """The emergency that this message speaks of as happening now; None for questions, stories and figures of speech.

    Misspellings that sound alike are one. Spanish and English.
    """
    heard = [_heard(part) for part in _SENTENCE_END.split(text[:_READ_CHARACTERS])]
    sentences = [_SPEECH.figures.sub(" ~ ", sentence) for sentence in heard if sentence.strip()]
    for kind in Emergency:
        if any(_SPEECH.speaks_of(kind, sentence) for sentence in sentences):
            return kind
    return None


def _heard(sentence: str) -> str:
    """The sentence by sound, with a space on both sides, so that a pattern need not know how it was spelt."""
    return f" {_sounded(sentence)} "


def _sounded(text: str) -> str:
    return " ".join(sound(word) for word in words(text))


class _Speech:
    """The patterns of the file, compiled."""

    def __init__(self, content: _Content) -> None:
        self._lists = content["lists"]
        self.figures = self._any(content["figures_of_speech"].values())
        self._now = self._any(content["now"].values())
        self._signs = self._each(content["signs"])
        self._hints = self._each(content["hints"])
        self._over = self._each(content["over"])
        self._asking = self._each(content["asking"])

    def speaks_of(self, kind: Emergency, sentence: str) -> bool:
        """Whether the sentence tells of this kind as happening; a hint also gives way to a question."""
        hinted = self._hints[kind].search(sentence) and not self._asking[kind].search(sentence)
        if not hinted and not self._signs[kind].search(sentence):
            return False
        return not self._over[kind].search(sentence) or bool(self._now.search(sentence))

    def _each(self, phrases: Mapping[str, Sequence[str]]) -> Mapping[Emergency, re.Pattern[str]]:
        return {kind: self._any((phrases.get(kind, ()), phrases.get(f"{kind} too", ()))) for kind in Emergency}

    def _any(self, groups: Iterable[Sequence[str]]) -> re.Pattern[str]:
        found = [self._phrase(phrase) for group in groups for phrase in group]
        return re.compile("|".join(found) or r"(?!)")

    def _phrase(self, phrase: str) -> str:
        body = "".join(self._step(step) for step in phrase.removeprefix("= ").split())
        return f"^ {body}$" if phrase.startswith("= ") else f"(?<= ){body}"

    def _step(self, step: str) -> str:
        """One place in a phrase: a gap, the end, or any of some words, each with the space after it."""
        if step == "..":
            return r"(?:\S+ ){0,3}"
        names = step.removesuffix("?").split("|")
        choices = [word for name in names for word in self._lists.get(name.strip("<>"), [name])]
        sounds = sorted({re.escape(_sounded(choice)) for choice in choices if choice != "END"})
        ways = [f"(?:{'|'.join(sounds)}) "] * bool(sounds) + ["$"] * ("END" in choices)
        return f"(?:{'|'.join(ways)}){'?' if step.endswith('?') else ''}"


def _read() -> _Content:
    source = resources.files("faq.lexicon") / "emergencies.yaml"
    found: _Content = yaml.safe_load(source.read_text(encoding="utf-8"))
    return found


_SPEECH = _Speech(_read())
