"""The shapes of what a town's content folder holds, once read. Knows nothing of files or of tickets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Literal

#: A text by language code: {"es": "Bache", "en": "Pothole"}.
Labels = Mapping[str, str]

#: A message text, or its plural forms by CLDR category ("one", "other").
Text = str | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Article:
    """One answer, from one Markdown file."""

    id: str
    title: str
    #: Ways that people ask for it.
    questions: tuple[str, ...]
    #: Markdown: the answer, short first.
    body: str
    language: str = "es"
    keywords: tuple[str, ...] = ()
    theme: str | None = None
    office: str | None = None
    cost: str | None = None
    duration: str | None = None
    hours: str | None = None
    requirements: tuple[str, ...] = ()
    source: str | None = None
    verified_on: date | None = None
    valid_until: date | None = None
    related: tuple[str, ...] = ()
    #: What the resident can do from here: "report:VIA-BACHE", "request", "complain", "url:https://...".
    actions: tuple[str, ...] = ()
    #: Path below the content folder, for messages about mistakes.
    file: str = ""


@dataclass(frozen=True, slots=True)
class Department:
    """An office of the town hall that tickets are sent to."""

    id: str
    name: Labels
    phone: str | None = None
    address: str | None = None
    hours: str | None = None
    #: How people call it, in any language.
    also_called: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Duration:
    """A promised span in the calendar's working time."""

    amount: int
    #: "hours" are working hours, "days" working days, "natural_hours" run day and night.
    unit: Literal["hours", "days", "natural_hours"]


@dataclass(frozen=True, slots=True)
class Service:
    """A public service that residents report on."""

    #: Published code, such as VIA-BACHE.
    code: str
    name: Labels
    #: Groups the menu: agua, drenaje, alumbrado, ...
    group: str
    department: str
    respond_within: Duration
    resolve_within: Duration
    #: Risk to life: the resident is told to call 911 before anything else.
    is_urgent: bool = False
    #: How people say it, in any language.
    people_say: tuple[str, ...] = ()
    #: True where the report tells where somebody lives or suffers: its author's and its department's alone.
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class LegalProfile:
    """The terms of information requests under one jurisdiction's law; working days."""

    id: str
    answer_days: int
    extension_days: int
    clarification_days: int
    referral_days: int
    appeal_days: int
    source: str
    verified_on: date | None


@dataclass(frozen=True, slots=True)
class City:
    """What city.yaml says of the town."""

    name: str
    state: str
    #: IANA zone, such as America/Mexico_City.
    timezone: str
    #: The languages offered, the fall-back first.
    languages: tuple[str, ...]
    #: Changes whenever the privacy notice does; recorded with each person who was shown it.
    privacy_notice_version: str
    #: Address of the complete privacy notice, or a visible placeholder.
    privacy_notice_url: str
    conversation_expires_after: timedelta
    #: How long an unfinished conversation may be taken up again after it expired.
    drafts_kept_for: timedelta
    legal: LegalProfile
    #: Working hours of the counter, in the town's local time, by ISO weekday (1 is Monday); one or more spans a day.
    working_hours: Mapping[int, tuple[tuple[time, time], ...]]
    #: What arrives later than this counts as received on the next working day.
    cut_off: time
    groups: Mapping[str, Labels]
    #: Departments that have a special part: "transparency", "complaints", "internal_control", "front_desk".
    desks: Mapping[str, str]
    themes: Mapping[str, Labels] = field(default_factory=dict)
    emergency_phone: str = "911"
    #: How long the words of our messages are kept once they were sent.
    texts_kept_for: timedelta = timedelta(days=90)
    #: Working days in which a complaint about treatment or service is answered; a promise of the town, not of the law.
    complaint_answer_days: int = 10


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day that does not count, from calendar.csv."""

    day: date
    reason: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """A colonia, locality or landmark from places.geojson."""

    id: str
    name: str
    #: "locality", "colonia", "landmark" or "municipality" (its outer limit).
    kind: str
    aliases: tuple[str, ...] = ()
    #: (latitude, longitude) of the middle.
    center: tuple[float, float] | None = None
    #: Rings of (latitude, longitude), empty for a point.
    polygon: tuple[tuple[tuple[float, float], ...], ...] = ()
    is_sample: bool = True


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in the content, with where it stands."""

    #: Path below the content folder.
    file: str
    #: First line is 1; 0 where the whole file is meant.
    line: int
    message: str
    #: False for what should be looked at but does not stop the start: placeholders, stale dates, missing translations.
    is_error: bool = True

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class Library:
    """Everything a town's content folder says, read and checked; swapped whole, never changed."""

    city: City
    departments: Mapping[str, Department]
    services: Mapping[str, Service]
    holidays: tuple[Holiday, ...]
    areas: tuple[Area, ...]
    #: Articles by language, then id.
    articles: Mapping[str, Mapping[str, Article]]
    #: Message texts by language, then dotted key ("report.filed"): the town's own, and for what it lacks the program's.
    messages: Mapping[str, Mapping[str, Text]]
    #: "how people say it" -> "how the town hall says it", by language.
    synonyms: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    #: The same without the town's own: what is said where its text cannot be filled.
    stand_ins: Mapping[str, Mapping[str, Text]] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()
    #: The articles' files as they were read, by path below the content folder.
    sources: Mapping[str, str] = field(default_factory=dict)
