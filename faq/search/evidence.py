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
from faq.search.needs import NeedTexts, gather, link
from faq.search.regression import Regression
from faq.search.sayings import Sayings
from faq.search.semantic import Remembering, Vectors
from faq.search.spelling import Speller, adds
from faq.search.words import Places, Rows, WordLikeness, by_owner, owner_of
from faq.text import gist, tokens

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
#: Learning costs the cube of the wordings: of articles with many, the first ones are learnt and the others compared.
_WORDINGS_LEARNT_AT_MOST = 4000
#: More articles than this are not learnt one by one; the needs and the nearest wording find them.
_ARTICLES_LEARNT_AT_MOST = 400
#: Rows that are multiplied one by one.
_ONE_BY_ONE_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class Heard:
    """A question as it is read: as typed, spelt well, and followed by what the town hall calls the things it says."""

    typed: str
    spelt: str
    widened: str
    #: A row for what was typed and, where that is another text, one for what is spelt well; None without a model.
    vectors: Vectors | None
    #: Likeness in meaning (rows as those of the vectors) to each of the reader's texts.
    meaning: Rows | None

    @property
    def texts(self) -> tuple[str, str, str]:
        return self.typed, self.spelt, self.widened

    @property
    def places(self) -> list[int]:
        """Which vector is each text's. The words that the lexicon adds are no sentence: they count as words alone."""
        return [0, 0, 0] if self.spelt == self.typed else [0, 1, 1]


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
        self,
        articles: Sequence[Article],
        synonyms: Mapping[str, tuple[str, ...]],
        model: Remembering | None,
        also: Sequence[str] = (),
    ) -> None:
        """also: further texts whose spelling is known."""
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
        #: What questions are compared with, in the order of `Heard.meaning`.
        self.texts = tuple(texts)
        self._speller = Speller([*texts, *body_texts, *_meant(base("es")), *_meant(synonyms)], also)
        self._words, self._bodies = WordLikeness(texts), WordLikeness(body_texts)
        self._vectors: Vectors | None = model.keep(texts) if model else None
        self._is_direct = self._count <= _ARTICLES_LEARNT_AT_MOST
        spare = max(_WORDINGS_LEARNT_AT_MOST - len(known.texts), 2 * self._count) if self._is_direct else 0
        self._own_learnt = _first_of_each(own, spare)
        self._learnt = np.concatenate([self._own_learnt, np.arange(self._own, len(texts))])
        self._learn(known, texts)

    def _learn(self, known: NeedTexts, texts: Sequence[str]) -> None:
        """Classes: the articles, or the needs where there are too many articles; then elsewhere and unanswered."""
        meaning = None if self._vectors is None else products(self._vectors[self._learnt], self._vectors)
        likeness = self._likeness([texts[int(number)] for number in self._learnt], meaning)
        needs_to_own = likeness[len(self._own_learnt) :, : self._own]
        links = link(known, needs_to_own, self._own_owners, self._count)
        self._links = links / np.maximum(1, links.sum(axis=1, keepdims=True))
        free = 1 - links.max(axis=1, initial=0)
        none = np.stack([free * known.is_elsewhere, free * ~known.is_elsewhere], axis=1)
        answers = self._links if self._is_direct else np.eye(len(links))
        borrowed = np.concatenate([answers, none], axis=1)[known.owners]
        own = np.zeros((len(self._own_learnt), borrowed.shape[1]))
        own[np.arange(len(own)), self._own_owners[self._own_learnt]] = 1
        classes = np.concatenate([own, borrowed]).astype(np.float32)
        self._regression = Regression(self._only_learnt(likeness), classes)

    def _only_learnt(self, likeness: Rows) -> Rows:
        return likeness if len(self._learnt) == likeness.shape[1] else likeness[:, self._learnt]

    def _likeness(self, queries: Sequence[str], meaning: Rows | None) -> Rows:
        """meaning: likeness in meaning to each text (columns), a row for each query; it is used up."""
        words = self._words.rows(queries)
        if meaning is None:
            return words
        # In place: over all wordings these are the biggest arrays of all.
        words *= np.float32(1 - _MEANING)
        meaning *= np.float32(_MEANING)
        words += meaning
        return words

    def hear(self, text: str) -> Heard:
        """The question as it is compared. To find a meaning is what costs most here: it is done once."""
        typed = gist(text)
        repaired = self._speller.repair(typed)
        spelt = repaired if adds(typed, repaired) else typed
        distinct = [typed] if spelt == typed else [typed, spelt]
        vectors = self._model.embed(distinct) if self._model else None
        meaning = None if vectors is None or self._vectors is None else products(vectors, self._vectors)
        return Heard(typed, spelt, self._sayings.widen(spelt), vectors, meaning)

    def weigh(self, heard: Heard) -> Evidence:
        """The evidence of one question."""
        readings = heard.texts
        likeness = self._likeness(readings, None if heard.meaning is None else heard.meaning[heard.places])
        scores = self._regression.scores(self._only_learnt(likeness))
        answers = scores[:, :-2] if self._is_direct else scores[:, :-2] @ self._links
        nearest = by_owner(likeness[:, : self._own], self._own_owners, self._count).mean(axis=0)
        body = by_owner(self._bodies.rows(readings[2:]), self._body_owners, self._count)[0]
        articles = np.stack([*answers, nearest, body], axis=1).astype(np.float64)
        return Evidence(articles, self._for_none(heard.spelt, scores, articles, likeness))

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


def products(few: Vectors, many: Vectors) -> Rows:
    """The product of each of the few with each of the many; two or three at once are slower than one by one."""
    return np.stack([many @ one for one in few]) if len(few) <= _ONE_BY_ONE_AT_MOST else few @ many.T


def _first_of_each(texts: Sequence[Sequence[str]], at_most: int) -> Places:
    """The numbers of as many texts as may be, the first of each owner before the second of any; ascending."""
    ranks = np.array([rank for own in texts for rank in range(len(own))], dtype=np.int64)
    return np.sort(np.argsort(ranks, kind="stable")[:at_most])


def _meant(synonyms: Mapping[str, tuple[str, ...]]) -> list[str]:
    return [word for meant in synonyms.values() for word in meant]


def _sentences(body: str) -> list[str]:
    """The sentences of a Markdown body that are long enough to say something."""
    plain = re.sub(r"[*_#>`\[\]|]|\(https?://[^\s()]*\)", " ", body)
    return [part.strip() for part in re.split(r"(?<=[.:;!?])\s+|\n+", plain) if len(part.strip()) > 8]
