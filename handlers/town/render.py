"""A reply and a language become words, through the message files. Knows no channel."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from faq.model import Labels, Library, Text
from handlers.errors import MissingText
from handlers.messages import OutgoingMessage, Param, Reply

#: What a language's texts are formatted by; Mexican Spanish, whatever the browser says.
_LOCALES: Final = {"es": "es_MX", "en": "en_US"}
_CLOCK: Final = {"es": "EEE d MMM, HH:mm", "en": "EEE d MMM, HH:mm"}
_DAY: Final = {"es": "EEEE d 'de' MMMM", "en": "EEEE, MMMM d"}


@cache
def locale_of(language: str) -> Locale:
    """The locale of a language of the message files."""
    return Locale.parse(_LOCALES.get(language, language))


def text_of(library: Library, key: str, language: str) -> Text:
    """The text of a key, in Spanish (the first language) where the asked one lacks it. Raises MissingText."""
    for each in (language, library.city.languages[0]):
        text = library.messages.get(each, {}).get(key)
        if text is not None:
            return text
    raise MissingText(key)


def words(library: Library, key: str, language: str, params: Mapping[str, Param] | None = None) -> str:
    """A text with its placeholders filled. Plural texts go by the placeholder `n`. Raises MissingText."""
    text = text_of(library, key, language)
    given = params or {}
    if not isinstance(text, str):
        form = locale_of(language).plural_form(int(str(given.get("n", 0))))
        text = text.get(form) or text["other"]
    if not given:
        return (
            text.replace("{{", "{").replace("}}", "}")
            if "{" not in text
            else text.format_map(_Shown(library, language, {}))
        )
    return text.format_map(_Shown(library, language, given))


def shown(library: Library, value: Param, language: str) -> str:
    """A value as people read it: instants in the town's time, numbers and labels in their language."""
    match value:
        case None:
            return "—"
        case str():
            return value
        case datetime():
            return _moment(value, language, ZoneInfo(library.city.timezone))
        case date():
            return str(format_date(value, _DAY.get(language, "medium"), locale=locale_of(language)))
        case int() | float():
            return str(format_decimal(value, locale=locale_of(language)))
        case _:
            return label(value, language)


def label(labels: Labels, language: str) -> str:
    """A label in a language, or in Spanish."""
    return labels.get(language) or labels["es"]


def render(library: Library, reply: Reply, language: str) -> OutgoingMessage:
    """The final message."""
    return OutgoingMessage(
        text=words(library, reply.key, language, reply.params),
        choices=reply.choices,
        controls=reply.controls,
        wants_place=reply.wants_place,
        media=reply.media,
    )


#: Longer than this, two texts stay two messages.
_JOINED_AT_MOST: Final = 900


def join(messages: list[OutgoingMessage]) -> list[OutgoingMessage]:
    """Put short messages that follow each other into one: fewer notifications on the phone, and in order by nature."""
    joined: list[OutgoingMessage] = []
    for message in messages:
        last = joined[-1] if joined else None
        if (
            last is not None
            and not (last.choices or last.controls or last.media or last.wants_place or message.media)
            and len(last.text) + len(message.text) < _JOINED_AT_MOST
        ):
            joined[-1] = replace(message, text=f"{last.text}\n\n{message.text}")
        else:
            joined.append(message)
    return joined


class _Shown(dict[str, str]):
    """Placeholders, shown when they are used."""

    def __init__(self, library: Library, language: str, params: Mapping[str, Param]) -> None:
        super().__init__()
        self._library, self._language, self._params = library, language, params

    def __missing__(self, key: str) -> str:
        if key not in self._params:
            raise MissingText(f"placeholder {key}")
        return shown(self._library, self._params[key], self._language)


def _moment(value: datetime, language: str, zone: ZoneInfo) -> str:
    local = value.astimezone(zone)
    if local.time() == datetime.min.time():
        # The end of a term: midnight belongs to the day before.
        day = (local - timedelta(seconds=1)).date()
        return str(format_date(day, _DAY.get(language, "medium"), locale=locale_of(language)))
    pattern = _CLOCK.get(language, "short")
    return str(format_datetime(value.astimezone(UTC), pattern, tzinfo=zone, locale=locale_of(language)))
