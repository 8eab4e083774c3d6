"""What a text means: an article, a service, another matter or nothing known, with chances that compete and sum to one.

Knows how evidence is weighed; knows nothing of tickets or conversations. The weights were fitted by
`faq.measuring.fitting_meanings` and are shipped beside this module.
"""

import json
import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib import resources
from typing import Final

import numpy as np
from numpy.typing import NDArray

from faq.model import Article, Service
from faq.search.decide import Favoured, favour
from faq.search.evidence import Heard
from faq.search.matters import KINDS, MatterReader, Speaking, reported_by
from faq.search.plain import PlainFinder
from faq.search.semantic import load
from faq.search.signs import SignReader, Signs

Numbers = NDArray[np.float64]


class Matter(StrEnum):
    """What kind of thing a text is about."""

    ARTICLE = "article"
    SERVICE = "service"
    #: Documents and figures of the government, under the transparency law.
    REQUEST = "request"
    #: Bad treatment, waiting, an official's conduct.
    COMPLAINT = "complaint"
    #: Bribes, favours, misused money, violence by police: to be told where to denounce.
    CORRUPTION = "corruption"
    PRAISE = "praise"
    #: Another authority's, or nobody's.
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing that a text may mean."""

    matter: Matter
    #: An article's id, a service's code, or "".
    id: str
    #: 0..1; the chances of all meanings of a text and of none of them sum to one.
    chance: float


#: The kinds that are offered as meanings; "nothing" only speaks for none.
_OFFERED: Final = KINDS[:-1]
#: What speaks for an article, a service, a kind, and none; each is a weight.
FEATURES: Final = (
    *(
        "article",
        "article_constant",
        "article_asked",
        "article_reports",
        "article_none",
        "article_papers",
        "article_paid",
    ),
    *("service_mean", "service_low", "service_nearest", "service_article", "service_plain", "service_asked"),
    *("service_errand", "service_one_word", "service_away", "service_person", "service_treated", "service_paid"),
    *(
        "service_papers",
        "service_thanks",
        "service_failing",
        "service_constant",
        "kind_mean",
        "kind_low",
        "kind_nearest",
    ),
    *(f"{kind}_constant" for kind in _OFFERED),
    *("request_asked", "complaint_asked", "corruption_asked", "outside_away", "request_sign", "corruption_sign"),
    *("complaint_sign", "praise_sign"),
    *("none_mean", "none_low", "none_nearest", "none_one_word", "none_others", "none_best", "none_engine"),
)
_AT: Final = {name: place for place, name in enumerate(FEATURES)}
_LEAST_CHANCE: Final = 1e-4
#: What one word, or another town, leaves to all services together: it may be asked what is meant, nothing is begun.
_ONLY_ASKED: Final = 0.45
#: What is worth telling of.
_SHOWN, _LEAST_SHOWN = 8, 0.01


class Candidates:
    """Everything that a text may mean in one town, and what speaks for each."""

    def __init__(self, articles: Sequence[Article], services: Sequence[Service]) -> None:
        self.meant = (
            *((Matter.ARTICLE, article.id) for article in articles),
            *((Matter.SERVICE, service.code) for service in services),
            *((Matter(kind), "") for kind in _OFFERED),
        )
        self.places = {meant: place for place, meant in enumerate(self.meant)}
        self._articles, self._services = len(articles), len(services)
        self._codes = [service.code for service in services]
        codes = {service.code: place for place, service in enumerate(services)}
        self._reports = np.zeros((len(services), len(articles)))
        for column, article in enumerate(articles):
            for code in reported_by(article):
                if code in codes:
                    self._reports[codes[code], column] = 1
        self._is_reporting = self._reports.max(axis=0, initial=0)

    def features(self, chances: Numbers, speaking: Speaking, signs: Signs, plain: Collection[str]) -> Numbers:
        """A row for each candidate and one for none, a column for each of FEATURES.

        chances: of each article and of none, as the answer engine gives them. plain: codes of the services whose plain
        wordings stand in the text.
        """
        split = self._articles + self._services
        found = np.zeros((len(self.meant) + 1, len(FEATURES)))
        clipped = np.log(np.maximum(chances, _LEAST_CHANCE))
        own = found[: self._articles]
        own[:, _AT["article"]] = clipped[:-1] - math.log(_LEAST_CHANCE)
        own[:, _AT["article_constant"]] = 1
        own[:, _AT["article_asked"]] = signs.asked
        own[:, _AT["article_reports"]] = self._is_reporting * (1 - signs.asked)
        own[:, _AT["article_none"]] = clipped[-1]
        own[:, _AT["article_papers"]] = signs.request
        own[:, _AT["article_paid"]] = signs.corruption
        self._of_services(found[self._articles : split], chances, speaking, signs, plain)
        self._of_kinds(found[split:-1], speaking, signs)
        self._of_none(found[-1], clipped, speaking, signs)
        return found

    def held_back(self, chances: Numbers, to: tuple[Matter, str] | None = None) -> Numbers:
        """Chances of a text that may be asked about, but begins nothing: what the services have too much of falls to
        another meaning, or to none.
        """
        services = slice(self._articles, self._articles + self._services)
        held = chances.copy()
        held[services] *= min(1.0, _ONLY_ASKED / max(float(chances[services].sum()), _LEAST_CHANCE))
        held[-1 if to is None else self.places[to]] += chances.sum() - held.sum()
        return held

    def _of_services(
        self, rows: Numbers, chances: Numbers, speaking: Speaking, signs: Signs, plain: Collection[str]
    ) -> None:
        count = self._services
        rows[:, _AT["service_mean"]] = speaking.scores[:, :count].mean(axis=0)
        rows[:, _AT["service_low"]] = speaking.scores[:, :count].min(axis=0)
        rows[:, _AT["service_plain"]] = [float(code in plain) / max(1, len(plain)) for code in self._codes]
        rows[:, _AT["service_nearest"]] = speaking.nearest[:count]
        rows[:, _AT["service_article"]] = (self._reports * chances[:-1]).max(axis=1, initial=0)
        rows[:, _AT["service_asked"]] = signs.asked
        rows[:, _AT["service_errand"]] = signs.errand
        rows[:, _AT["service_one_word"]] = signs.one_word
        rows[:, _AT["service_away"]] = signs.away
        rows[:, _AT["service_person"]] = signs.person
        rows[:, _AT["service_treated"]] = signs.complaint
        rows[:, _AT["service_paid"]] = signs.corruption
        rows[:, _AT["service_papers"]] = signs.request
        rows[:, _AT["service_thanks"]] = signs.praise
        rows[:, _AT["service_failing"]] = signs.failing
        rows[:, _AT["service_constant"]] = 1

    def _of_kinds(self, rows: Numbers, speaking: Speaking, signs: Signs) -> None:
        first = self._services
        rows[:, _AT["kind_mean"]] = speaking.scores[:, first:-1].mean(axis=0)
        rows[:, _AT["kind_low"]] = speaking.scores[:, first:-1].min(axis=0)
        rows[:, _AT["kind_nearest"]] = speaking.nearest[first:-1]
        for row, kind in enumerate(_OFFERED):
            rows[row, _AT[f"{kind}_constant"]] = 1
        for kind in ("request", "complaint", "corruption"):
            rows[_OFFERED.index(kind), _AT[f"{kind}_asked"]] = signs.asked
        for kind in ("request", "complaint", "corruption", "praise"):
            rows[_OFFERED.index(kind), _AT[f"{kind}_sign"]] = getattr(signs, kind)
        rows[_OFFERED.index("outside"), _AT["outside_away"]] = signs.away

    def _of_none(self, row: Numbers, clipped: Numbers, speaking: Speaking, signs: Signs) -> None:
        row[_AT["none_mean"]] = speaking.scores[:, -1].mean()
        row[_AT["none_low"]] = speaking.scores[:, -1].min()
        row[_AT["none_nearest"]] = speaking.nearest[-1]
        row[_AT["none_one_word"]] = signs.one_word
        row[_AT["none_others"]] = speaking.others
        row[_AT["none_best"]] = speaking.nearest.max(initial=0)
        row[_AT["none_engine"]] = clipped[-1]


@lru_cache(maxsize=2)
def shipped(kind: str) -> tuple[float, ...]:
    """The fitted weights for "semantic" or "words", by FEATURES."""
    stored = json.loads((resources.files("faq") / "meaning_weights.json").read_text(encoding="utf-8"))[kind]
    return tuple(stored[name] for name in FEATURES)


def chances(features: Numbers, weights: Sequence[float] | Numbers) -> Numbers:
    """The chance of each candidate, and of none at the end; they sum to 1."""
    say = features @ np.asarray(weights)
    raised = np.exp(say - say.max())
    return np.asarray(raised / raised.sum())


class MeaningFinder:
    """What texts mean in one town. Nothing changes after it is built."""

    def __init__(
        self,
        articles: Sequence[Article],
        services: Sequence[Service],
        compared: Sequence[str],
        *,
        home: Iterable[str] = (),
        model: str = "auto",
    ) -> None:
        """compared: as `MatterReader` takes it. home: names of the town and of its places.

        model: as `faq.search.semantic.load` knows it.
        """
        semantic = load(model)
        self.candidates = Candidates(articles, services)
        self._reader = MatterReader(articles, services, semantic, compared)
        self._weights = shipped("semantic" if semantic else "words")
        self._signs = SignReader(home)
        self._plain = PlainFinder(services, self._reader.told, self._signs)
        self._ids = [each for _, each in self.candidates.meant]

    def find(self, heard: Heard, of_articles: Numbers, favoured: Favoured = ()) -> tuple[Meaning, ...]:
        """The meanings of a text, best first; what has next to no chance is left out.

        of_articles: the chance of each article and of none.
        """
        found = chances(self.features(heard, of_articles), self._weights)
        if self._plain.is_word_alone(heard.typed):
            found = self.candidates.held_back(found)
        elif self._signs.read(heard.typed).away:
            found = self.candidates.held_back(found, (Matter.OUTSIDE, ""))
        found = favour(found, self._ids, favoured)
        best = [place for place in np.argsort(-found[:-1], kind="stable")[:_SHOWN] if found[place] >= _LEAST_SHOWN]
        meant = self.candidates.meant
        return tuple(Meaning(meant[at][0], meant[at][1], round(float(found[at]), 4)) for at in best)

    def features(self, heard: Heard, of_articles: Numbers) -> Numbers:
        """What speaks for each candidate; for fitting and measuring."""
        signs, plain = self._signs.read(heard.typed), self._plain.wordings_in(heard.typed)
        return self.candidates.features(of_articles, self._reader.read(heard), signs, plain)

    def plain_service(self, text: str) -> str | None:
        """The code where words alone make a plain story of one service."""
        return self._plain.find(text)

    def matters_in(self, text: str) -> tuple[str, ...]:
        """Codes of the services that the parts of a text plainly tell of, in order."""
        return self._plain.matters(text)
