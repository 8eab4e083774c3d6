"""Likeness of texts by their words: stems, and pieces of how they sound; rare ones count more.

Knows nothing of articles, meaning, probabilities or outcomes.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from faq.text import sound, stem, tokens

Rows = NDArray[np.float32]
Numbers = NDArray[np.float64]
Places = NDArray[np.int64]
#: The words of a text that carry its matter.
Said = tuple[str, ...]
#: Queries scored in one go: bounds the memory of a likeness of many texts with each other.
_TOGETHER = 64


@lru_cache(maxsize=20_000)
def _stem_of(word: str) -> tuple[str, ...]:
    return (stem(word),)


@lru_cache(maxsize=20_000)
def _sounds_of(word: str) -> tuple[str, ...]:
    """Three and four sounds in a row, the ends of the word marked."""
    heard = f"_{sound(stem(word) if len(word) > 4 else word)}_"
    return tuple(heard[at : at + size] for size in (3, 4) for at in range(max(1, len(heard) - size + 1)))


class _Postings:
    """An inverted index with cosine weights over one kind of piece that words fall into."""

    def __init__(self, texts: Sequence[Said], pieces: Callable[[str], tuple[str, ...]]) -> None:
        self._pieces = pieces
        self._count = len(texts)
        counted = [self._count_pieces(text) for text in texts]
        found = Counter(piece for counts in counted for piece in counts)
        self._numbers = {piece: number for number, piece in enumerate(found)}
        self._rarity = {piece: math.log((1 + len(texts)) / (1 + n)) + 1 for piece, n in found.items()}
        # A word that no text has is rare, but it may be any word: it counts less than the rarest known.
        self._unknown = 0.6 * max(self._rarity.values(), default=1.0)
        sizes = np.array([0, *found.values()], dtype=np.int64)
        self._starts = np.cumsum(sizes)
        self._texts = np.zeros(int(self._starts[-1]), dtype=np.int64)
        self._weights = np.zeros(int(self._starts[-1]), dtype=np.float64)
        free = self._starts[:-1].copy()
        for text, counts in enumerate(counted):
            numbers, weights = self._weigh(counts)
            self._texts[free[numbers]] = text
            self._weights[free[numbers]] = weights
            free[numbers] += 1

    def _count_pieces(self, said: Said) -> Counter[str]:
        return Counter(piece for word in said for piece in self._pieces(word))

    def _weigh(self, counts: Counter[str]) -> tuple[Places, Numbers]:
        """The known pieces and their cosine weights; unknown ones only make the text longer."""
        known: list[int] = []
        weights: list[float] = []
        square = 0.0
        for piece, n in counts.items():
            number = self._numbers.get(piece)
            weight = self._unknown if number is None else self._rarity[piece]
            if n > 1:
                weight *= 1 + math.log(n)
            square += weight * weight
            if number is not None:
                known.append(number)
                weights.append(weight)
        return np.array(known, dtype=np.int64), np.array(weights) / (math.sqrt(square) or 1.0)

    def likeness(self, queries: Sequence[Said]) -> Numbers:
        """0..1 for each query (rows) and text (columns)."""
        weighed = [self._weigh(self._count_pieces(query)) for query in queries]
        size = len(queries) * self._count
        known = np.concatenate([numbers for numbers, _ in weighed]) if weighed else np.zeros(0, dtype=np.int64)
        if not len(known):
            return np.zeros((len(queries), self._count))
        lengths = self._starts[known + 1] - self._starts[known]
        ends = np.cumsum(lengths)
        entries = np.arange(ends[-1]) + np.repeat(self._starts[known] - ends + lengths, lengths)
        rows = np.repeat(np.arange(len(queries)) * self._count, [len(numbers) for numbers, _ in weighed])
        amounts = self._weights[entries] * np.repeat(np.concatenate([weights for _, weights in weighed]), lengths)
        summed = np.bincount(self._texts[entries] + np.repeat(rows, lengths), amounts, size)
        return np.asarray(summed.reshape(len(queries), self._count), dtype=np.float64)

    def knows(self, piece: str) -> bool:
        return piece in self._numbers


class WordLikeness:
    """How alike a question and each of a set of texts are, by stems and by sounds in equal parts."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._count = len(texts)
        said = [tuple(tokens(text)) for text in texts]
        self._stems = _Postings(said, _stem_of)
        self._sounds = _Postings(said, _sounds_of)

    def rows(self, queries: Sequence[str]) -> Rows:
        """0..1 for each query (rows) and text (columns)."""
        said = [tuple(tokens(query)) for query in queries]
        # A message that is spelt well is read twice alike.
        distinct = list(dict.fromkeys(said))
        found = np.zeros((len(distinct), self._count), dtype=np.float32)
        for start in range(0, len(distinct), _TOGETHER):
            part = distinct[start : start + _TOGETHER]
            found[start : start + _TOGETHER] = 0.5 * (self._stems.likeness(part) + self._sounds.likeness(part))
        places = {query: row for row, query in enumerate(distinct)}
        return found[[places[query] for query in said]]

    def known_share(self, text: str) -> float:
        """The share of a text's words whose stem stands in any of the texts."""
        said = tokens(text)
        return sum(self._stems.knows(stem(word)) for word in said) / len(said) if said else 0.0


def by_owner(rows: Rows, owners: NDArray[np.int64], count: int) -> Rows:
    """The best column of each owner; `owners` ascend, owners without a column get 0."""
    best = np.zeros((len(rows), count), dtype=np.float32)
    if len(owners):
        starts = np.flatnonzero(np.diff(owners, prepend=-1))
        best[:, owners[starts]] = np.maximum.reduceat(rows, starts, axis=1)
    return best


def owner_of(groups: Iterable[Sequence[str]]) -> NDArray[np.int64]:
    """The number of the group for each text, in order."""
    return np.array([number for number, group in enumerate(groups) for _ in group], dtype=np.int64)
