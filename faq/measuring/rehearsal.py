"""Tries each example question of an article as if it had not been written down. Knows nothing of files and lines.

A question is compared with all other wordings: by their words, and by their meaning where the default model is there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from faq.model import Article
from faq.search.semantic import load
from faq.search.words import Rows, WordLikeness, by_owner, owner_of

#: The share of meaning, beside words.
_MEANING: Final = 0.6
#: Below this likeness nobody would take one wording for the other.
_COMPETES_FROM: Final = 0.72
#: How much nearer the other article must be.
_MARGIN: Final = 0.1
_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Trial:
    """How one question fared without itself."""

    article: Article
    #: Its place in the article's questions, from 1.
    number: int
    #: 0..1: likeness to the nearest other wording of its own article.
    own: float
    #: The nearest other article, and the likeness to its nearest wording.
    rival: Article
    rivals: float
    #: Whether its own article is among the first three.
    is_found: bool

    @property
    def is_contested(self) -> bool:
        """Whether another article would be taken for its answer."""
        return self.rivals >= _COMPETES_FROM and self.rivals >= self.own + _MARGIN


def rehearse(articles: Sequence[Article], *, model: str = "auto") -> Iterator[Trial]:
    """Every example question of the articles of one language; nothing where there is no other article to find."""
    if len(articles) < 2:
        return
    wordings = [[article.title, *article.questions] for article in articles]
    texts = [text for own in wordings for text in own]
    owners = owner_of(wordings)
    likeness = _likeness(texts, model)
    np.fill_diagonal(likeness, 0)
    best = by_owner(likeness, owners, len(articles))
    first = np.searchsorted(owners, np.arange(len(articles)))
    for place, owner in enumerate(owners):
        number = place - int(first[owner])
        if number:
            yield _trial(articles, int(owner), number, best[place].copy())


def _trial(articles: Sequence[Article], owner: int, number: int, scores: Rows) -> Trial:
    own = float(scores[owner])
    is_found = int((scores > own).sum()) < _SHOWN
    scores[owner] = -1
    rival = int(scores.argmax())
    return Trial(articles[owner], number, own, articles[rival], float(scores[rival]), is_found)


def _likeness(texts: Sequence[str], model: str) -> Rows:
    words = np.array(WordLikeness(texts).rows(texts))
    meaning = load(model)
    if meaning is None:
        return words
    vectors = meaning.keep(texts)
    return np.asarray(_MEANING * (vectors @ vectors.T) + (1 - _MEANING) * words)
