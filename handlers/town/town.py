"""The town as the handlers see it: its files, its calendar, its answers and its places behind one frozen value."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from functools import cache
from typing import TypeVar

from faq.emergencies import Emergency
from faq.filled import filled
from faq.model import Article, Department, Labels, Library, Service
from faq.places.said import PlaceSaid
from faq.search.decide import Favoured
from faq.search.engine import Finding
from faq.search.grouping import Groups
from faq.speech import acts
from faq.text import fold, long_stems
from faq.understanding import Meaning, Understanding
from handlers.messages import Choice, Param, Place
from handlers.ports import Json
from handlers.texts import declare, under
from handlers.town import render
from handlers.town.calendar import Calendar
from handlers.town.reading import AheadOfTime, Readings
from handlers.town.told import lacks_something, told, told_office

declare(__name__, *under("words", "yes", "no"), passes={"means": "words.{}".format})

T = TypeVar("T")


class Town:
    """One town's content, ready to be asked. Built anew when the files change; never changed itself."""

    def __init__(self, library: Library, *, model: str = "auto") -> None:
        self.library = library
        self.city = library.city
        self.calendar = Calendar.of(library)
        self.languages = library.city.languages
        #: Words that mean a command or a control, to its names.
        self._meant = _meant_by(library)
        self.understanding = Understanding(library, model=model)
        self._ahead: AheadOfTime | None = None
        self._stems_of = cache(self._find_stems)
        #: A form is replayed with every answer: what it lets choose from is put into words once.
        self._groups, self._services_of = cache(self._find_groups), cache(self._find_services_of)
        acts("hola")  # the lists of how people speak are read now, not with the first message

    def knowing(self, readings: Readings) -> "Town":
        """The same town, which looks up there what texts mean, and raises Unread for what is not known yet."""
        view = copy(self)
        view._ahead = AheadOfTime(self.understanding, readings)
        return view

    # -- words ------------------------------------------------------------------------------------------------------

    def words(self, key: str, language: str, params: Mapping[str, Param] | None = None) -> str:
        """A text in a language, or in the next best one; see render.words."""
        return render.words(self.library, key, language, params)

    def shown(self, value: Param, language: str) -> str:
        """A value as people read it."""
        return render.shown(self.library, value, language)

    def label(self, labels: Labels, language: str) -> str:
        """A label in a language."""
        return render.label(self.library, labels, language)

    def language_of(self, tag: str | None) -> str:
        """Our language for a client's tag such as "es-MX"; the town's first where we do not have it."""
        code = (tag or "").split("-")[0].lower()
        return code if code in self.languages else self.languages[0]

    def language_name(self, language: str) -> str:
        """What a language calls itself."""
        return render.language_name(self.library, language)

    def language_after(self, language: str) -> str:
        """The next of the town's languages, the first again after the last."""
        place = self.languages.index(language) if language in self.languages else -1
        return self.languages[(place + 1) % len(self.languages)]

    def department(self, department: str) -> Labels:
        """The name of a department; its id where it is gone from the files."""
        found = self.library.departments.get(department)
        return found.name if found else {self.languages[0]: department}

    def means(self, text: str, name: str) -> bool:
        """Whether a text is just one of the words for something, in any language: menu, cancel, back, yes..."""
        return name in self.meant(text)

    def meant(self, text: str) -> tuple[str, ...]:
        """The names of the word lists that hold the text."""
        return self._meant.get(fold(text), ())

    def yes_or_no(self, key: str, text: str) -> Mapping[str, Json] | None:
        """An answer to a yes-or-no question, as a question's `understand` returns it."""
        for answer in ("yes", "no"):
            if self.means(text, answer):
                return {key: answer}
        return None

    # -- what can be chosen -----------------------------------------------------------------------------------------

    def groups(self, language: str) -> tuple[Choice, ...]:
        """The groups of services, by their names in a language."""
        return self._groups(language)

    def services_of(self, group: str, language: str) -> tuple[Choice, ...]:
        """The services of a group."""
        return self._services_of(group, language)

    def named(self, services: Iterable[Service], language: str) -> tuple[Choice, ...]:
        """Services by their names."""
        return tuple(Choice(each.code, self.label(each.name, language)) for each in services)

    def _find_groups(self, language: str) -> tuple[Choice, ...]:
        return tuple(Choice(each, self.label(name, language)) for each, name in self.city.groups.items())

    def _find_services_of(self, group: str, language: str) -> tuple[Choice, ...]:
        return self.named((each for each in self.library.services.values() if each.group == group), language)

    # -- knowledge --------------------------------------------------------------------------------------------------

    def ask(self, text: str, language: str, favoured: Favoured = ()) -> Finding:
        """What the articles answer, in the person's language or else in Spanish; `favoured` as in `meanings`."""
        return (self._ahead or self.understanding).ask(text, language, favoured)

    def meanings(self, text: str, language: str, favoured: Favoured = ()) -> tuple[Meaning, ...]:
        """What a text may mean without any situation, best first, with chances that compete and sum to at most 1.

        favoured: articles that the situation speaks for, and what is added to the logit of each.
        """
        return (self._ahead or self.understanding).meanings(text, language, favoured)

    def once(self, read: Callable[[str], T], text: str) -> T:
        """What a function makes of a text by that alone; of a message that is handled anew it is known already."""
        return self._ahead.once(read, text) if self._ahead is not None else read(text)

    def will_ask(self, texts: Sequence[str], language: str) -> None:
        """Say that each of these is about to be asked, so that they are read in one go."""
        if self._ahead is not None:
            self._ahead.will_ask(texts, language)

    def group(self, texts: Sequence[str]) -> Groups:
        """The places of texts that ask for the same, the largest group first."""
        return (self._ahead or self.understanding).group(texts)

    def article(self, article_id: str, language: str) -> Article | None:
        """An article as residents read it, in a language, or in Spanish, or None: without gaps and source."""
        found = self.article_as_written(article_id, language)
        return told(found) if found else None

    def lacks_something(self, article: Article) -> bool:
        """Whether the town has still to fill in something of an article."""
        written = self.library.articles.get(article.language, {}).get(article.id)
        return written is not None and lacks_something(written)

    def lacks_requirements(self, article: Article) -> bool:
        """The same of its requirements alone."""
        written = self.library.articles.get(article.language, {}).get(article.id)
        return written is not None and len(written.requirements) != len(told(written).requirements)

    def office(self, office: str | None) -> Department | None:
        """An office as residents read it, without gaps; None where there is none of that id."""
        found = self.library.departments.get(office or "")
        return told_office(found) if found else None

    @property
    def privacy_notice(self) -> str | None:
        """Where the whole privacy notice stands; None where the town has still to fill that in."""
        return filled(self.city.privacy_notice_url)

    def article_as_written(self, article_id: str, language: str) -> Article | None:
        """An article in a language, or in Spanish, or None; with gaps and source, for who edits it."""
        for each in (language, self.languages[0]):
            found = self.library.articles.get(each, {}).get(article_id)
            if found:
                return found
        return None

    def find_services(self, text: str, language: str | None = None) -> tuple[tuple[Service, float], ...]:
        """The services that free words may mean, best first. language: of a question that may follow."""
        found = (self._ahead or self.understanding).services(text, language)
        return tuple((self.library.services[code], score) for code, score in found)

    def stems_of(self, service: str | None) -> frozenset[str]:
        """Stems of the words in which people tell of a service, and of its names; none where it is not known."""
        return self._stems_of(service)

    def _find_stems(self, service: str | None) -> frozenset[str]:
        found = self.library.services.get(service or "")
        return long_stems(" ".join([*found.name.values(), *found.people_say])) if found else frozenset()

    def plain_service(self, text: str) -> str | None:
        """The code where words alone make a plain story of one service, else None. Cheap."""
        return (self._ahead or self.understanding).plain_service(text)

    def matters_in(self, text: str) -> tuple[str, ...]:
        """Codes of the services that the parts of a text plainly tell of, in order, each once. Cheap."""
        return (self._ahead or self.understanding).matters_in(text)

    def emergency(self, text: str) -> Emergency | None:
        """What must come before everything else."""
        return (self._ahead or self.understanding).emergency(text)

    # -- places -----------------------------------------------------------------------------------------------------

    def locate(self, place: Place) -> Place:
        """The place with its area, where the pin or the words tell it. Coordinates win over words."""
        if place.latitude is not None and place.longitude is not None:
            area = self.understanding.gazetteer.area_at(place.latitude, place.longitude)
        else:
            area = self.understanding.gazetteer.find(place.text or "")
        return replace(place, area=area.id if area else None)

    def place_in(self, text: str) -> PlaceSaid | None:
        """The place that a text names in words, with names of this town known; None where it names none."""
        return (self._ahead or self.understanding).place_in(text)

    def is_outside(self, place: Place) -> bool:
        """Whether a pin lies outside the municipality; False where nobody knows."""
        if place.latitude is None or place.longitude is None:
            return False
        return self.understanding.gazetteer.is_inside(place.latitude, place.longitude) is False

    def area_name(self, area_id: str | None) -> str | None:
        """The name of an area."""
        return next((area.name for area in self.library.areas if area.id == area_id), None)


def _meant_by(library: Library) -> Mapping[str, tuple[str, ...]]:
    """A word to the names of the lists that hold it: the texts under `words.`, comma-separated, in any language."""
    found: dict[str, dict[str, None]] = {}
    for texts in library.messages.values():
        for key, text in texts.items():
            if key.startswith("words.") and isinstance(text, str):
                for word in filter(None, map(fold, text.split(","))):
                    found.setdefault(word, {})[key.removeprefix("words.")] = None
    return {word: tuple(names) for word, names in found.items()}
