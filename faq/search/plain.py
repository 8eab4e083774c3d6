"""Plain stories of one service, known by words alone: "hay un bache en la calle Hidalgo". Takes about 0.1 ms.

A wording of a service is plain where it never stands in what people say of anything else; only those decide here.
Knows nothing of meaning or of probabilities.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from faq.model import Service
from faq.search.landmarks import without_landmarks
from faq.search.signs import SignReader, listed
from faq.search.spelling import without_size
from faq.text import GREETING, STOP_WORDS, gist, sound, words

_THERE: Final = listed("there")
_DENIED: Final = listed("denied")
_SMALL: Final = (STOP_WORDS - _THERE - _DENIED) | listed("anywhere")
#: A longer text tells more than one thing.
_WORDS_AT_MOST: Final = 80
#: How many other words may stand between those of a wording.
_BETWEEN: Final = 4
#: A single word decides only where it is so many wordings of a service, and speaks against others from so many uses.
_USED_ALONE: Final = 2
#: From this share of a word's uses on it points at a service.
_POINTS: Final = 0.3
_TELLING_USES: Final = 3
_PARTS: Final = re.compile(
    r"[.;,:\n!?]+|\b(?:y|e|pero|tambi[eé]n|adem[aá]s|aparte|otra cosa|de paso|por otro lado|and|also)\b|"
    r"\b(?:primero|segundo|tercero|[1-9])\b[.)]?"
)


@dataclass(frozen=True, slots=True)
class _Wording:
    code: str
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Pointed:
    """How much the words of a text point at a service, 0..1."""

    #: The best word of what is told.
    told: float
    #: How much better a word points that only says where it is.
    where: float


@lru_cache(maxsize=20_000)
def _key(word: str) -> str:
    """A word by sound, in the singular: "vaches" is "bache"; "hoy" is not "hoyo", nor "rato" "rata"."""
    heard = sound(word)
    if len(heard) > 4 and heard.endswith("es") and heard[-3] not in "aeiou":
        # "luces" and "postes": the same without their plural, whichever it is.
        return heard[:-2]
    singular = heard[:-1] if len(heard) > 3 and heard.endswith("s") else heard
    return singular[:-1] if len(singular) > 4 and singular.endswith("e") and singular[-2] not in "aeiou" else singular


@lru_cache(maxsize=16)
def _keys(text: str) -> tuple[str, ...]:
    """The words that carry the matter, in order; what is denied is one with its "no"."""
    found: list[str] = []
    is_denied = False
    for word in GREETING.sub("", " ".join(words(text))).split():
        if word in _DENIED:
            is_denied = True
        elif word in _THERE:
            found.append("hay")
        elif word not in _SMALL:
            found.append(f"no {_key(word)}" if is_denied else _key(word))
            is_denied = False
    return tuple(found)


class PlainFinder:
    """Built on the wordings of the services and on what is said of everything else."""

    def __init__(
        self, services: Sequence[Service], others: Iterable[tuple[str, frozenset[str]]], signs: SignReader
    ) -> None:
        """others: further texts, with the codes of the services that they may be about."""
        self._signs = signs
        wordings = {
            _Wording(service.code, frozenset(_keys(text)))
            for service in services
            for text in (*service.people_say, *service.name.values())
        }
        own = [(text, frozenset((service.code,))) for service in services for text in service.people_say]
        same: dict[frozenset[str], set[str]] = {}
        for text, codes in own:
            same.setdefault(frozenset(_keys(text)), set()).update(codes)
        # Of two services the longer wording decides, where it stands; it does not make the shorter one less plain.
        foreign = [text for text, codes in others if not codes and not signs.read(text).is_no_report]
        told = [frozenset(_keys(text)) for text in foreign]
        self._uses = Counter(key for keys in (*same, *told) for key in keys)
        rivals: dict[str, list[frozenset[str]]] = {}
        for keys in told:
            for key in keys:
                rivals.setdefault(key, []).append(keys)
        said = Counter((code, key) for text, codes in own for code in codes for key in set(_keys(text)))
        self._telling = _telling(said)
        self._shares: dict[str, dict[str, float]] = {}
        for (code, key), uses in said.items():
            self._shares.setdefault(key, {})[code] = uses / (self._uses[key] + 1)
        named = [
            (s.code, frozenset(_keys(text)) - {"hay"}) for s in services for text in (*s.people_say, *s.name.values())
        ]
        alone = Counter((code, next(iter(keys))) for code, keys in named if len(keys) == 1)
        self._by_key: dict[str, list[_Wording]] = {}
        for wording in sorted(wordings, key=lambda each: (each.code, sorted(each.keys))):
            matter = wording.keys - {"hay"}
            if not matter or (len(matter) == 1 and alone[wording.code, next(iter(matter))] < _USED_ALONE):
                continue
            rarest = self._rarest(matter)
            is_shared = bool(same.get(wording.keys, set()) - {wording.code})
            if not is_shared and not any(wording.keys <= keys for keys in rivals.get(rarest, ())):
                self._by_key.setdefault(rarest, []).append(wording)

    def _rarest(self, keys: Iterable[str]) -> str:
        return min(keys, key=lambda key: (self._uses[key], key))

    def find(self, text: str) -> str | None:
        """The code of the one service that a text plainly tells of, else None."""
        read = gist(text)
        if len(read.split()) > _WORDS_AT_MOST:
            return None
        keys = self._keys(read)
        codes = self._told(read)
        if len(codes) != 1 or self._signs.read(read).is_no_report:
            return None
        (code,) = codes
        return code if all(self._telling.get(key, code) == code for key in keys) else None

    def is_word_alone(self, text: str) -> bool:
        """Whether a text has no more than one word of any matter, and that word tells of no service by itself."""
        keys = self._keys(gist(text))
        is_word = len(keys) <= 1 and not any(key.startswith("no ") for key in keys)
        return is_word and not self._codes(keys, frozenset(keys))

    def wordings_in(self, text: str) -> tuple[str, ...]:
        """Codes of all services whose plain wordings stand in a text, whatever else does."""
        return tuple(self._told(gist(text)))

    def pointed_at(self, text: str) -> dict[str, Pointed]:
        """The services that single words of a text point at."""
        read = gist(text)
        told = self._points(self._keys(without_landmarks(read)))
        return {
            code: Pointed(told.get(code, 0.0), max(0.0, share - told.get(code, 0.0)))
            for code, share in self._points(self._keys(read)).items()
        }

    def told_in(self, text: str) -> str:
        """The text without its landmarks, where one is the matter of a service and the rest tells of something else."""
        points = self.pointed_at(text)
        told, signs = max((each.told for each in points.values()), default=0.0), self._signs.read(text)
        tells = told >= _POINTS or any((signs.crime, signs.complaint, signs.corruption))
        is_misled = tells and any(each.where >= _POINTS for each in points.values())
        return " ".join(without_landmarks(gist(text)).split()) if is_misled else text

    def _points(self, keys: Iterable[str]) -> dict[str, float]:
        found: dict[str, float] = {}
        for key in keys:
            for code, share in self._shares.get(key, {}).items():
                found[code] = max(found.get(code, 0.0), share)
        return found

    def matters(self, text: str) -> tuple[str, ...]:
        """Codes of the services that the parts of a text plainly tell of, in order, each once."""
        found: dict[str, None] = {}
        for part in _PARTS.split(gist(text).lower()):
            codes = self._told(part) if part.strip() else {}
            if len(codes) == 1:
                found.update(codes)
        return tuple(found)

    def _told(self, text: str) -> dict[str, None]:
        """The services that a text plainly tells of: what stands in it without its landmarks, if anything does."""
        keys = self._keys(text)
        told = frozenset(self._keys(without_landmarks(text)))
        return self._codes(keys, told) or self._codes(keys, frozenset(keys))

    def _keys(self, text: str) -> tuple[str, ...]:
        """The words that carry the matter; what is said to be big is the thing itself."""
        return tuple(key if key in self._uses else self._plainer(key) for key in _keys(text))

    def _plainer(self, key: str) -> str:
        return next((base for base in without_size(key) if base in self._uses), key)

    def _codes(self, keys: Sequence[str], told: frozenset[str]) -> dict[str, None]:
        """The services whose plain wordings stand here; a wording that is part of a longer one found says nothing.

        told: the keys without those of landmarks.
        """
        present = frozenset(keys)
        standing = [
            wording
            for key in dict.fromkeys(keys)
            for wording in self._by_key.get(key, ())
            if wording.keys <= present and _is_together(keys, wording.keys)
        ]
        longest = [each for each in standing if not any(each.keys < other.keys for other in standing)]
        return dict.fromkeys(wording.code for wording in longest if wording.keys <= told)


def _telling(said: Counter[tuple[str, str]]) -> dict[str, str]:
    """Words that stand in the wordings of one service and hardly in another's, with its code."""
    in_all: Counter[str] = Counter()
    for (_, key), uses in said.items():
        in_all[key] += uses
    return {key: code for (code, key), uses in said.items() if uses >= _TELLING_USES and uses >= 0.8 * in_all[key]}


def _is_together(keys: Sequence[str], wanted: frozenset[str]) -> bool:
    """Whether the words stand near each other; "hay" may stand anywhere."""
    if len(wanted - {"hay"}) < 2:
        return True
    reach = len(wanted) + _BETWEEN
    matter = wanted - {"hay"}
    return any(matter <= frozenset(keys[at : at + reach]) for at in range(len(keys)) if keys[at] in matter)
