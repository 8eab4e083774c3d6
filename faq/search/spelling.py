"""Misspelt words read as the words of the articles and of the lexicon that they resemble.

Knows nothing of articles' identity, likeness of texts or outcomes.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from faq.text import SHORT_FORMS, STOP_WORDS, fold, sound, stem, words

_LETTERS = re.compile(r"[^\W\d_]+")
_WHOLE = re.compile(r"[^\W_]+")
#: How things are made big; of "bachezote" a consonant more belongs to the end.
_SIZED = re.compile(r"(?P<thing>\w{2,})(?:ot[eao]|a[zs][oa])(?P<many>s?)")


class Speller:
    """Writes a message anew with known spellings, accents included; what is like no known word stays as typed."""

    def __init__(self, texts: Iterable[str], also: Iterable[str] = ()) -> None:
        """also: texts that may hold slips; of them only words that sound like none of the others."""
        self._written, uses = _spellings(texts)
        known = {sound(word) for word in self._written}
        for word, written, count in sorted(_counted(also), key=lambda each: -each[2]):
            if sound(word) not in known:
                known.add(sound(word))
                self._written[word] = written
                uses[word] = count
        common = [*STOP_WORDS, *(word for full in SHORT_FORMS.values() for word in full.split())]
        for word in common:
            self._written.setdefault(word, word)
            uses[word] += 3
        self._uses = uses
        self._heard: dict[str, str] = {}
        for word in sorted(self._written, key=lambda known: -uses[known]):
            self._heard.setdefault(sound(word), word)
        self._stems = {stem(word) for word in self._written}
        # By first sound: slips seldom hit it, and a search over all words would take ten times as long.
        self._long: dict[str, list[str]] = {}
        for word in self._written:
            if len(word) >= 4:
                self._long.setdefault(sound(word)[:1], []).append(word)
        self._read = lru_cache(maxsize=8192)(self._find)

    def repair(self, text: str) -> str:
        """The message in words as the articles spell them."""
        return " ".join(self._read(word) for word in words(text))

    def _find(self, word: str) -> str:
        if word in self._written:
            return self._written[word]
        if len(word) < 3 or not word.isalpha():
            return word
        heard = self._heard.get(sound(word))
        if heard is not None:
            return self._written[heard]
        sized = next((each for each in without_size(word) if each in self._written), None)
        if sized is not None:
            return self._written[sized]
        if len(word) < 4 or stem(word) in self._stems:
            return word
        return self._nearest(word)

    def _nearest(self, word: str) -> str:
        reach = 1 if len(word) < 7 else 2
        near = process.extract(
            word, self._long.get(sound(word)[:1], []), scorer=OSA.distance, score_cutoff=reach, limit=8
        )
        if not near:
            return word
        best = min(near, key=lambda found: self._cost(word, str(found[0]), float(found[1])))
        return self._written[best[0]] if self._cost(word, best[0], best[1]) < reach + 0.3 else word

    def _cost(self, word: str, known: str, distance: float) -> float:
        """Slips seldom change the first letter, and frequent words are meant more often."""
        return distance + (0.0 if known[0] == word[0] else 0.5) - 0.01 * min(self._uses[known], 20)


def adds(typed: str, spelt: str) -> bool:
    """Whether the repaired text says more than what was typed: another word, or an accent that was left out."""
    before, after = _WHOLE.findall(typed.lower()), spelt.split()
    if len(before) != len(after):
        return True
    return any(
        one != other and (fold(one) != fold(other) or (one.isascii() and not other.isascii()))
        for one, other in zip(before, after, strict=True)
    )


def without_size(word: str) -> Iterator[str]:
    """What a word may be without "big" in it: "hoyotes" is "hoyo" or "hoyos", "fugota" is "fuga"."""
    match = _SIZED.fullmatch(word)
    if match is None:
        return
    for many in dict.fromkeys((match["many"], "")):
        for thing in dict.fromkeys((match["thing"], match["thing"].rstrip("czs"))):
            yield from (f"{thing}{end}{many}" for end in ("o", "a", "e", ""))


def _spellings(texts: Iterable[str]) -> tuple[dict[str, str], Counter[str]]:
    """By folded word: how it is written most, and how often it is used."""
    forms: dict[str, Counter[str]] = {}
    for text in texts:
        for word in _LETTERS.findall(text.lower()):
            forms.setdefault(fold(word), Counter())[word] += 1
    forms.pop("", None)
    written = {folded: counts.most_common(1)[0][0] for folded, counts in forms.items()}
    return written, Counter({folded: counts.total() for folded, counts in forms.items()})


def _counted(texts: Iterable[str]) -> list[tuple[str, str, int]]:
    """Each folded word, how it is written most, and how often it is used."""
    written, uses = _spellings(texts)
    return [(word, form, uses[word]) for word, form in written.items()]
