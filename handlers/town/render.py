"""A reply and a language become words, through the message files. Knows no channel."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, get_period_names
from babel.numbers import format_decimal

from faq.filled import cut, is_filled
from faq.model import Labels, Library, Text
from handlers.messages import OutgoingMessage, Param, Reply
from handlers.texts import declare
from handlers.theirs import Theirs

declare(__name__, "format.locale", "format.moment", "format.day", "language.own_name")

#: Any day will do to try a pattern on.
_SOME_DAY: Final = datetime(2026, 1, 31, 13, 5, tzinfo=UTC)


def locale_of(library: Library, language: str) -> Locale:
    """How a language writes numbers and dates: as its messages say, or as CLDR has it, or as the town's first does."""
    first = library.city.languages[0]
    for tag in (_of_itself(library, "format.locale", language), language, _of_itself(library, "format.locale", first)):
        locale = _known_locale(tag) if tag else None
        if locale is not None:
            return locale
    return _known_locale(first) or Locale("es", "MX")


def halves_of_day(library: Library, language: str) -> tuple[str, str] | None:
    """What stands after a time before noon and after it, such as "a.m."; None where a language counts to 24."""
    locale, pattern = locale_of(library, language), _pattern(library, "format.moment", language, "short")
    if pattern == "short":
        pattern = str(locale.time_formats["short"].pattern)
    is_halved = "a" in "".join(pattern.split("'")[::2])
    names = get_period_names("abbreviated", context="format", locale=locale)
    return (str(names["am"]), str(names["pm"])) if is_halved else None


def language_name(library: Library, language: str) -> str:
    """What a language calls itself; its code where neither its messages nor CLDR tell."""
    named = _of_itself(library, "language.own_name", language)
    locale = _known_locale(language)
    return named or (str(locale.get_display_name()) if locale else language)


def text_of(library: Library, key: str, language: str) -> Text:
    """The text of a key; the key itself where even the program has none, so that no work is lost for want of words."""
    texts = library.messages.get(language) or library.messages[library.city.languages[0]]
    return texts.get(key, key)


def words(library: Library, key: str, language: str, params: Mapping[str, Param] | None = None) -> str:
    """A text with its placeholders filled, `city` in each. Plural texts go by the placeholder `n`.

    A town's text with a placeholder that nobody fills gives way to the program's own.
    """
    given = {"city": library.city.name, **(params or {})}
    with suppress(_Unfilled):
        return _filled(library, text_of(library, key, language), language, given)
    stand_ins = library.stand_ins.get(language, {})
    with suppress(_Unfilled):
        return _filled(library, stand_ins.get(key, key), language, given)
    return _left_open(key, stand_ins.get(key, key))


def shown(library: Library, value: Param, language: str) -> str:
    """A value as people read it: instants in the town's time, numbers and labels in their language."""
    match value:
        case None:
            return "—"
        case str():
            return value
        case Theirs():
            return str(value)
        case datetime():
            return _moment(library, value, language)
        case date():
            return _day(library, value, language)
        case int() | float():
            return str(format_decimal(value, locale=locale_of(library, language)))
        case _:
            return label(library, value, language)


def label(library: Library, labels: Labels, language: str) -> str:
    """A label in a language, or in the town's first, or in whichever there is; what is still to be filled in last."""
    known = [*filter(None, (labels.get(language), labels.get(library.city.languages[0]), *labels.values()))]
    return next(filter(is_filled, known), known[0].strip("{}").replace("_", " ") if known else "")


def render(library: Library, reply: Reply, language: str) -> OutgoingMessage:
    """The final message."""
    return OutgoingMessage(
        text=words(library, reply.key, language, reply.params),
        choices=reply.choices,
        controls=reply.controls,
        wants_place=reply.wants_place,
        media=reply.media,
        role=reply.role,
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
            and last.role == message.role
            and not (last.choices or last.controls or last.media or last.wants_place or message.media)
            and len(last.text) + len(message.text) < _JOINED_AT_MOST
        ):
            joined[-1] = replace(message, text=f"{last.text}\n\n{message.text}")
        else:
            joined.append(message)
    return joined


def below(messages: list[OutgoingMessage], note: OutgoingMessage) -> list[OutgoingMessage]:
    """The messages with a note at the end of the last one's words; the note alone where there are none."""
    if not messages:
        return [note]
    last = messages[-1]
    return [*messages[:-1], replace(last, text=f"{last.text}\n\n{note.text}")]


class _Unfilled(Exception):
    """A text has a placeholder that was given nothing, or asks for a form that its value does not have."""


class _Shown(dict[str, str]):
    """Placeholders, shown when they are used."""

    def __init__(self, library: Library, language: str, params: Mapping[str, Param]) -> None:
        super().__init__()
        self._library, self._language, self._params = library, language, params
        #: Moments that were shown: one may end in a full stop of its own, as in "6:48 a.m.".
        self.moments: list[str] = []

    def __missing__(self, key: str) -> str:
        if key not in self._params:
            raise _Unfilled(key)
        value = self._params[key]
        said = shown(self._library, value, self._language)
        if isinstance(value, datetime):
            self.moments.append(said)
        return said


def _filled(library: Library, text: Text, language: str, given: Mapping[str, Param]) -> str:
    if not isinstance(text, str):
        form = locale_of(library, language).plural_form(int(str(given.get("n", 0))))
        text = text.get(form) or text["other"]
    if "{" not in text and "}" not in text:
        return text
    try:
        values = _Shown(library, language, given)
        said = text.format_map(values)
    except (ValueError, LookupError, AttributeError) as error:  # {n:d} of a word, {n.x}
        raise _Unfilled(text) from error
    for moment in values.moments:
        if moment.endswith("."):
            said = said.replace(f"{moment}.", moment)
    return said


def _left_open(key: str, text: Text) -> str:
    """The sentences that need no filling: the last resort, which no text that comes with the program needs."""
    words = text if isinstance(text, str) else text["other"]
    return cut(words).text or key


def _of_itself(library: Library, key: str, language: str) -> str:
    """What a language's own messages say of it; empty where they say nothing."""
    text = library.messages.get(language, {}).get(key)
    return text if isinstance(text, str) else ""


@cache
def _known_locale(tag: str) -> Locale | None:
    try:
        return Locale.parse(tag.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return None


def _day(library: Library, value: date, language: str) -> str:
    return str(format_date(value, _pattern(library, "format.day", language, "medium"), locale_of(library, language)))


def _moment(library: Library, value: datetime, language: str) -> str:
    zone = ZoneInfo(library.city.timezone)
    local = value.astimezone(zone)
    if local.time() == datetime.min.time():
        # The end of a term: midnight belongs to the day before.
        return _day(library, (local - timedelta(seconds=1)).date(), language)
    pattern = _pattern(library, "format.moment", language, "short")
    return str(format_datetime(value.astimezone(UTC), pattern, tzinfo=zone, locale=locale_of(library, language)))


def _pattern(library: Library, key: str, language: str, by_default: str) -> str:
    """How a language writes a day or a moment: as its messages say, or as CLDR has it, or as the town's first does."""
    told, first = _of_itself(library, "format.locale", language), library.city.languages[0]
    patterns = [_of_itself(library, key, language)]
    if _known_locale(told) is None and _known_locale(language) is None:
        patterns.append(_of_itself(library, key, first))
    return next((each for each in patterns if _is_pattern(each, is_day=key == "format.day")), by_default)


@cache
def _is_pattern(pattern: str, *, is_day: bool) -> bool:
    try:
        said = (
            format_date(_SOME_DAY.date(), pattern, locale="en")
            if is_day
            else format_datetime(_SOME_DAY, pattern, locale="en")
        )
    except (ValueError, AttributeError, KeyError):
        return False
    return bool(said.strip())
