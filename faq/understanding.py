"""What a text means by the library alone: danger, services, the answer. Costs milliseconds, so that it is done ahead.

Knows no conversation, no ticket and no thread. Safe to ask from several threads: nothing changes after it is built.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from faq.emergencies import Emergency, recognise
from faq.model import Library
from faq.search.engine import AnswerEngine, Finding
from faq.search.grouping import Groups, group
from faq.search.services import ServiceFinder


@dataclass(frozen=True, slots=True)
class Want:
    """A text to be read, and the language in which its answer is looked for; None where nobody asks for an answer."""

    text: str = field(repr=False)
    language: str | None = None


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
    #: None where no answer was looked for.
    finding: Finding | None = None


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
        self._first = library.city.languages[0]
        self._services = ServiceFinder(list(library.services.values()))
        self._engines = {
            language: AnswerEngine(list(articles.values()), library.synonyms.get(language, {}), model=model)
            for language, articles in library.articles.items()
            if articles
        }

    def ask(self, text: str, language: str) -> Finding:
        """What the articles answer, in a language or else in the town's first. Raises LookupError without articles."""
        engine = self._engines.get(language) or self._engines.get(self._first)
        if engine is None:
            raise LookupError("no article in any language")
        if language == self._first or language not in self._engines:
            return engine.ask(text)
        own, fallback = engine.ask(text), self._engines[self._first].ask(text)
        return own if own.score >= fallback.score else fallback

    def services(self, text: str) -> tuple[tuple[str, float], ...]:
        """Codes of the services that free words may mean and how likely each is, best first."""
        return self._services.find(text)

    def emergency(self, text: str) -> Emergency | None:
        """What must come before everything else."""
        return recognise(text)

    def group(self, texts: Sequence[str]) -> Groups:
        """The places of texts that ask for the same, the largest group first. Takes the square of their number."""
        return group(texts)

    def read(self, want: Wanted) -> Found:
        """All that is wanted of a text, or of several."""
        if isinstance(want, Alike):
            return Grouping(self.group(want.texts))
        finding = self.ask(want.text, want.language) if want.language is not None else None
        return Reading(self.emergency(want.text), self.services(want.text), finding)
