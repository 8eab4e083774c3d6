"""Everything that a text may mean in one town, and the evidence for each as numbers that `faq.search.meanings` weighs.

Knows nothing of weights or texts.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from faq.model import Article, Service
from faq.search.matters import KINDS, Speaking, reported_by
from faq.search.plain import Pointed
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


#: The kinds that are offered as meanings; "nothing" only speaks for none.
_OFFERED: Final = KINDS[:-1]
#: Kinds and the signs that speak for or against them, beside those of their own name.
_CROSSED: Final = (
    *("outside_away", "outside_private", "outside_crime", "outside_firm"),
    *("request_private", "complaint_firm", "corruption_crime"),
)
#: The signs that tell an article from its neighbours: of those on water bills, one is about sums that are disputed.
_PROFILED: Final = ("disputed", "errand", "away", "crime", "firm", "corruption", "failing")
#: Of a service that no word points at.
_AT_NOTHING: Final = Pointed(0.0, 0.0)
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
        "article_errand",
        "article_profile",
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
    *("service_profile", "service_told", "service_where", "service_private", "service_crime", "service_firm"),
    *_CROSSED,
    *("request_asked", "complaint_asked", "corruption_asked", "request_sign", "corruption_sign"),
    *("complaint_sign", "praise_sign"),
    *("none_mean", "none_low", "none_nearest", "none_one_word", "none_others", "none_best", "none_engine"),
)
_AT: Final = {name: place for place, name in enumerate(FEATURES)}
#: What speaks for or against every service alike: a sign, under a name of its own where that says more.
_OF_SERVICES: Final = {
    **{f"service_{sign}": sign for sign in ("asked", "errand", "one_word", "away", "person", "failing")},
    **{f"service_{sign}": sign for sign in ("private", "crime", "firm")},
    **{"service_treated": "complaint", "service_paid": "corruption"},
    **{"service_papers": "request", "service_thanks": "praise"},
}
_LEAST_CHANCE: Final = 1e-4
#: A text tells of a fault from this chance of all services and of the articles on them.
_FAULT_FROM: Final = 0.15
#: It is about something that lies outside from this one.
_OUTSIDE_FROM: Final = 0.5
#: What the place of another leaves to all of these, and which share it leaves to everything else.
_FAR_LEAVES, _ROAD_LEAVES, _BESIDE_ELSEWHERE = 0.2, 0.45, 0.4


class Candidates:
    """Everything that a text may mean in one town, and what speaks for each."""

    def __init__(
        self, articles: Sequence[Article], services: Sequence[Service], signs: SignReader, akin: Collection[str]
    ) -> None:
        """akin: ids of the articles that tell of other offices' matters, whatever they report besides."""
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
        self._is_reporting[[place for place, article in enumerate(articles) if article.id in akin]] = 0
        forms = {Matter.SERVICE, Matter.REQUEST, Matter.COMPLAINT}
        self._has_form = np.array([*(matter in forms for matter, _ in self.meant), False])
        said = [*((each.title, *each.questions) for each in articles), *(each.people_say for each in services)]
        #: How often each sign stands in what is said of an article or service.
        self._profiles = np.array([_profile([signs.read(text) for text in each]) for each in said]).reshape(
            -1, len(_PROFILED)
        )

    def features(
        self, chances: Numbers, speaking: Speaking, signs: Signs, plain: Collection[str], points: Mapping[str, Pointed]
    ) -> Numbers:
        """A row for each candidate and one for none, a column for each of FEATURES.

        chances: of each article and of none, as the answer engine gives them. plain: codes of the services whose plain
        wordings stand in the text. points: the services that single words of it point at.
        """
        split = self._articles + self._services
        found = np.zeros((len(self.meant) + 1, len(FEATURES)))
        clipped = np.log(np.maximum(chances, _LEAST_CHANCE))
        own = found[: self._articles]
        own[:, _AT["article"]] = clipped[:-1] - math.log(_LEAST_CHANCE)
        own[:, _AT["article_constant"]] = 1
        own[:, _AT["article_asked"]] = signs.asked
        own[:, _AT["article_reports"]] = self._is_reporting * (1 - max(signs.asked, signs.errand))
        own[:, _AT["article_none"]] = clipped[-1]
        own[:, _AT["article_papers"]] = signs.request
        own[:, _AT["article_paid"]] = signs.corruption
        own[:, _AT["article_errand"]] = signs.errand
        alike = self._profiles @ _profile([signs])
        own[:, _AT["article_profile"]] = alike[: self._articles]
        services = found[self._articles : split]
        self._of_services(services, chances, speaking, signs, plain)
        services[:, _AT["service_profile"]] = alike[self._articles :]
        for row, code in enumerate(self._codes):
            pointed = points.get(code, _AT_NOTHING)
            services[row, _AT["service_told"]], services[row, _AT["service_where"]] = pointed.told, pointed.where
        self._of_kinds(found[split:-1], speaking, signs)
        self._of_none(found[-1], clipped, speaking, signs)
        return found

    def held_back(self, chances: Numbers, at_most: float, to: tuple[Matter, str] | None = None) -> Numbers:
        """Chances of a text that may be asked about, but begins nothing: what everything that has a form has above a
        chance falls to another meaning, or to none.
        """
        held = chances.copy()
        held[self._has_form] *= min(1.0, at_most / max(float(chances[self._has_form].sum()), _LEAST_CHANCE))
        held[-1 if to is None else self.places[to]] += chances.sum() - held.sum()
        return held

    def elsewhere(self, chances: Numbers, to: tuple[Matter, str], *, is_told: bool, is_far: bool) -> Numbers:
        """Chances of a text that names another town (far), or another's road, as the place.

        Where it tells of a fault, that is what it is about; an errand may be done here all the same.
        """
        faults = np.zeros(len(chances), dtype=np.bool_)
        faults[: self._articles] = self._is_reporting
        faults[self._articles : self._articles + self._services] = True
        is_told = is_told or chances[faults].sum() >= _FAULT_FROM
        faults[self.places[Matter.OUTSIDE, ""]] = True
        if not is_told and chances[faults].sum() < _OUTSIDE_FROM:
            return chances
        held = chances * _BESIDE_ELSEWHERE
        held[faults] = chances[faults] * min(
            1.0, (_FAR_LEAVES if is_far else _ROAD_LEAVES) / max(float(chances[faults].sum()), _LEAST_CHANCE)
        )
        held[self.places[to]] += chances.sum() - held.sum()
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
        for feature, sign in _OF_SERVICES.items():
            rows[:, _AT[feature]] = getattr(signs, sign)
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
        for feature in _CROSSED:
            kind, _, sign = feature.partition("_")
            rows[_OFFERED.index(kind), _AT[feature]] = getattr(signs, sign)

    def _of_none(self, row: Numbers, clipped: Numbers, speaking: Speaking, signs: Signs) -> None:
        row[_AT["none_mean"]] = speaking.scores[:, -1].mean()
        row[_AT["none_low"]] = speaking.scores[:, -1].min()
        row[_AT["none_nearest"]] = speaking.nearest[-1]
        row[_AT["none_one_word"]] = signs.one_word
        row[_AT["none_others"]] = speaking.others
        row[_AT["none_best"]] = speaking.nearest.max(initial=0)
        row[_AT["none_engine"]] = clipped[-1]


def _profile(signs: Sequence[Signs]) -> Numbers:
    """The share of some texts that have each of the signs that tell an article from its neighbours."""
    found = [[getattr(each, name) for name in _PROFILED] for each in signs]
    return np.array(found, dtype=np.float64).mean(axis=0) if found else np.zeros(len(_PROFILED))
