"""A town's content folder, read as a whole: a Library, or every mistake in it. Knows nothing of who uses it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from faq.model import Area, City, Department, Holiday, Library, Problem, Service
from faq.reading.articles import ArticleFile, by_language, read_articles
from faq.reading.calendar import read_calendar
from faq.reading.city import read_city, read_departments
from faq.reading.errors import ContentErrors
from faq.reading.messages import Messages, note_left_out, read_messages, read_synonyms
from faq.reading.notes import Notes
from faq.reading.places import read_places
from faq.reading.references import Known, check_articles, check_groups, check_labels
from faq.reading.services import KnownIds, read_services
from faq.reading.shipped import note_unfilled, stand_ins, whole

__all__ = ["Content", "ContentErrors", "load", "read"]

_SPANISH: Final = "es"


@dataclass(frozen=True, slots=True)
class Content:
    """What could be read of a folder, sound or not, with where the articles' parts stand."""

    #: None where city.yaml cannot be read.
    city: City | None
    departments: Mapping[str, Department]
    services: Mapping[str, Service]
    holidays: tuple[Holiday, ...]
    areas: tuple[Area, ...]
    articles: tuple[ArticleFile, ...]
    #: The town's own, by language: what it leaves out comes with the program.
    messages: Mapping[str, Messages]
    synonyms: Mapping[str, Mapping[str, tuple[str, ...]]]
    #: Errors and warnings, in the order of files and lines.
    problems: tuple[Problem, ...]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages offered, Spanish first."""
        return self.city.languages if self.city else (_SPANISH,)


def load(folder: Path, *, today: date) -> Library:
    """Everything a content folder says; what should be looked at is in its `warnings`.

    Raises ContentErrors with every mistake, file and line.
    """
    content = read(folder, today=today)
    errors = [problem for problem in content.problems if problem.is_error]
    if errors or content.city is None:
        raise ContentErrors(errors)
    own = {language: messages.texts for language, messages in content.messages.items()}
    return Library(
        city=content.city,
        departments=content.departments,
        services=content.services,
        holidays=content.holidays,
        areas=content.areas,
        articles=by_language(content.articles),
        messages=whole(own, content.languages),
        stand_ins=stand_ins(content.languages),
        synonyms=content.synonyms,
        warnings=content.problems,
        sources={each.article.file: each.text for each in content.articles},
    )


def read(folder: Path, *, today: date) -> Content:
    """As much of a content folder as can be read, with its problems; never raises."""
    notes = Notes()
    if not folder.is_dir():
        notes.error(".", 0, f"there is no folder {folder}: CONTENT_DIR must name one")
    departments = read_departments(folder, notes)
    city = read_city(folder, departments, notes)
    services = read_services(folder, KnownIds(city.groups if city else (), departments), notes)
    languages = city.languages if city else (_SPANISH,)
    articles = read_articles(folder, notes)
    check_articles(articles, Known(city, departments, services), notes, today=today)
    if not any(each.article.language == _SPANISH for each in articles):
        notes.warn(f"{_SPANISH}/articles", 0, "has no articles: no question can be answered")
    check_groups(folder, services, notes)
    check_labels(folder, languages, notes)
    messages = _messages(folder, languages, notes)
    return Content(
        city=city,
        departments=departments,
        services=services,
        holidays=read_calendar(folder, notes, today=today),
        areas=read_places(folder, notes),
        articles=articles,
        messages=messages,
        synonyms={language: read_synonyms(folder, language, notes) for language in languages},
        problems=in_order(notes),
    )


def in_order(notes: Notes) -> tuple[Problem, ...]:
    """The problems by file and line, each once."""
    return tuple(sorted(dict.fromkeys(notes.problems), key=lambda p: (p.file, p.line, not p.is_error, p.message)))


def _messages(folder: Path, languages: tuple[str, ...], notes: Notes) -> dict[str, Messages]:
    messages = {language: read_messages(folder, language, notes) for language in languages}
    for own in messages.values():
        note_unfilled(own, notes)
        if own is not messages[languages[0]]:
            note_left_out(own, messages[languages[0]], notes)
    return messages
