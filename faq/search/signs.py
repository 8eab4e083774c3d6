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

from faq.text import fold, gist, is_question, tokens

_GAP: Final = r"(?:\w+ ){0,3}"


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

    @property
    def is_no_report(self) -> bool:
        """Whether something speaks against a new report of a service."""
        against = (self.asked, self.errand, self.away, self.complaint, self.corruption, self.request, self.praise)
        return any((*against, self.known))


class SignReader:
    """Finds the signs, in a town whose own places are not away."""

    def __init__(self, home: Iterable[str] = ()) -> None:
        """home: names of the town and of its places."""
        self._home = frozenset(map(fold, home))
        #: The signs in a text; one text is asked about several times in a row.
        self.read = lru_cache(maxsize=16)(self._read)

    def _read(self, text: str) -> Signs:
        read = gist(text)
        said = fold(read)
        found = {name: float(pattern.search(said) is not None) for name, pattern in _PATTERNS.items()}
        if any(town[1] not in self._home for town in _TOWN.finditer(said)):
            found["away"] = 1.0
        return Signs(asked=float(is_question(read)), one_word=float(len(tokens(read)) <= 1), **found)


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
#: A town as a place where something is.
_TOWN: Final = re.compile(rf"\b(?:en|in|municipio de) ({_any(_CONTENT['lists']['towns'])})\b")
