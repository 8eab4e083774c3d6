"""Colonias, localities and landmarks: a name in free words, or a pin, to an area. Knows no street, opens no link."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Final

import yaml
from rapidfuzz.distance import OSA

from faq.model import Area
from faq.places.geometry import distance_metres, is_within, size
from faq.text import fold, sound

#: A pin that lies in no polygon belongs to the nearest locality within this.
REACH_METRES: Final = 3_000.0

#: Longer texts are searched for exact names only, in their beginning.
_FUZZY_WORDS: Final = 60
_LOOKED_AT: Final = 4_000

#: Shorter names must be spelt well: in sounds.
_FORGIVEN_FROM: Final = 6

_LEXICON = yaml.safe_load((resources.files("faq.lexicon") / "places.yaml").read_text(encoding="utf-8"))


def _listed(name: str) -> frozenset[str]:
    return frozenset(_LEXICON[name].split())


_SHORT: Final[Mapping[str, str]] = _LEXICON["short_forms"]
_ARTICLES, _KINDS, _ORDINARY = _listed("articles"), _listed("kinds"), _listed("ordinary")
_ROADS, _ROAD_LINKS = _listed("roads"), _listed("road_links")
_WHERE, _NEAR = _listed("where"), _listed("near")
_COMPOUNDS: Final = {first: frozenset(rest.split()) for first, rest in _LEXICON["compounds"].items()}
_OF: Final = frozenset({"de", "del"})

_DOTTED: Final = re.compile(rf"\b({'|'.join(sorted(_SHORT, key=len, reverse=True))})\.", re.IGNORECASE)
_SENTENCE_END: Final = re.compile(r"[.,;:!?¿¡()\n\r\t|/\"]+")


@dataclass(frozen=True, slots=True)
class _Name:
    area: Area
    words: tuple[str, ...]
    #: How all the words sound together.
    sound: str
    #: Localities first, the seat of the municipality last: it is named after the others ("Mezcala, Poncitlán").
    rank: int

    @property
    def is_ordinary(self) -> bool:
        return all(word in _ORDINARY or word in _ARTICLES for word in self.words)


class Gazetteer:
    """The town's places, to be asked by name or by pin."""

    def __init__(self, areas: Sequence[Area]) -> None:
        self._limit = next((area for area in areas if area.kind == "municipality" and area.polygon), None)
        self._areas = [area for area in areas if area.kind != "municipality"]
        self._shapes = sorted(
            (area for area in self._areas if area.polygon), key=lambda area: sum(map(size, area.polygon))
        )
        self._names = list(_names(areas))
        self._by_sound: dict[str, list[_Name]] = {}
        for name in self._names:
            self._by_sound.setdefault(name.sound, []).append(name)
        #: Names that may be misspelt, by their number of words, each with how many slips.
        self._forgiving: dict[int, list[tuple[_Name, int]]] = {}
        for name in self._names:
            if len(name.sound) >= _FORGIVEN_FROM and not name.is_ordinary:
                self._forgiving.setdefault(len(name.words), []).append((name, _slips_allowed(name.sound)))
        self._longest = max((len(name.words) for name in self._names), default=0)

    def find(self, words: str) -> Area | None:
        """The area named in free words, however it is spelt; None where none is, or where two share the name.

        The name of a street is not taken for a place.
        """
        sentences = list(_sentences(words))
        found = [hit for said in sentences for hit in self._exact(said)]
        if not found and sum(map(len, sentences)) <= _FUZZY_WORDS:
            found = [hit for said in sentences for hit in self._fuzzy(said)]
        if not found:
            return None
        best = min(found, key=_order)
        rivals = {name.area.id for name in found if _order(name) == _order(best) and name.sound == best.sound}
        return best.area if len(rivals) == 1 else None

    def area_at(self, latitude: float, longitude: float) -> Area | None:
        """The smallest area that holds a pin, else the nearest locality or colonia within 3 km."""
        pin = latitude, longitude
        for area in self._shapes:
            if is_within(pin, area.polygon):
                return area
        near = [
            (distance_metres(pin, area.center), area.id, area)
            for area in self._areas
            if area.center and area.kind != "landmark"
        ]
        distance, _, nearest = min(near, default=(REACH_METRES + 1, "", None))
        return nearest if distance <= REACH_METRES else None

    def is_inside(self, latitude: float, longitude: float) -> bool | None:
        """Whether a pin lies in the municipality; None where its limit is not known."""
        return is_within((latitude, longitude), self._limit.polygon) if self._limit else None

    def _exact(self, said: list[str]) -> Iterator[_Name]:
        for start, end in _windows(len(said), self._longest + 1):
            for name in self._by_sound.get("".join(map(sound, said[start:end])), ()):
                if _is_meant(name, said, start, end):
                    yield name

    def _fuzzy(self, said: list[str]) -> Iterator[_Name]:
        sounds = [sound(word) for word in said]
        for start, end in _windows(len(said), self._longest):
            names = self._forgiving.get(end - start)
            if not names or _follows_road(said, start) or (end - start == 1 and not _is_where(said, start, end)):
                continue
            heard = "".join(sounds[start:end])
            for name, slips in names:
                is_near = abs(len(heard) - len(name.sound)) <= slips
                if is_near and OSA.distance(heard, name.sound, score_cutoff=slips) <= slips:
                    yield name


def _names(areas: Sequence[Area]) -> Iterator[_Name]:
    seats = {fold(area.name) for area in areas if area.kind == "municipality"}
    for area in areas:
        if area.kind == "municipality":
            continue
        rank = 3 if fold(area.name) in seats else {"locality": 0, "colonia": 1}.get(area.kind, 2)
        for written in dict.fromkeys((area.name, *area.aliases)):
            words = tuple(_words(written))
            while len(words) > 1 and words[0] in _KINDS:
                words = words[1:]
            if words:
                yield _Name(area, words, "".join(map(sound, words)), rank)


def _order(name: _Name) -> tuple[int, int]:
    return name.rank, -len(name.sound)


def _sentences(text: str) -> Iterator[list[str]]:
    plain = _DOTTED.sub(r"\1 ", text[:_LOOKED_AT])
    for part in _SENTENCE_END.split(plain):
        if said := _words(part):
            yield said


def _words(text: str) -> list[str]:
    return [full for word in fold(text).split() for full in _SHORT.get(word, word).split()]


def _windows(count: int, longest: int) -> Iterator[tuple[int, int]]:
    for start in range(count):
        for end in range(start + 1, min(count, start + longest) + 1):
            yield start, end


def _slips_allowed(name: str) -> int:
    return 1 if len(name) < 10 else 2 if len(name) < 16 else 3


def _is_meant(name: _Name, said: list[str], start: int, end: int) -> bool:
    if _follows_road(said, start):
        return False
    if not name.is_ordinary:
        return True
    has_article = start > 0 and said[start - 1] in _ARTICLES
    if has_article and name.area.kind == "locality":
        return False  # "en la casa blanca" is a white house, "en Casa Blanca" the village
    return not _is_part_of_another(said, end) and _is_where(said, start, end)


def _follows_road(said: list[str], start: int) -> bool:
    before = start - 1
    while before >= 0 and said[before] in _ROAD_LINKS:
        before -= 1
    return before >= 0 and said[before] in _ROADS


def _is_part_of_another(said: list[str], end: int) -> bool:
    following = [word for word in said[end : end + 2] if word not in _OF]
    return bool(following) and following[0] in _COMPOUNDS.get(said[end - 1], frozenset())


def _is_where(said: list[str], start: int, end: int) -> bool:
    """Whether words before say that a place follows, or nothing else was said."""
    before = start - 1
    if before >= 0 and said[before] in _ARTICLES:
        before -= 1
    if before < 0:
        return end == len(said)
    if said[before] in _OF and before > 0:
        return said[before - 1] in _NEAR or said[before - 1] in _KINDS
    return said[before] in _WHERE or said[before] in _KINDS
