"""What a text means by the library alone: danger, services, the answer. Costs milliseconds, so that it is done ahead.

Knows no conversation, no ticket and no thread. Safe to ask from several threads: nothing changes after it is built.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from faq.emergencies import Emergency, recognise
from faq.model import Library
from faq.places import said
from faq.places.gazetteer import Gazetteer
from faq.places.said import PlaceSaid
from faq.search.agreement import agreed
from faq.search.decide import Favoured
from faq.search.engine import AnswerEngine, Finding, Verdict
from faq.search.evidence import Heard
from faq.search.grouping import Groups, group
from faq.search.meanings import Matter, Meaning, MeaningFinder
from faq.search.signs import home_of

__all__ = ["Alike", "Found", "Grouping", "Matter", "Meaning", "Reading", "Understanding", "Want", "Wanted"]

#: The chance of a service that words alone make plain, from which a service is plausible, and how many are told.
_PLAIN, _LEAST_SERVICE, _SERVICES_AT_MOST = 0.9, 0.08, 3
#: Groups of words of which it is remembered whether they name a place.
_NAMES_KEPT = 4096


@dataclass(frozen=True, slots=True)
class Want:
    """A text to be read, and the language in which its answer is looked for; None where nobody asks for an answer."""

    text: str = field(repr=False)
    language: str | None = None
    #: Ids of articles that the situation speaks for, and what is added to the logit of each.
    favoured: Favoured = ()


@dataclass(frozen=True, slots=True)
class Alike:
    """Texts of which those that ask for the same are to be put together."""

    texts: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text means to a town."""

    emergency: Emergency | None
    #: Codes of the services that it may mean and how likely each is (0..1), best first.
    services: tuple[tuple[str, float], ...]
    #: The place that is named.
    place: PlaceSaid | None = None
    #: None where no answer was looked for.
    finding: Finding | None = None
    #: What it may mean, best first. The chances compete: what is missing to 1 is the chance of none of these.
    meanings: tuple[Meaning, ...] = ()


@dataclass(frozen=True, slots=True)
class Grouping:
    """Texts put together: the places of those that ask for the same, as `faq.search.grouping.group` orders them."""

    places: Groups


Wanted = Want | Alike
Found = Reading | Grouping


class Understanding:
    """Everything of a library that reads free words."""

    def __init__(self, library: Library, *, model: str = "auto") -> None:
        """model: as `faq.search.semantic.load` knows it."""
        self.library = library
        self.model = model
        #: Where the town is, and what its places are called.
        self.gazetteer = Gazetteer(library.areas)
        #: A few words of each text are looked up as a name, and many texts share them: "la calle", "colonia centro".
        self._is_named = lru_cache(maxsize=_NAMES_KEPT)(lambda words: self.gazetteer.find(words) is not None)
        self._first = library.city.languages[0]
        services = list(library.services.values())
        said = [text for service in services for text in service.people_say]
        self._engines = {
            language: AnswerEngine(list(articles.values()), library.synonyms.get(language, {}), model=model, also=said)
            for language, articles in library.articles.items()
            if articles
        }
        self._articles = library.articles.get(self._first, {})
        self._first_engine = self._engines.get(self._first) or AnswerEngine((), model=model, also=said)
        self._meanings = MeaningFinder(
            list(self._articles.values()),
            services,
            self._first_engine.texts,
            home=home_of(library),
            model=model,
        )

    def ask(self, text: str, language: str, favoured: Favoured = ()) -> Finding:
        """What the articles answer, in a language or else in the town's first. Raises LookupError without articles."""
        if not self._engines:
            raise LookupError("no article in any language")
        return self._understand(text, language, favoured)[0]

    def meanings(self, text: str, language: str | None = None, favoured: Favoured = ()) -> tuple[Meaning, ...]:
        """What a text may mean, best first, with chances that compete; see Reading."""
        return self._understand(text, language or self._first, favoured)[1]

    def services(self, text: str, language: str | None = None) -> tuple[tuple[str, float], ...]:
        """Codes of the services that free words may mean and how likely each is, best first; only plausible ones."""
        return self._plausible(text, self.meanings(text, language))

    def plain_service(self, text: str) -> str | None:
        """The code where words alone make a plain story of one service, else None. Cheap."""
        return self._meanings.plain_service(text)

    def matters_in(self, text: str) -> tuple[str, ...]:
        """Codes of the services that the parts of a text plainly tell of, in order, each once. Cheap."""
        return self._meanings.matters_in(text)

    def _understand(self, text: str, language: str, favoured: Favoured) -> tuple[Finding, tuple[Meaning, ...]]:
        """What the articles answer in the light of all that a text may mean, and that."""
        finding, chances, heard = self._answer(text, language, favoured)
        meanings = self._mean(heard, chances, favoured)
        return agreed(finding, meanings, self._meanings.akin_to(text)), meanings

    def _answer(
        self, text: str, language: str, favoured: Favoured
    ) -> tuple[Finding, Mapping[str, float], Heard | None]:
        """The finding, the chance of each article by its id, and the text as the town's first language hears it.

        None for a text that says nothing.
        """
        best, heard, text = Finding(Verdict.UNKNOWN, (), 0.0), None, self._meanings.told_in(text)
        chances: Mapping[str, float] = {}
        for each in dict.fromkeys((language, self._first)) if text.strip() else ():
            engine = self._engines.get(each) or self._first_engine
            heard = engine.hear(text)
            found = engine.chances(heard)
            finding = engine.found(found, favoured)
            if not chances or finding.score > best.score:
                best, chances = finding, dict(zip(engine.ids, found.tolist(), strict=False))
        return best, chances, heard

    def _mean(self, heard: Heard | None, of_articles: Mapping[str, float], favoured: Favoured) -> tuple[Meaning, ...]:
        if heard is None:
            return ()
        chances = [of_articles.get(each, 0.0) for each in self._articles]
        return self._meanings.find(heard, np.array([*chances, max(0.0, 1 - sum(chances))]), favoured)

    def _plausible(self, text: str, meanings: tuple[Meaning, ...]) -> tuple[tuple[str, float], ...]:
        """What words alone make plain goes first."""
        found = {each.id: each.chance for each in meanings if each.matter is Matter.SERVICE}
        plain = self.plain_service(text)
        if plain is not None:
            found[plain] = max(found.get(plain, 0.0), _PLAIN)
        best = sorted(found.items(), key=lambda pair: -pair[1])[:_SERVICES_AT_MOST]
        return tuple((code, chance) for code, chance in best if chance >= _LEAST_SERVICE)

    def emergency(self, text: str) -> Emergency | None:
        """What must come before everything else."""
        return recognise(text)

    def place_in(self, text: str) -> PlaceSaid | None:
        """The place that a text names in words, with names of this town known; None where it names none."""
        return said.find(text, self._is_named)

    def group(self, texts: Sequence[str]) -> Groups:
        """The places of texts that ask for the same, the largest group first. Takes the square of their number."""
        return group(texts)

    def read(self, want: Wanted) -> Found:
        """All that is wanted of a text, or of several."""
        if isinstance(want, Alike):
            return Grouping(self.group(want.texts))
        finding, meanings = self._understand(want.text, want.language or self._first, want.favoured)
        if want.language is not None and not self._engines:
            raise LookupError("no article in any language")
        return Reading(
            self.emergency(want.text),
            self._plausible(want.text, meanings),
            self.place_in(want.text),
            finding if want.language is not None else None,
            meanings,
        )
