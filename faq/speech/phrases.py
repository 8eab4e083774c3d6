"""Phrases in the notation of lexicon/speech, found in what was heard without trying more than a few of them.

Notation, one place a word:  a|b  either    a?  may be missing    a_b  two words in one place    <name>  any of a list
..  up to three other words of the sentence    @  the words up to the next pause, five at most: what was named
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Generic, TypeVar

from faq.speech.heard import Heard, sounds_of

_GAP_AT_MOST = 3
_NAMED_AT_MOST = 5

Lists = Mapping[str, Sequence[str]]
Tag = TypeVar("Tag")


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase that stands in a message."""

    #: The places of its own words; those in a gap are none of them.
    places: tuple[int, ...]
    #: The places of what it named.
    named: range


_NOTHING = Match((), range(0))


@dataclass(frozen=True, slots=True)
class _Step:
    """A place of a phrase: the ways to fill it; none for a gap or for what is named."""

    single: frozenset[str]
    #: The ways of several words by their first, the longest first.
    longer: Mapping[str, tuple[tuple[str, ...], ...]]
    may_miss: bool
    names: bool

    @property
    def is_gap(self) -> bool:
        return not self.single and not self.longer and not self.names

    def starts(self) -> frozenset[str]:
        return self.single | self.longer.keys()

    def telling(self) -> frozenset[str]:
        """A word of each way, the one that few messages have."""
        return self.single | {max(way, key=len) for ways in self.longer.values() for way in ways}


@dataclass(frozen=True, slots=True)
class _Phrase(Generic[Tag]):
    steps: tuple[_Step, ...]
    first: frozenset[str]
    #: A message must have a word of each, besides the one that the phrase is kept under.
    needed: tuple[frozenset[str], ...]
    tag: Tag

    def may_stand_among(self, present: frozenset[str]) -> bool:
        return not any(map(present.isdisjoint, self.needed))


class Phrases(Generic[Tag]):
    """Phrases with a tag each, kept under the words of their rarest place."""

    def __init__(self, written: Iterable[tuple[str, Tag]], lists: Lists) -> None:
        """In the notation of this module; `lists` gives the words of `<name>`."""
        step = cache(partial(_step, lists=lists))
        phrases = [_phrase(tuple(map(step, text.split())), text, tag) for text, tag in written]
        common = Counter(word for phrase in phrases for words in phrase.needed for word in words)
        self._under: dict[str, list[_Phrase[Tag]]] = {}
        for phrase in phrases:
            rarest, *others = sorted(phrase.needed, key=lambda words: max(common[word] for word in words))
            kept = replace(phrase, needed=tuple(others))
            for word in rarest:
                self._under.setdefault(word, []).append(kept)

    def found(self, heard: Heard) -> Iterator[tuple[Tag, Match]]:
        """Every phrase wherever it stands, each start once."""
        places: dict[str, list[int]] = {}
        for at, word in enumerate(heard.sounds):
            places.setdefault(word, []).append(at)
        present = frozenset(places)
        tried: set[int] = set()
        for word in places:
            for phrase in self._under.get(word, ()):
                if id(phrase) in tried or not phrase.may_stand_among(present):
                    continue
                tried.add(id(phrase))
                for start in sorted(at for first in phrase.first & present for at in places[first]):
                    if match := _match(heard, start, phrase.steps, 0):
                        yield phrase.tag, match


def _phrase(steps: tuple[_Step, ...], text: str, tag: Tag) -> _Phrase[Tag]:
    first: frozenset[str] = frozenset()
    for step in steps:
        first |= step.starts()
        if not step.may_miss:
            break
    needed = tuple(step.telling() for step in steps if step.starts() and not step.may_miss)
    if not first or not needed:
        raise ValueError(f"a phrase has to begin with a word and to have one that may not be missing: {text!r}")
    return _Phrase(steps, first, needed, tag)


def _step(text: str, lists: Lists) -> _Step:
    if text in {"..", "@"}:
        return _Step(frozenset(), {}, False, text == "@")
    names = text.removesuffix("?").split("|")
    said = [word for name in names for word in (lists[name[1:-1]] if name.startswith("<") else [name])]
    ways = {sounds_of(word.replace("_", " ")) for word in said}
    longer: dict[str, tuple[tuple[str, ...], ...]] = {}
    for way in sorted((way for way in ways if len(way) > 1), key=lambda way: (-len(way), way)):
        longer[way[0]] = (*longer.get(way[0], ()), way)
    return _Step(frozenset(way[0] for way in ways if len(way) == 1), longer, text.endswith("?"), False)


def _match(heard: Heard, at: int, steps: Sequence[_Step], number: int) -> Match | None:
    """The phrase from its step `number` and this place on, with the shortest gaps."""
    if number == len(steps):
        return _NOTHING
    step = steps[number]
    if step.names:
        end = next((end for end in range(at, at + _NAMED_AT_MOST) if _ends(heard, end, at)), at + _NAMED_AT_MOST)
        return Match(tuple(range(at, end)), range(at, end)) if end > at else None
    if step.is_gap:
        return _after_gap(heard, at, steps, number + 1)
    for length in _ways(heard.sounds, at, step):
        if (match := _match(heard, at + length, steps, number + 1)) is not None:
            return Match((*range(at, at + length), *match.places), match.named)
    return _match(heard, at, steps, number + 1) if step.may_miss else None


def _ways(sounds: Sequence[str], at: int, step: _Step) -> Iterator[int]:
    """How many words from here on fill the step, the most first."""
    if at < len(sounds):
        for way in step.longer.get(sounds[at], ()):
            if sounds[at : at + len(way)] == way:
                yield len(way)
        if sounds[at] in step.single:
            yield 1


def _after_gap(heard: Heard, at: int, steps: Sequence[_Step], number: int) -> Match | None:
    for gap in range(_GAP_AT_MOST + 1):
        if gap and (at + gap > len(heard.sounds) or at + gap - 1 in heard.sentences):
            return None
        if (match := _match(heard, at + gap, steps, number)) is not None:
            return match
    return None


def _ends(heard: Heard, place: int, begun: int) -> bool:
    return place >= len(heard.sounds) or (place > begun and place in heard.pauses)
