"""Small signs in a text of what it is about: a question, an errand, another town, people rather than things.

Owns how they are found (lexicon/signs.yaml holds the words); knows nothing of likeness, services or articles.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from importlib import resources
from typing import Final

import yaml
from rapidfuzz.distance import OSA

from faq.model import Library
from faq.text import fold, gist, is_question, sound, tokens

_GAP: Final = r"(?:\w+ ){0,3}"
#: Shorter names are too alike to be taken for one another.
_LONG_NAME: Final = 6


@dataclass(frozen=True, slots=True)
class Signs:
    """What is plain to see in a text, each 0 or 1; lexicon/signs.yaml says what each means."""

    asked: float
    one_word: float
    errand: float
    away: float
    person: float
    complaint: float
    corruption: float
    request: float
    praise: float
    known: float
    failing: float
    disputed: float
    private: float
    crime: float
    firm: float
    #: Another town is named as the place.
    town: float = 0.0

    @property
    def is_no_report(self) -> bool:
        """Whether something speaks against a new report of a service."""
        against = (self.asked, self.errand, self.away, self.complaint, self.corruption, self.request, self.praise)
        return any((*against, self.known, self.private, self.crime, self.firm))


class SignReader:
    """Finds the signs, in a town whose own places are not away."""

    def __init__(self, home: Iterable[str] = ()) -> None:
        """home: names of the town and of its places."""
        #: Each run of words of our own names: where "San Miguel Zapotitlán" is ours, "Zapotitlán" is no other town.
        self._home = frozenset(run for name in home for run in _runs(fold(name).split()))
        #: The signs in a text; one text is asked about several times in a row.
        self.read = lru_cache(maxsize=16)(self._read)

    def _read(self, text: str) -> Signs:
        read = gist(text)
        said = fold(read)
        found = {name: float(pattern.search(said) is not None) for name, pattern in _PATTERNS.items()}
        if any(not self._is_ours(town[1]) for town in _TOWN.finditer(said)):
            found["away"] = found["town"] = 1.0
        return Signs(asked=float(is_question(read)), one_word=float(len(tokens(read)) <= 1), **found)

    def _is_ours(self, town: str) -> bool:
        """Whether a name is one of our own, a little misheard or not."""
        heard = sound(town)
        return any(sound(own) == heard or (own[0] == town[0] and _is_near(own, town)) for own in self._home)


def home_of(library: Library) -> list[str]:
    """The names of a town and of its places."""
    return [library.city.name, *(name for area in library.areas for name in (area.name, *area.aliases))]


def _runs(words: Sequence[str]) -> Iterable[str]:
    return (" ".join(words[a:b]) for a in range(len(words)) for b in range(a + 1, len(words) + 1))


def _is_near(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= _LONG_NAME and OSA.distance(one, other, score_cutoff=1) <= 1


def listed(name: str) -> frozenset[str]:
    """A list of the file."""
    return frozenset(_CONTENT["lists"][name])


def _read() -> Mapping[str, Mapping[str, Sequence[str]]]:
    source = resources.files("faq.lexicon") / "signs.yaml"
    found: Mapping[str, Mapping[str, Sequence[str]]] = yaml.safe_load(source.read_text(encoding="utf-8"))
    return found


def _phrase(phrase: str) -> str:
    steps = phrase.split()
    places = [_GAP if step == ".." else f"{_place(step)} " for step in steps]
    return "".join(places).removesuffix(" ")


def _place(step: str) -> str:
    """Any of some words."""
    lists = _CONTENT["lists"]
    said = [word for name in step.split("|") for word in (lists.get(name[1:-1], ()) or [name])]
    return f"(?:{_any(said)})"


def _any(said: Iterable[str]) -> str:
    return "|".join(re.escape(word).replace(r"\*", r"\w*") for word in said)


_CONTENT: Final = _read()
_WRITTEN: Final = {
    field.name: "|".join(map(_phrase, _CONTENT[field.name])) for field in fields(Signs) if field.name in _CONTENT
}
_PATTERNS: Final = {name: re.compile(rf"\b(?:{written})\b") for name, written in _WRITTEN.items()}
#: A town as a place where something is; with a number or a crossing behind it, it is a street.
_TOWN: Final = re.compile(
    rf"\b(?:en|in|municipio de|aqui de|aca de|alla de|soy de|somos de|from) ({_any(_CONTENT['lists']['towns'])})\b"
    r"(?! (?:\d|esq|casi |num))"
)
