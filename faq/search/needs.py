"""Which known needs the articles of a town answer, so that articles borrow the needs' wordings.

Knows nothing of questions, probabilities or outcomes.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from faq.lexicon import Need
from faq.search.words import Rows, by_owner, owner_of

#: Likeness at which a need is as likely an article's as not, and how fast that turns: between the clear cases, which
#: lie above 0.9 and below 0.6 for every article of the sample towns.
_EVEN, _SPREAD = 0.75, 0.07
_WORDINGS_SHARE = 0.5
#: How much less alike than the best article for the need, or than the best need for the article, a link may be: a need
#: has mostly one article, an article may answer several needs.
_RIVAL_ARTICLES, _RIVAL_NEEDS = 0.1, 0.3
_LEAST_LINK = 0.05


@dataclass(frozen=True, slots=True)
class NeedTexts:
    """The needs' names and wordings as one list, with whose each is."""

    names: tuple[str, ...]
    wordings: tuple[str, ...]
    name_owners: NDArray[np.int64]
    wording_owners: NDArray[np.int64]
    is_elsewhere: NDArray[np.bool_]

    @property
    def texts(self) -> tuple[str, ...]:
        return self.names + self.wordings

    @property
    def owners(self) -> NDArray[np.int64]:
        return np.concatenate([self.name_owners, self.wording_owners])


def gather(needs: tuple[Need, ...]) -> NeedTexts:
    """All texts of the needs, names before wordings."""
    return NeedTexts(
        names=tuple(name for need in needs for name in need.names),
        wordings=tuple(wording for need in needs for wording in need.wordings),
        name_owners=owner_of(need.names for need in needs),
        wording_owners=owner_of(need.wordings for need in needs),
        is_elsewhere=np.array([need.is_elsewhere for need in needs], dtype=np.bool_),
    )


def link(texts: NeedTexts, likeness: Rows, owners: NDArray[np.int64], articles: int) -> Rows:
    """0..1 for each need (rows) and article (columns): how surely the article answers the need.

    likeness: the needs' texts (rows) by the articles' own wordings (columns), whose articles are `owners`.
    """
    split = len(texts.names)
    by_names = by_owner(likeness[:split], owners, articles)
    by_wordings = by_owner(likeness[split:], owners, articles)
    count = len(texts.is_elsewhere)
    named = _best_of(by_names, texts.name_owners, count, 1)
    told = _best_of(by_wordings, texts.wording_owners, count, 3)
    alike = named + _WORDINGS_SHARE * told
    sure = 1 / (1 + np.exp(-(alike - _EVEN) / _SPREAD))
    sure *= np.exp((alike - alike.max(axis=1, keepdims=True, initial=0)) / _RIVAL_ARTICLES)
    sure *= np.exp((alike - alike.max(axis=0, keepdims=True, initial=0)) / _RIVAL_NEEDS)
    return np.where(sure < _LEAST_LINK, 0, sure).astype(np.float32)


def _best_of(rows: Rows, owners: NDArray[np.int64], count: int, best: int) -> Rows:
    """For each owner, the mean of its `best` highest rows, column by column; 0 where it has none."""
    found = np.zeros((count, rows.shape[1]), dtype=np.float32)
    starts = np.searchsorted(owners, np.arange(count + 1))
    for owner, (start, end) in enumerate(pairwise(starts)):
        if end > start:
            found[owner] = np.sort(rows[start:end], axis=0)[-best:].mean(axis=0)
    return found
