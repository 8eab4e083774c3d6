"""Bare questions for a fact ("¿y cuánto cuesta?"), and the facts of articles and offices. Knows no conversation.

How facts are asked for is in lexicon/facts.yaml; how offices are called, in the town's departments.yaml.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Final

import yaml

from faq import filled
from faq.model import Article, Department
from faq.text import GREETING, STOP_WORDS, fold, is_question, sound, words


class Fact(StrEnum):
    """What is asked for of an article or an office."""

    COST = "cost"
    HOURS = "hours"
    PLACE = "place"
    PHONE = "phone"
    REQUIREMENTS = "requirements"
    DURATION = "duration"
    HOW = "how"


@dataclass(frozen=True, slots=True)
class FactAsked:
    """A fact that a text asks for."""

    fact: Fact
    #: 0 to 1.
    sure: float
    #: Nothing else is named: it is about what was spoken of before.
    is_bare: bool


#: Longer texts are stories; what is asked stands at their beginning or end.
_WORDS_READ: Final = 60
_FEW, _MANY, _NEAR_THE_START = 3, 25, 4
_SURE_BARE, _SURE_FIRST, _SURE, _SURE_WEAK = 0.95, 0.8, 0.7, 0.5
_GAP_AT_MOST: Final = 2
_SENTENCES: Final = re.compile(r"[.?!¿¡;\n]+")
_END: Final = "."
_HOW_AT_MOST: Final = 300
#: Before a cue, so near: it is told, not asked. "No sé dónde" asks all the same.
_NOT, _NOT_WITHIN = frozenset({"no", "nunca", "nadie", "ni"}), 4
_MINE: Final = frozenset({"mi", "mis", "nuestro"})
#: After "donde": which one, not where.
_RELATIVE: Final = frozenset(
    ("vivo", "vive", "viven", "vivimos", "trabajo", "trabaja", "estoy", "estamos", "siempre", "mismo")
)


@dataclass(frozen=True, slots=True)
class _Cue:
    fact: Fact
    #: Sounds that each step takes; none for a gap, "" among them where the step may be left out.
    steps: tuple[frozenset[str], ...]
    is_weak: bool


@dataclass(frozen=True, slots=True)
class _Hit:
    cue: _Cue
    start: int
    end: int


def asked(text: str) -> FactAsked | None:
    """The fact that a text asks for, the plainest where there are several; None for anything else.

    Spanish and English; misspellings that sound alike are one.
    """
    said = _said(text)
    heard = [sound(word) if word != _END else _END for word in said]
    hits = list(_hits(said, heard))
    if not hits:
        return None
    asks = len([word for word in said if word != _END]) <= _FEW or is_question(text)
    hits = [hit for hit in hits if asks or not hit.cue.is_weak]
    if not hits:
        return None
    best = max(hits, key=lambda hit: (not hit.cue.is_weak, hit.end - hit.start, -hit.start))
    covered = {at for hit in hits if hit is best or not hit.cue.is_weak for at in range(hit.start, hit.end)}
    is_bare = not any(at not in covered and _names(word) for at, word in enumerate(said))
    return FactAsked(best.cue.fact, _sure(best, said, is_bare=is_bare, asks=asks), is_bare)


def of_article(article: Article, department: Department | None, fact: Fact) -> str | None:
    """A fact of an article in words; hours, place and telephone of its office where the article has none.

    None where it is not known, or the town has still to fill it in.
    """
    match fact:
        case Fact.COST:
            return filled.filled(article.cost)
        case Fact.DURATION:
            return filled.filled(article.duration)
        case Fact.REQUIREMENTS:
            known = [each for each in article.requirements if filled.is_filled(each)]
            return "\n".join(f"• {each}" for each in known) or None
        case Fact.HOW:
            return _first_sentences(article.body)
        case Fact.HOURS if hours := filled.filled(article.hours):
            return hours
    return of_office(department, fact) if department else None


def of_office(department: Department, fact: Fact) -> str | None:
    """A fact of an office in words; None where it is not known, or none of an office's."""
    own = {Fact.HOURS: department.hours, Fact.PLACE: department.address, Fact.PHONE: department.phone}
    return filled.filled(own.get(fact))


def offices_in(text: str, departments: Mapping[str, Department]) -> str | None:
    """The id of the office that a text names, by its name or how people call it; the longest name wins."""
    heard = [sound(word) for word in words(text)[:_WORDS_READ]]
    said = frozenset(heard)
    best: tuple[int, int, str] | None = None
    for id_, department in departments.items():
        for name in _heard_names((*department.name.values(), *department.also_called)):
            at = _at(heard, name) if name[0] in said else None
            if at is not None and (best is None or (-len(name), at) < best[:2]):
                best = -len(name), at, id_
    return best[2] if best else None


# -- asking ---------------------------------------------------------------------------------------------------------


def _said(text: str) -> list[str]:
    """The folded words without a greeting, and a mark where a sentence ends: what is asked for stands in one."""
    said = f" {_END} ".join(" ".join(words(part)) for part in _SENTENCES.split(text) if part.strip())
    return (GREETING.sub("", said).strip() or said).split()[:_WORDS_READ]


def _hits(said: Sequence[str], heard: Sequence[str]) -> Iterator[_Hit]:
    """The cues that stand in a text; of those of one fact that begin together, the longest."""
    for start, word in enumerate(heard):
        ends: dict[tuple[Fact, bool], _Hit] = {}
        for cue in _cues().get(word, ()):
            end = _end(cue.steps, heard, start)
            if end is None or _is_told(cue, said, start, end):
                continue
            known = ends.get((cue.fact, cue.is_weak))
            if known is None or known.end < end:
                ends[cue.fact, cue.is_weak] = _Hit(cue, start, end)
        yield from ends.values()


def _is_told(cue: _Cue, said: Sequence[str], start: int, end: int) -> bool:
    """Whether it is a statement: "no contestan el teléfono", "mi teléfono es", "la calle donde vivo"."""
    if start and said[start - 1] in _MINE:
        return True
    if cue.fact is Fact.PLACE and end < len(said) and said[end] in _RELATIVE:
        return True
    near = range(max(0, start - _NOT_WITHIN), start)
    return cue.fact is not Fact.REQUIREMENTS and any(said[at] in _NOT and said[at + 1] != "se" for at in near)


def _end(steps: Sequence[frozenset[str]], heard: Sequence[str], at: int) -> int | None:
    """Where a cue that begins at a word ends; None where it does not stand there."""
    if not steps:
        return at
    step, *rest = steps
    if not step:
        gaps = (skipped for skipped in range(_GAP_AT_MOST + 1) if _END not in heard[at : at + skipped])
        ends = (_end(rest, heard, at + skipped) for skipped in gaps)
        return next((end for end in ends if end is not None), None)
    if at < len(heard) and heard[at] in step and (end := _end(rest, heard, at + 1)) is not None:
        return end
    return _end(rest, heard, at) if "" in step else None


def _sure(hit: _Hit, said: Sequence[str], *, is_bare: bool, asks: bool) -> float:
    if is_bare:
        sure = _SURE_BARE if not hit.cue.is_weak else _SURE_FIRST
    elif hit.cue.is_weak:
        sure = _SURE_WEAK
    else:
        sure = _SURE_FIRST if hit.start < _NEAR_THE_START and asks else _SURE
    if not asks and not is_bare:
        sure -= 0.2
    return round(sure * (0.7 if len(said) > _MANY else 1), 2)


def _names(word: str) -> bool:
    """Whether a word names something."""
    return word not in STOP_WORDS and word not in _nothing() and len(word) > 1


@cache
def _cues() -> Mapping[str, tuple[_Cue, ...]]:
    """The cues by the sound of a word that they begin with."""
    found: dict[str, list[_Cue]] = {}
    for fact in Fact:
        for line in _lexicon()[fact.value]:
            steps = tuple(map(_step, line.removeprefix("? ").split()))
            cue = _Cue(fact, steps, line.startswith("? "))
            for word in _first(steps):
                found.setdefault(word, []).append(cue)
    return {word: tuple(cues) for word, cues in found.items()}


def _step(written: str) -> frozenset[str]:
    if written == "..":
        return frozenset()
    heard = [sound(word) for word in written.removesuffix("?").split("|")]
    return frozenset([*heard, ""] if written.endswith("?") else heard)


def _first(steps: Sequence[frozenset[str]]) -> frozenset[str]:
    first = steps[0] - {""}
    return first | _first(steps[1:]) if "" in steps[0] else first


@cache
def _lexicon() -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = yaml.safe_load(
        (resources.files("faq.lexicon") / "facts.yaml").read_text(encoding="utf-8")
    )
    return loaded


@cache
def _nothing() -> frozenset[str]:
    return frozenset(str(_lexicon()["nothing"]).split())


# -- telling --------------------------------------------------------------------------------------------------------


def _first_sentences(body: str) -> str | None:
    """The first paragraph without its gaps, in whole sentences of at most 300 letters where that can be."""
    paragraph = filled.cut(body).text.split("\n\n")[0].strip()
    if len(paragraph) <= _HOW_AT_MOST:
        return paragraph or None
    end = max(paragraph.rfind(mark, 0, _HOW_AT_MOST) for mark in (". ", "\n", "; "))
    return paragraph[: end + 1].strip() if end > 0 else paragraph


@lru_cache(maxsize=500)
def _heard_names(names: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The names of an office by sound; what stands in brackets is one of its own."""
    parts = [part.rstrip(") ") for name in names for part in name.split("(")]
    return tuple(tuple(sound(word) for word in words(part)) for part in parts if fold(part))


def _at(heard: Sequence[str], name: Sequence[str]) -> int | None:
    """Where a name stands among words."""
    size = len(name)
    return next((at for at in range(len(heard) - size + 1) if tuple(heard[at : at + size]) == tuple(name)), None)
