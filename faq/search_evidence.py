"""What speaks for each article, and for none of them, when a question is read.

Knows nothing of probabilities or outcomes: `search_decide` weighs what is gathered here.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from faq.lexicon import base, needs
from faq.model import Article
from faq.search_needs import gather, link
from faq.search_regression import Regression
from faq.search_sayings import Sayings
from faq.search_semantic import Remembering, Vectors
from faq.search_spelling import Speller
from faq.search_words import Rows, WordLikeness, by_owner, owner_of
from faq.text import tokens

#: What speaks for an article: regression on the message as typed, spelt well, and widened by the lexicon; likeness to
#: its own nearest wording; likeness to a sentence of its body.
ARTICLE_EVIDENCE = ("typed", "spelt", "widened", "nearest", "body")
#: What speaks for none: the matters of other offices and those without an article (same three readings), and how
#: little of the question is known.
NONE_EVIDENCE = (
    *("elsewhere_typed", "elsewhere_spelt", "elsewhere_widened", "unanswered_typed", "unanswered_spelt"),
    *(
        "unanswered_widened",
        "best_article",
        "nearest_wording",
        "nearest_need",
        "known_share",
        "nothing_known",
        "one_word",
    ),
)
#: The share of meaning, beside words, in the likeness of two texts.
_MEANING = 0.6
#: More wordings than this are not learnt from one by one; the needs and the nearest wording find their articles.
_LEARNT_AT_MOST = 4000
_WORDS_READ = 140


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one question brought up."""

    #: A row for each article, a column for each of ARTICLE_EVIDENCE.
    articles: NDArray[np.float64]
    #: One number for each of NONE_EVIDENCE.
    none: NDArray[np.float64]


class Reader:
    """Reads questions against a town's articles and the known needs."""

    def __init__(
        self, articles: Sequence[Article], synonyms: Mapping[str, tuple[str, ...]], model: Remembering | None
    ) -> None:
        self._count = len(articles)
        self._model = model
        self._sayings = Sayings(base("es"), synonyms)
        own = [tuple(dict.fromkeys((article.title, *article.questions))) for article in articles]
        bodies = [[*_sentences(article.body), *article.keywords] for article in articles]
        known = gather(needs())
        self._own_owners, self._body_owners = owner_of(own), owner_of(bodies)
        wordings = [text for texts in own for text in texts]
        body_texts = [text for texts in bodies for text in texts]
        self._own = len(wordings)
        texts = [*wordings, *known.texts]
        self._speller = Speller([*texts, *body_texts, *_meant(base("es")), *_meant(synonyms)])
        self._words, self._bodies = WordLikeness(texts), WordLikeness(body_texts)
        self._vectors: Vectors | None = model.keep(texts) if model else None
        self._learn(texts, known.is_elsewhere, known.owners, link(known, *self._between(texts), self._count))

    def _between(self, texts: Sequence[str]) -> tuple[Rows, NDArray[np.int64]]:
        """The likeness of the needs' texts to the articles' own, and whose those are."""
        rows = self._likeness(texts[self._own :], self._vectors[self._own :] if self._vectors is not None else None)
        return rows[:, : self._own], self._own_owners

    def _learn(
        self, texts: Sequence[str], elsewhere: NDArray[np.bool_], owners: NDArray[np.int64], links: Rows
    ) -> None:
        """Classes: the articles, or the needs where there are too many articles; then elsewhere and unanswered."""
        self._is_direct = len(texts) <= _LEARNT_AT_MOST
        self._learnt = np.arange(0 if self._is_direct else self._own, len(texts))
        shared = links / np.maximum(1, links.sum(axis=1, keepdims=True))
        free = 1 - links.max(axis=1, initial=0)
        none = np.stack([free * elsewhere, free * ~elsewhere], axis=1)
        answers = shared if self._is_direct else np.eye(len(links), dtype=np.float32)
        borrowed = np.concatenate([answers, none], axis=1)[owners]
        own = np.zeros((self._own if self._is_direct else 0, borrowed.shape[1]), dtype=np.float32)
        if self._is_direct:
            own[np.arange(self._own), self._own_owners] = 1
        self._links = shared
        learnt = [texts[int(number)] for number in self._learnt]
        vectors = self._vectors[self._learnt] if self._vectors is not None else None
        likeness = self._likeness(learnt, vectors)[:, self._learnt]
        self._regression = Regression(likeness, np.concatenate([own, borrowed]).astype(np.float32))

    def _likeness(self, queries: Sequence[str], vectors: Vectors | None) -> Rows:
        words = self._words.rows(queries)
        if vectors is None or self._vectors is None:
            return words
        return np.asarray(_MEANING * (vectors @ self._vectors.T) + (1 - _MEANING) * words, dtype=np.float32)

    def read(self, text: str) -> Evidence:
        """The evidence of one question."""
        typed = _shorten(text)
        spelt = self._speller.repair(typed)
        readings = [typed, spelt, self._sayings.widen(spelt)]
        likeness = self._likeness(readings, self._model.embed(readings) if self._model else None)
        scores = self._regression.scores(likeness[:, self._learnt])
        answers = scores[:, :-2] if self._is_direct else scores[:, :-2] @ self._links
        nearest = by_owner(likeness[:, : self._own], self._own_owners, self._count).mean(axis=0)
        body = by_owner(self._bodies.rows(readings[2:]), self._body_owners, self._count)[0]
        articles = np.stack([*answers, nearest, body], axis=1).astype(np.float64)
        return Evidence(articles, self._for_none(spelt, scores, articles, likeness))

    def _for_none(self, spelt: str, scores: Rows, articles: NDArray[np.float64], likeness: Rows) -> NDArray[np.float64]:
        known = self._words.known_share(spelt)
        return np.array(
            [
                *scores[:, -2],
                *scores[:, -1],
                articles[:, :3].mean(axis=1).max(initial=0),
                articles[:, 3].max(initial=0),
                likeness[:, self._own :].max(initial=0),
                known,
                float(known == 0),
                float(len(tokens(spelt)) <= 1),
            ]
        )


def _meant(synonyms: Mapping[str, tuple[str, ...]]) -> list[str]:
    return [word for meant in synonyms.values() for word in meant]


def _sentences(body: str) -> list[str]:
    """The sentences of a Markdown body that are long enough to say something."""
    plain = re.sub(r"[*_#>`\[\]|]|\(https?://[^)]*\)", " ", body)
    return [part.strip() for part in re.split(r"(?<=[.:;!?])\s+|\n+", plain) if len(part.strip()) > 8]


def _shorten(text: str) -> str:
    """The beginning and the end of a very long message: people greet and ask there."""
    said = text.split()
    if len(said) <= _WORDS_READ:
        return " ".join(word[:40] for word in said)
    return " ".join(word[:40] for word in (*said[: _WORDS_READ // 2], *said[-_WORDS_READ // 2 :]))
