"""How much a text asks for each service and for each kind of matter that is no article's, by how people say it.

Knows nothing of probabilities, tickets or conversations. `faq.search.meanings` weighs what is found here.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from faq.lexicon import matters, needs
from faq.model import Article, Service
from faq.search.evidence import Heard, products
from faq.search.needs import NeedTexts, gather, link
from faq.search.regression import Regression
from faq.search.semantic import Remembering
from faq.search.signs import SignReader
from faq.search.words import Rows, WordLikeness, by_owner, owner_of
from faq.text import is_question

#: The kinds of matters.yaml, in the order of the columns after the services'.
KINDS: Final = ("request", "complaint", "corruption", "praise", "outside", "nothing")
#: The share of meaning, beside words, in the likeness of two texts.
_MEANING: Final = 0.6
#: How much a question about something that a service deals with asks for the service.
_ASKED: Final = 0.3
#: A text is said like a service where none of the others is nearer by more than this.
_AS_NEAR: Final = 0.05
#: Learning costs the cube of the texts: so many of each need that no service meets.
_NEED_LEARNT, _ELSEWHERE_LEARNT = 5, 12
#: An article tells of what lies outside where so many of its questions are, in the mean, so like what lies there.
_AKIN_QUESTIONS, _AKIN_FROM = 3, 0.62


@dataclass(frozen=True, slots=True)
class Speaking:
    """What speaks for each service and, behind them, for each of KINDS."""

    #: By reading (as typed, spelt well) and class; near 0..1.
    scores: NDArray[np.float64]
    #: 0..1: likeness to the nearest wording of each class.
    nearest: NDArray[np.float64]
    #: 0..1: likeness to the nearest wording of the articles and needs.
    others: float


def reported_by(article: Article) -> tuple[str, ...]:
    """Codes of the services that an article offers to report."""
    return tuple(each.partition(":")[2] for each in article.actions if each.startswith("report:"))


def _akin(asked: Sequence[tuple[Article, str]], likeness: Rows) -> frozenset[str]:
    """Ids of the articles that tell of other offices' matters."""
    alike: dict[str, list[float]] = {}
    for (article, _), row in zip(asked, likeness, strict=True):
        alike.setdefault(article.id, []).append(float(row.max(initial=0)))
    best = {each: sorted(found)[-_AKIN_QUESTIONS:] for each, found in alike.items()}
    return frozenset(each for each, found in best.items() if sum(found) >= _AKIN_FROM * len(found))


class MatterReader:
    """Reads texts against a town's services and the known matters; articles and needs are there as what is neither."""

    def __init__(
        self,
        articles: Sequence[Article],
        services: Sequence[Service],
        model: Remembering | None,
        compared: Sequence[str],
        signs: SignReader,
    ) -> None:
        """compared: the texts that who hears compares with, those of the articles and needs among them."""
        said = [(*service.people_say, *service.name.values()) for service in services]
        kinds = matters()
        own = [*said, *(kinds[kind] for kind in KINDS)]
        self._signs = signs
        self._count = len(own)
        self._owners = owner_of(own)
        self._own = len(self._owners)
        own_texts = [text for each in own for text in each]
        asked = [(article, text) for article in articles for text in (article.title, *article.questions)]
        known = gather(needs())
        links = self._met_by(known, own_texts, len(services), model)
        learnt, shares = self._few(known, links)
        texts = [*own_texts, *(text for _, text in asked), *learnt]
        self._words = WordLikeness(texts)
        vectors = model.keep(texts) if model else None
        self._vectors = None if vectors is None else vectors[: self._own].copy()
        columns = {text: column for column, text in enumerate(compared)}
        #: Where the meaning of the articles' and needs' texts was compared already.
        self._compared = np.array([columns[text] for text in texts[self._own :]], dtype=np.int64)
        likeness = self._likeness(texts, None if vectors is None else products(vectors, vectors))
        places = {service.code: place for place, service in enumerate(services)}
        classes = np.zeros((len(texts), self._count), dtype=np.float32)
        classes[np.arange(self._own), self._owners] = 1
        self._mark_articles(classes, asked, likeness, places)
        classes[self._own + len(asked) :] = shares
        outside = classes[:, self._count - len(KINDS) + KINDS.index("outside")] > 0
        self.akin = _akin(asked, likeness[self._own : self._own + len(asked), outside])
        codes = [service.code for service in services]
        #: Every text that was learnt, with the codes of the services that it may be about.
        self.told = tuple(
            (text, frozenset(code for code, share in zip(codes, row, strict=False) if share > 0))
            for text, row in zip(texts, classes, strict=True)
        )
        self._regression = Regression(likeness, classes)

    def _met_by(self, known: NeedTexts, own: Sequence[str], services: int, model: Remembering | None) -> Rows:
        """0..1 for each need and service: how surely the service meets it."""
        split = int(np.searchsorted(self._owners, services))
        texts = list(own[:split])
        likeness = WordLikeness(texts).rows(known.texts)
        if model is not None:
            likeness *= np.float32(1 - _MEANING)
            likeness += np.float32(_MEANING) * (model.keep(known.texts) @ model.keep(texts).T if texts else 0)
        return link(known, likeness, self._owners[:split], services)

    def _few(self, known: NeedTexts, links: Rows) -> tuple[list[str], Rows]:
        """The needs' texts that are learnt, with how much each asks for each class: all of those that a service meets,
        the first of the others. What lies with other offices is outside.
        """
        services = links.shape[1]
        free = 1 - links.max(axis=1, initial=0)
        outside = self._count - len(KINDS) + KINDS.index("outside")
        taken = Counter[int]()
        texts: list[str] = []
        shares: list[Rows] = []
        for text, owner in zip(known.texts, known.owners.tolist(), strict=True):
            taken[owner] += 1
            if free[owner] == 1 and taken[owner] > (_ELSEWHERE_LEARNT if known.is_elsewhere[owner] else _NEED_LEARNT):
                continue
            share = np.zeros(self._count, dtype=np.float32)
            share[:services] = links[owner] * (_ASKED if is_question(text) else 1)
            share[outside] = free[owner] * known.is_elsewhere[owner]
            texts.append(text)
            shares.append(share)
        return texts, np.stack(shares)

    def _mark_articles(
        self, classes: Rows, asked: Sequence[tuple[Article, str]], likeness: Rows, places: dict[str, int]
    ) -> None:
        """What an article that reports a service is asked with, asks for the service too, where it is said like that;
        a question and an errand less so.
        """
        for row, (article, text) in enumerate(asked, start=self._own):
            reported = [places[code] for code in reported_by(article) if code in places]
            if reported:
                nearest = by_owner(likeness[row : row + 1, : self._own], self._owners, self._count)[0]
                best = max(reported, key=lambda place: float(nearest[place]))
                if nearest[best] >= nearest.max() - _AS_NEAR:
                    is_told = not is_question(text) and not self._signs.read(text).errand
                    classes[row, best] = 1 if is_told else _ASKED

    def _likeness(self, queries: Sequence[str], meaning: Rows | None) -> Rows:
        """meaning: likeness in meaning to each text (columns), a row for each query; it is used up."""
        words = self._words.rows(queries)
        if meaning is None:
            return words
        words *= np.float32(1 - _MEANING)
        meaning *= np.float32(_MEANING)
        words += meaning
        return words

    def _meaning(self, heard: Heard) -> Rows | None:
        if heard.vectors is None or heard.meaning is None or self._vectors is None:
            return None
        return np.concatenate([products(heard.vectors, self._vectors), heard.meaning[:, self._compared]], axis=1)

    def read(self, heard: Heard) -> Speaking:
        """What speaks for each service and matter in a text."""
        distinct = [heard.typed] if heard.spelt == heard.typed else [heard.typed, heard.spelt]
        likeness = self._likeness(distinct, self._meaning(heard))
        scores = self._regression.scores(likeness)
        nearest = by_owner(likeness[-1:, : self._own], self._owners, self._count)[0]
        others = float(likeness[-1, self._own :].max(initial=0))
        both = scores if len(distinct) == 2 else scores[[0, 0]]
        return Speaking(both.astype(np.float64), nearest.astype(np.float64), others)
