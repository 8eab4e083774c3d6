"""Likeness of texts by their words: stems, and pieces of how they sound; rare ones count more.

Knows nothing of articles, meaning, probabilities or outcomes.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from faq.text import sound, stem, tokens

Rows = NDArray[np.float32]
#: Queries scored in one go: bounds the memory of a likeness of many texts with each other.
_TOGETHER = 64


def stem_tokens(text: str) -> list[str]:
    """The stems of the words that carry the matter."""
    return [stem(word) for word in tokens(text)]


def sound_pieces(text: str) -> list[str]:
    """Three and four sounds in a row of each word, its ends marked."""
    pieces: list[str] = []
    for word in tokens(text):
        heard = f"_{sound(stem(word) if len(word) > 4 else word)}_"
        for size in (3, 4):
            pieces += [heard[start : start + size] for start in range(max(1, len(heard) - size + 1))]
    return pieces


class _Postings:
    """An inverted index with cosine weights over one kind of token."""

    def __init__(self, texts: Sequence[str], split: Callable[[str], list[str]]) -> None:
        self._split = split
        self._count = len(texts)
        counted = [Counter(split(text)) for text in texts]
        found = Counter(token for counts in counted for token in counts)
        self._rarity = {token: float(np.log((1 + len(texts)) / (1 + n)) + 1) for token, n in found.items()}
        # A word that no text has is rare, but it may be any word: it counts less than the rarest known.
        self._unknown = 0.6 * max(self._rarity.values(), default=1.0)
        entries: dict[str, tuple[list[int], list[float]]] = {token: ([], []) for token in found}
        for number, counts in enumerate(counted):
            for token, weight in self._weigh(counts).items():
                entries[token][0].append(number)
                entries[token][1].append(weight)
        self._entries = {
            token: (np.array(numbers, dtype=np.int64), np.array(weights, dtype=np.float32))
            for token, (numbers, weights) in entries.items()
        }

    def _weigh(self, counts: Counter[str]) -> dict[str, float]:
        """The cosine weight of each known token; unknown ones only make the text longer."""
        weights = {token: (1 + np.log(n)) * self._rarity.get(token, self._unknown) for token, n in counts.items()}
        length = float(np.sqrt(sum(weight * weight for weight in weights.values()))) or 1.0
        return {token: weight / length for token, weight in weights.items() if token in self._rarity}

    def likeness(self, queries: Sequence[str]) -> Rows:
        """0..1 for each query (rows) and text (columns)."""
        places: list[NDArray[np.int64]] = []
        amounts: list[Rows] = []
        for row, query in enumerate(queries):
            for token, weight in self._weigh(Counter(self._split(query))).items():
                numbers, weights = self._entries[token]
                places.append(numbers + row * self._count)
                amounts.append(weights * np.float32(weight))
        size = len(queries) * self._count
        if not places:
            return np.zeros((len(queries), self._count), dtype=np.float32)
        summed = np.bincount(np.concatenate(places), np.concatenate(amounts), size)
        return summed.reshape(len(queries), self._count).astype(np.float32)

    def knows(self, token: str) -> bool:
        return token in self._rarity


class WordLikeness:
    """How alike a question and each of a set of texts are, by stems and by sounds in equal parts."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = tuple(texts)
        self._stems = _Postings(texts, stem_tokens)
        self._sounds = _Postings(texts, sound_pieces)

    def rows(self, queries: Sequence[str]) -> Rows:
        """0..1 for each query (rows) and text (columns)."""
        parts = [
            self._stems.likeness(queries[start : start + _TOGETHER])
            + self._sounds.likeness(queries[start : start + _TOGETHER])
            for start in range(0, len(queries), _TOGETHER)
        ]
        return np.concatenate(parts) * np.float32(0.5) if parts else np.zeros((0, len(self._texts)), dtype=np.float32)

    def known_share(self, text: str) -> float:
        """The share of a text's words whose stem stands in any of the texts."""
        said = stem_tokens(text)
        return sum(self._stems.knows(token) for token in said) / len(said) if said else 0.0


def by_owner(rows: Rows, owners: NDArray[np.int64], count: int) -> Rows:
    """The best column of each owner; `owners` ascend, owners without a column get 0."""
    if not len(owners):
        return np.zeros((len(rows), count), dtype=np.float32)
    present, starts = np.unique(owners, return_index=True)
    best = np.zeros((len(rows), count), dtype=np.float32)
    best[:, present] = np.maximum.reduceat(rows, starts, axis=1)
    return best


def owner_of(groups: Iterable[Sequence[str]]) -> NDArray[np.int64]:
    """The number of the group for each text, in order."""
    return np.array([number for number, group in enumerate(groups) for _ in group], dtype=np.int64)
