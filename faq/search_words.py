"""Likeness by words: rare words count more, misspelt words are read as the word of the articles that they resemble.

Knows nothing of meaning, probabilities or outcomes.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from faq.text import fold, sound, stem, tokens, words

Scores = NDArray[np.float64]


class Vocabulary:
    """The stems of a set of texts, with their rarity, and the way from a typed word to them."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        self.places: dict[str, int] = {}
        self._sounds: dict[str, int] = {}
        seen: dict[int, int] = {}
        for text in texts:
            for place in {self._add(word) for word in text}:
                seen[place] = seen.get(place, 0) + 1
        counts = np.array([seen.get(i, 0) for i in range(len(self.places))], dtype=np.float64)
        self.rarity = np.log(1 + (len(texts) - counts + 0.5) / (counts + 0.5))
        self._heard = list(self._sounds)
        self.read = lru_cache(maxsize=4096)(self._read)

    def _add(self, word: str) -> int:
        place = self.places.setdefault(stem(word), len(self.places))
        self._sounds.setdefault(sound(stem(word)), place)
        return place

    def _read(self, word: str) -> tuple[int, float] | None:
        """The place of the word meant, and 0..1 how much it is that word; None if it is like none."""
        place = self.places.get(stem(word))
        if place is not None:
            return place, 1.0
        heard = sound(stem(word))
        if heard in self._sounds:
            return self._sounds[heard], 0.95
        if len(heard) < 4 or not self._heard:
            return None
        found = process.extractOne(heard, self._heard, scorer=OSA.normalized_similarity, score_cutoff=0.74)
        return (self._sounds[found[0]], float(found[1]) ** 2) if found else None


class WordIndex:
    """Scores documents of several texts each against a question: the best text of each counts."""

    def __init__(self, documents: Sequence[Sequence[str]], synonyms: Mapping[str, tuple[str, ...]]) -> None:
        self._synonyms = {fold(said): meant for said, meant in synonyms.items()}
        said = [[tokens(text) for text in document] for document in documents]
        self._vocabulary = Vocabulary([[word for text in document for word in text] for document in said])
        owners = [owner for owner, document in enumerate(said) for _ in document]
        self._starts = np.searchsorted(np.array(owners, dtype=np.int64), np.arange(len(documents)))
        self._postings = self._invert([text for document in said for text in document])
        self._size = len(documents)

    def _invert(self, texts: Sequence[Sequence[str]]) -> list[tuple[NDArray[np.int64], NDArray[np.float64]]]:
        rarity = self._vocabulary.rarity
        entries: list[list[tuple[int, float]]] = [[] for _ in self._vocabulary.places]
        self._texts = len(texts)
        for number, text in enumerate(texts):
            places = {self._vocabulary.places[stem(word)] for word in text}
            norm = float(np.sqrt(sum(rarity[p] ** 2 for p in places))) or 1.0
            for place in places:
                entries[place].append((number, float(rarity[place]) / norm))
        return [
            (np.array([n for n, _ in e], dtype=np.int64), np.array([w for _, w in e], dtype=np.float64))
            for e in entries
        ]

    def scores(self, question: str) -> Scores:
        """0..1 for each document, in order."""
        if not self._size:
            return np.zeros(0)
        asked, norm = self._weights(question)
        texts = np.zeros(self._texts)
        for place, weight in asked.items():
            numbers, weights = self._postings[place]
            texts[numbers] += weight * weights / norm
        return np.minimum(np.maximum.reduceat(texts, self._starts), 1.0)

    def _weights(self, question: str) -> tuple[dict[int, float], float]:
        asked: dict[int, float] = {}
        total = 0.0
        unknown = float(self._vocabulary.rarity.max()) * 0.5
        for word in self._expand(question):
            found = self._vocabulary.read(word)
            if found is None:
                total += unknown**2
                continue
            place, likeness = found
            weight = likeness * float(self._vocabulary.rarity[place])
            total += float(self._vocabulary.rarity[place]) ** 2 if place not in asked else 0.0
            asked[place] = max(asked.get(place, 0.0), weight)
        return asked, float(np.sqrt(total)) or 1.0

    def _expand(self, question: str) -> list[str]:
        said = " " + " ".join(words(question)) + " "
        extra = [meant for phrase, meant in self._synonyms.items() if f" {phrase} " in said]
        return tokens(question) + [word for meant in extra for text in meant for word in tokens(text)]
