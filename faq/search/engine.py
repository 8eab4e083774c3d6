"""The answer engine: which article answers a question, and how sure that is.

Knows nothing of files, chat or tickets. Safe to ask from several threads: nothing changes after it is built.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from faq.model import Article
from faq.search.decide import Favoured, Numbers, Verdict, Weights, decide, favour, probabilities, shipped
from faq.search.evidence import Evidence, Heard, Reader
from faq.search.semantic import load

__all__ = ["AnswerEngine", "Finding", "Match", "Verdict"]

_NOTHING: Mapping[str, tuple[str, ...]] = MappingProxyType({})
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Match:
    """An article that may answer."""

    article: str
    #: 0..1: how likely this article is the right one.
    score: float


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found for one question."""

    outcome: Verdict
    #: Up to five, best first.
    matches: tuple[Match, ...]
    #: 0..1: how likely the first match is right.
    score: float


class AnswerEngine:
    """Finds the article that answers a question, among the articles it was built on."""

    def __init__(
        self,
        articles: Sequence[Article],
        synonyms: Mapping[str, tuple[str, ...]] = _NOTHING,
        *,
        model: str = "auto",
        weights: Weights | None = None,
        also: Sequence[str] = (),
    ) -> None:
        """model: "auto", "none", or a name that `search_semantic.load` knows; raises ModelUnavailableError for others.

        weights: other than the shipped ones, for measuring. also: further texts whose spelling is known.
        """
        semantic = load(model)
        self._ids = tuple(article.id for article in articles)
        self._reader = Reader(articles, synonyms, semantic, also)
        self._weights = weights or shipped("semantic" if semantic else "words")

    @property
    def ids(self) -> tuple[str, ...]:
        """The articles, in the order of the evidence."""
        return self._ids

    def ask(self, text: str, favoured: Favoured = ()) -> Finding:
        """The articles that may answer, and whether to answer, to offer them, or to say that it is not known."""
        if not self._ids or not text.strip():
            return Finding(Verdict.UNKNOWN, (), 0.0)
        return self.judge(self.evidence(text), self._weights, favoured)

    def chances(self, heard: Heard) -> Numbers:
        """The chance of each article, and of none at the end."""
        return probabilities(self._reader.weigh(heard), self._weights)

    def found(self, chances: Numbers, favoured: Favoured = ()) -> Finding:
        """The finding that chances as `chances` gives them lead to."""
        return self._finding(favour(chances, self._ids, favoured), self._weights)

    @property
    def texts(self) -> tuple[str, ...]:
        """What questions are compared with, in the order of `Heard.meaning`."""
        return self._reader.texts

    def hear(self, text: str) -> Heard:
        """The question as it is compared."""
        return self._reader.hear(text)

    def evidence(self, text: str) -> Evidence:
        """What speaks for each article, in the order they were given; for fitting and measuring."""
        return self._reader.weigh(self.hear(text))

    def judge(self, evidence: Evidence, weights: Weights, favoured: Favoured = ()) -> Finding:
        """The finding that some evidence leads to under some weights."""
        return self._finding(favour(probabilities(evidence, weights), self._ids, favoured), weights)

    def _finding(self, chances: Numbers, weights: Weights) -> Finding:
        best = np.argsort(-chances[:-1], kind="stable")[:_SHOWN]
        matches = tuple(Match(self._ids[place], round(float(chances[place]), 4)) for place in best)
        return Finding(decide(chances, weights), matches, matches[0].score)
