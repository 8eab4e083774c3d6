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
        found = Counter(piece for text in texts for piece in {p for word in text for p in pieces(word)})
        self._numbers = {piece: number for number, piece in enumerate(found)}
        counts = np.array(list(found.values()), dtype=np.int64)
        self._rarity = np.log((1 + len(texts)) / (1 + counts)) + 1
        # A word that no text has is rare, but it may be any word: it counts less than the rarest known.
        self._unknown = 0.6 * float(self._rarity.max(initial=1.0))
        self._numbers_of = lru_cache(maxsize=8192)(self._find_numbers)
        self._starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        self._texts = np.zeros(int(self._starts[-1]), dtype=np.int64)
        self._weights = np.zeros(int(self._starts[-1]), dtype=np.float64)
        free = self._starts[:-1].copy()
        for text, said in enumerate(texts):
            numbers, weights = self._weigh(said)
            self._texts[free[numbers]] = text
            self._weights[free[numbers]] = weights
            free[numbers] += 1

    def _find_numbers(self, word: str) -> tuple[Places, int]:
        """The numbers of a word's known pieces, and how many of its pieces are unknown."""
        pieces = self._pieces(word)
        known = [self._numbers[piece] for piece in pieces if piece in self._numbers]
        return np.array(known, dtype=np.int64), len(pieces) - len(known)

    def _weigh(self, said: Said) -> tuple[Places, Numbers]:
        """The known pieces and their cosine weights; unknown ones only make the text longer."""
        if not said:
            return np.zeros(0, dtype=np.int64), np.zeros(0)
        parts = [self._numbers_of(word) for word in said]
        numbers, uses = np.unique(np.concatenate([known for known, _ in parts]), return_counts=True)
        weights = (1 + np.log(uses)) * self._rarity[numbers]
        square = float(weights @ weights) + sum(unknown for _, unknown in parts) * self._unknown**2
        return numbers, weights / (math.sqrt(square) or 1.0)

    def likeness(self, queries: Sequence[Said]) -> Numbers:
        """0..1 for each query (rows) and text (columns)."""
        weighed = [self._weigh(query) for query in queries]
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
