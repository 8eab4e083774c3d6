"""The answer engine: which article answers a question, and how sure that is.

Knows nothing of files, chat or tickets. Safe to ask from several threads: nothing changes after it is built.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from faq.model import Article
from faq.search_services import ServiceFinder, closest
from faq.search_words import WordIndex

__all__ = ["AnswerEngine", "Finding", "Match", "Outcome", "ServiceFinder", "closest"]

_NOTHING: Mapping[str, tuple[str, ...]] = MappingProxyType({})
_SHOWN = 5


class Outcome(StrEnum):
    """What the counter does with a question."""

    ANSWER = "answer"
    #: Up to three articles to choose from.
    OFFER = "offer"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Match:
    """An article that may answer."""

    article: str
    #: 0..1: how likely this article is the right one.
    score: float


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found for one question."""

    outcome: Outcome
    #: Up to five, best first.
    matches: tuple[Match, ...]
    #: 0..1: how likely the first match is right.
    score: float


class AnswerEngine:
    """Finds the article that answers a question, among the articles it was built on."""

    def __init__(
        self, articles: Sequence[Article], synonyms: Mapping[str, tuple[str, ...]] = _NOTHING, *, model: str = "auto"
    ) -> None:
        self._ids = tuple(article.id for article in articles)
        self._words = WordIndex([(*article.questions, article.title, article.body) for article in articles], synonyms)

    def ask(self, text: str) -> Finding:
        """The articles that may answer, and whether to answer, to offer them, or to say that it is not known."""
        scores = self._words.scores(text)
        best = sorted(range(len(scores)), key=lambda i: -scores[i])[:_SHOWN]
        matches = tuple(Match(self._ids[i], round(float(scores[i]), 4)) for i in best if scores[i] > 0)
        if not matches or matches[0].score < 0.3:
            return Finding(Outcome.UNKNOWN, matches, matches[0].score if matches else 0.0)
        gap = matches[0].score - (matches[1].score if len(matches) > 1 else 0.0)
        sure = matches[0].score >= 0.6 and gap > 0.08
        return Finding(Outcome.ANSWER if sure else Outcome.OFFER, matches, matches[0].score)
