"""What a text means: an article, a service, another matter or nothing known, with chances that compete and sum to one.

Knows how evidence is weighed; knows nothing of tickets or conversations. The weights were fitted by
`faq.measuring.fitting_meanings` and are shipped beside this module.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from typing import Final

import numpy as np
from numpy.typing import NDArray

from faq.model import Article, Service
from faq.search.candidates import FEATURES, Candidates, Matter
from faq.search.decide import Favoured, favour
from faq.search.evidence import Heard
from faq.search.matters import MatterReader
from faq.search.plain import PlainFinder
from faq.search.semantic import load
from faq.search.signs import SignReader
from faq.text import is_question

__all__ = ["Matter", "Meaning", "MeaningFinder", "chances"]

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing that a text may mean."""

    matter: Matter
    #: An article's id, a service's code, or "".
    id: str
    #: 0..1; the chances of all meanings of a text and of none of them sum to one.
    chance: float


#: What one word leaves to all services together: it may be asked what is meant, nothing is begun. People's own
#: dealings, and what is surely nobody's matter here, leave next to nothing.
_ONLY_ASKED, _HARDLY, _SURE = 0.45, 0.1, 0.5
#: The share of an article's questions that make it tell of other places.
_MOSTLY: Final = 0.5
#: What is worth telling of.
_SHOWN, _LEAST_SHOWN = 8, 0.01


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
        self._signs = SignReader(home)
        self._reader = MatterReader(articles, services, semantic, compared, self._signs)
        self.candidates = Candidates(articles, services, self._signs, self._reader.akin)
        self._weights = shipped("semantic" if semantic else "words")
        self._plain = PlainFinder(services, self._reader.told, self._signs)
        self._elsewhere = self._of_other_towns(articles)
        self._ids = [each for _, each in self.candidates.meant]

    def find(self, heard: Heard, of_articles: Numbers, favoured: Favoured = ()) -> tuple[Meaning, ...]:
        """The meanings of a text, best first; what has next to no chance is left out.

        of_articles: the chance of each article and of none.
        """
        found = chances(self.features(heard, of_articles), self._weights)
        signs = self._signs.read(heard.typed)
        if self._plain.is_word_alone(heard.typed):
            found = self.candidates.held_back(found, _ONLY_ASKED)
        elif signs.away:
            is_told = bool(self._plain.wordings_in(heard.typed))
            found = self.candidates.elsewhere(found, self._elsewhere, is_told=is_told, is_far=bool(signs.town))
        elif signs.private or found[self.candidates.places[Matter.OUTSIDE, ""]] >= _SURE:
            found = self.candidates.held_back(found, _HARDLY, (Matter.OUTSIDE, ""))
        found = favour(found, self._ids, favoured)
        best = [place for place in np.argsort(-found[:-1], kind="stable")[:_SHOWN] if found[place] >= _LEAST_SHOWN]
        meant = self.candidates.meant
        return tuple(Meaning(meant[at][0], meant[at][1], round(float(found[at]), 4)) for at in best)

    def features(self, heard: Heard, of_articles: Numbers) -> Numbers:
        """What speaks for each candidate; for fitting and measuring."""
        signs, plain = self._signs.read(heard.typed), self._plain.wordings_in(heard.typed)
        if heard.spelt != heard.typed:
            signs = replace(signs, asked=max(signs.asked, float(is_question(heard.spelt))))
        points = self._plain.pointed_at(heard.typed)
        return self.candidates.features(of_articles, self._reader.read(heard), signs, plain, points)

    def _of_other_towns(self, articles: Sequence[Article]) -> tuple[Matter, str]:
        """The article that is asked about what lies elsewhere more than about anything else, or no article's matter."""
        away = {
            each.id: sum(self._signs.read(text).away for text in each.questions) / max(1, len(each.questions))
            for each in articles
        }
        best = max(away, key=lambda each: away[each], default="")
        return (Matter.ARTICLE, best) if away.get(best, 0) >= _MOSTLY else (Matter.OUTSIDE, "")

    def akin_to(self, text: str) -> frozenset[str]:
        """Ids of the articles on other offices' matters, of which a text may be; an advert is of none."""
        return frozenset() if self._signs.read(text).private else self._reader.akin

    def told_in(self, text: str) -> str:
        """The text without what only says where, where that would mislead."""
        return self._plain.told_in(text)

    def plain_service(self, text: str) -> str | None:
        """The code where words alone make a plain story of one service."""
        return self._plain.find(text)

    def matters_in(self, text: str) -> tuple[str, ...]:
        """Codes of the services that the parts of a text plainly tell of, in order."""
        return self._plain.matters(text)
