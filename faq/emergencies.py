"""Danger to life in a message, heard before anything else is looked for.

Owns how an emergency sounds (lexicon/emergencies.yaml); knows nothing of what is answered, nor of who asks.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache
from importlib import resources

import yaml

from faq.text import sound, words

#: What is read of a message; nobody buries a cry for help under more.
_READ_CHARACTERS = 4000
_SENTENCE_END = re.compile(r"[.!?¡¿;\n]+")
_GAP = r"(?:\S+ ){0,3}"

_Lists = Mapping[str, Sequence[str]]
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
    sentences = [_SPEECH.figures.strike_out(sentence) for sentence in heard if sentence.strip()]
    message = " ".join(sentences)
    return next((kind for kind in Emergency if _SPEECH.speaks_of(kind, sentences, message)), None)


def _heard(sentence: str) -> str:
    """The sentence by sound, with a space on both sides, so that a pattern need not know how it was spelt."""
    return f" {_sounded(sentence)} "


def _sounded(text: str) -> str:
    return " ".join(sound(word) for word in words(text))


class _Phrases:
    """Phrases in the notation of the file, each kept under its rarest words, so that few are ever tried."""

    def __init__(self, phrases: Iterable[str], lists: _Lists) -> None:
        steps = {phrase: [_choices(step, lists) for step in phrase.removeprefix("= ").split()] for phrase in phrases}
        common = Counter(word for found in steps.values() for choices in found for word in choices)
        self._patterns: dict[str, list[str]] = {}
        for phrase, found in steps.items():
            for word in _anchor(phrase, found, common):
                self._patterns.setdefault(word, []).append(_pattern(phrase, found))

    def stand_in(self, sentence: str) -> bool:
        """Whether any of the phrases stands in the sentence."""
        return any(pattern.search(sentence) for pattern in self._worth_trying(sentence))

    def strike_out(self, sentence: str) -> str:
        """The sentence with a mark in place of each of the phrases."""
        for pattern in self._worth_trying(sentence):
            sentence = pattern.sub("~ ", sentence)
        return sentence

    def _worth_trying(self, sentence: str) -> Iterator[re.Pattern[str]]:
        for word in dict.fromkeys(sentence.split()):
            for pattern in self._patterns.get(word, ()):
                yield _compiled(pattern)


def _choices(step: str, lists: _Lists) -> frozenset[str]:
    """The words that a step takes, by sound; none for a gap."""
    names = [] if step == ".." else step.removesuffix("?").split("|")
    said = (word for name in names for word in (lists[name[1:-1]] if name.startswith("<") else [name]))
    return frozenset("END" if word == "END" else _sounded(word) for word in said)


def _anchor(phrase: str, steps: Sequence[frozenset[str]], common: Mapping[str, int]) -> frozenset[str]:
    """The words of the step that a sentence must have and that the fewest phrases share."""
    written = phrase.removeprefix("= ").split()
    must = [found for step, found in zip(written, steps, strict=True) if not step.endswith(("?", "..", "END"))]
    must = [found for found in must if "END" not in found and all(" " not in word for word in found)]
    return min(must, key=lambda found: max(common[word] for word in found))


def _pattern(phrase: str, steps: Sequence[frozenset[str]]) -> str:
    written = phrase.removeprefix("= ").split()
    body = "".join(_place(step, found) for step, found in zip(written, steps, strict=True))
    return f"^ {body}$" if phrase.startswith("= ") else f"(?<= ){body}"


def _place(step: str, choices: frozenset[str]) -> str:
    """One place in a phrase: a gap, the end, or any of some words, each with the space after it."""
    if not choices:
        return _GAP
    said = "|".join(re.escape(word) for word in sorted(choices - {"END"}))
    ways = [f"(?:{said}) "] * bool(said) + ["$"] * ("END" in choices)
    return f"(?:{'|'.join(ways)}){'?' if step.endswith('?') else ''}"


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


class _Speech:
    """What the file holds, by part and kind."""

    def __init__(self, content: _Content) -> None:
        self._lists = content["lists"]
        self.figures = self._all(content["figures_of_speech"].values())
        self._now = self._all(content["now"].values())
        self._signs = self._each(content["signs"])
        self._hints = self._each(content["hints"])
        self._over = self._each(content["over"])
        self._asking = self._each(content["asking"])

    def speaks_of(self, kind: Emergency, sentences: Sequence[str], message: str) -> bool:
        """Whether a sentence tells of this kind as happening; a hint gives way to any question in the whole message."""
        told = [sentence for sentence in sentences if self._hints[kind].stand_in(sentence)]
        if told and self._asking[kind].stand_in(message):
            told = []
        told += [sentence for sentence in sentences if self._signs[kind].stand_in(sentence)]
        return any(not self._over[kind].stand_in(sentence) or self._now.stand_in(sentence) for sentence in told)

    def _each(self, phrases: Mapping[str, Sequence[str]]) -> Mapping[Emergency, _Phrases]:
        return {kind: self._all((phrases.get(kind, ()), phrases.get(f"{kind} too", ()))) for kind in Emergency}

    def _all(self, groups: Iterable[Sequence[str]]) -> _Phrases:
        return _Phrases((phrase for group in groups for phrase in group), self._lists)


def _read() -> _Content:
    source = resources.files("faq.lexicon") / "emergencies.yaml"
    found: _Content = yaml.safe_load(source.read_text(encoding="utf-8"))
    return found


_SPEECH = _Speech(_read())
