"""Which language somebody writes in, by its commonest words."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from faq.lexicon import speech
from faq.text import fold, sound

#: Of a long text the beginning tells.
_WORDS_READ: Final = 80
_CHARACTERS_READ: Final = 1000
#: Surer of one language than this many words, and so many times surer than of any other.
_LEAST: Final = 2.0
_TIMES: Final = 2.0
#: Of all words, so many must be of the language: in any other tongue a few look like it.
_SHARE: Final = 0.25
_PLAIN, _NAMED = 1.0, 0.5
#: A word has to be longer than this to be known by its ending.
_LONG: Final = 5
_APOSTROPHES: Final = re.compile(r"['’`´](?=[a-z])", re.IGNORECASE)
#: Where words are written by ear, and by which rules `faq.text.sound` compares them.
_BY_EAR: Final = "es"


def language_of(text: str, languages: Sequence[str]) -> str | None:
    """The one of `languages` that a text is in; None for a few words, names, numbers, and what no list knows."""
    said = fold(_APOSTROPHES.sub(" ", text[:_CHARACTERS_READ])).split()[:_WORDS_READ]
    words = [word for word in said if not word.isdecimal()]
    scores = dict.fromkeys(_lists(), 0.0)
    plain = set()
    for language, weight in filter(None, map(_known, words)):
        scores[language] += weight
        if weight == _PLAIN:
            plain.add(language)
    best, *others = sorted(scores, key=lambda language: -scores[language])
    is_sure = best in plain and scores[best] >= max(_LEAST, _SHARE * len(words))
    is_only = all(scores[best] >= _TIMES * scores[other] for other in others)
    return best if is_sure and is_only and best in languages else None


def is_known(language: str) -> bool:
    """Whether words of a language can be told from others."""
    return language in _lists()


@lru_cache(maxsize=20_000)
def _known(word: str) -> tuple[str, float] | None:
    """The language of a word, and what that tells: as it stands, by ear where that is a way to write, by its ending."""
    exact = [(language, words[word]) for language, words in _lists().items() if word in words]
    if exact:
        return exact[0] if len(exact) == 1 else None
    if len(word) > 2 and (weight := _by_ear().get(sound(word))):
        return _BY_EAR, weight
    ended = (language for language, endings in _endings().items() if len(word) > _LONG and word.endswith(endings))
    language = next(ended, None)
    return (language, _NAMED) if language else None


@lru_cache(maxsize=1)
def _lists() -> Mapping[str, Mapping[str, float]]:
    """A language to its words and what each tells."""
    weights = {"plain": _PLAIN, "named": _NAMED}
    return MappingProxyType(
        {
            language: {word: weight for kind, weight in weights.items() for word in kinds[kind].split()}
            for language, kinds in speech("languages").items()
        }
    )


@lru_cache(maxsize=1)
def _endings() -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType(
        {language: tuple(kinds["endings"].split()) for language, kinds in speech("languages").items()}
    )


@lru_cache(maxsize=1)
def _by_ear() -> Mapping[str, float]:
    """The sounds of the words of that language; those of two letters sound like anything."""
    return MappingProxyType({sound(word): weight for word, weight in _lists()[_BY_EAR].items() if len(word) > 2})
