"""Phrases in the notation of lexicon/speech, found in what was heard without trying more than a few of them.

Notation, one place a word:  a|b  either    a?  may be missing    a_b  two words in one place    <name>  any of a list
..  up to three other words of the sentence    @  the words up to the next pause, five at most: what was named
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class _Step:
    """A place of a phrase: the ways to fill it; none for a gap or for what is named."""

    single: frozenset[str]
    longer: tuple[tuple[str, ...], ...]
    may_miss: bool
    names: bool

    @property
    def is_gap(self) -> bool:
        return not self.single and not self.longer and not self.names

    def starts(self) -> frozenset[str]:
        return self.single | {way[0] for way in self.longer}


@dataclass(frozen=True, slots=True)
class _Phrase(Generic[Tag]):
    steps: tuple[_Step, ...]
    first: frozenset[str]
    tag: Tag


class Phrases(Generic[Tag]):
    """Phrases with a tag each, kept under their rarest word."""

    def __init__(self, written: Iterable[tuple[str, Tag]], lists: Lists) -> None:
        """In the notation of this module; `lists` gives the words of `<name>`."""
        phrases = [_phrase(text, tag, lists) for text, tag in written]
        common = Counter(word for phrase in phrases for step in phrase.steps for word in step.starts())
        self._under: dict[str, list[_Phrase[Tag]]] = {}
        for phrase in phrases:
            for word in _rarest(phrase, common):
                self._under.setdefault(word, []).append(phrase)

    def found(self, heard: Heard) -> Iterator[tuple[Tag, Match]]:
        """Every phrase wherever it stands, each start once."""
        places: dict[str, list[int]] = {}
        for at, word in enumerate(heard.sounds):
            places.setdefault(word, []).append(at)
        tried: set[int] = set()
        for word in places:
            for phrase in self._under.get(word, ()):
                if id(phrase) in tried:
                    continue
                tried.add(id(phrase))
                for start in sorted(at for first in phrase.first & places.keys() for at in places[first]):
                    if match := _match(heard, start, phrase.steps):
                        yield phrase.tag, match


def _phrase(text: str, tag: Tag, lists: Lists) -> _Phrase[Tag]:
    steps = tuple(_step(step, lists) for step in text.split())
    first: frozenset[str] = frozenset()
    for step in steps:
        first |= step.starts()
        if not step.may_miss:
            break
    if not first:
        raise ValueError(f"a phrase has to begin with a word: {text!r}")
    return _Phrase(steps, first, tag)


def _step(text: str, lists: Lists) -> _Step:
    if text in {"..", "@"}:
        return _Step(frozenset(), (), False, text == "@")
    names = text.removesuffix("?").split("|")
    said = [word for name in names for word in (lists[name[1:-1]] if name.startswith("<") else [name])]
    ways = {sounds_of(word.replace("_", " ")) for word in said}
    longer = tuple(sorted(way for way in ways if len(way) > 1))
    return _Step(frozenset(way[0] for way in ways if len(way) == 1), longer, text.endswith("?"), False)


def _rarest(phrase: _Phrase[Tag], common: Mapping[str, int]) -> frozenset[str]:
    """The words of the step that a message must have and that the fewest phrases share."""
    must = [step.starts() for step in phrase.steps if step.starts() and not step.may_miss]
    return min(must, key=lambda words: max(common[word] for word in words))


def _match(heard: Heard, at: int, steps: Sequence[_Step]) -> Match | None:
    """The phrase from this place on, with the shortest gaps."""
    if not steps:
        return Match((), range(0))
    step, rest = steps[0], steps[1:]
    if step.names:
        end = next((end for end in range(at, at + _NAMED_AT_MOST) if _ends(heard, end, at)), at + _NAMED_AT_MOST)
        return Match(tuple(range(at, end)), range(at, end)) if end > at else None
    if step.is_gap:
        return _after_gap(heard, at, rest)
    for length in _ways(heard, at, step):
        if (match := _match(heard, at + length, rest)) is not None:
            return Match((*range(at, at + length), *match.places), match.named)
    return _match(heard, at, rest) if step.may_miss else None


def _ways(heard: Heard, at: int, step: _Step) -> Iterator[int]:
    """How many words from here on fill the step."""
    if at < len(heard.sounds) and heard.sounds[at] in step.single:
        yield 1
    for way in step.longer:
        if heard.sounds[at : at + len(way)] == way:
            yield len(way)


def _after_gap(heard: Heard, at: int, rest: Sequence[_Step]) -> Match | None:
    for gap in range(_GAP_AT_MOST + 1):
        if gap and (at + gap > len(heard.sounds) or at + gap - 1 in heard.sentences):
            return None
        if (match := _match(heard, at + gap, rest)) is not None:
            return match
    return None


def _ends(heard: Heard, place: int, begun: int) -> bool:
    return place >= len(heard.sounds) or (place > begun and place in heard.pauses)
