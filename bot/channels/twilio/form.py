"""Owns what Twilio's calls are made of: form fields in their order, signed. Knows no channel and no door."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final
from urllib.parse import parse_qsl

from twilio.request_validator import RequestValidator  # type: ignore[import-untyped] # the library has no py.typed

from bot.channels.twilio.settings import TwilioSettings

#: Fields of a form; Twilio sends about 30.
_FIELDS_AT_MOST: Final = 500

#: Every field in its order, empty ones and repetitions too: all of them are signed.
Pairs = Sequence[tuple[str, str]]

#: One value for each name.
Fields = Mapping[str, str]


def pairs_of(body: bytes) -> Pairs | None:
    """The fields of a form; None if it is none."""
    try:
        return parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_FIELDS_AT_MOST)
    except ValueError:
        return None


def fields_of(pairs: Iterable[tuple[str, str]]) -> Fields:
    """One value for each name: the first."""
    fields: dict[str, str] = {}
    for name, value in pairs:
        fields.setdefault(name, value)
    return fields


class Signature:
    """Tells Twilio's calls for one account from those of strangers."""

    def __init__(self, settings: TwilioSettings) -> None:
        self._account = settings.account
        self._validator = RequestValidator(settings.token)

    def is_genuine(self, url: str, pairs: Pairs, signature: str) -> bool:
        """Whether a call was signed by Twilio for our account. url: as the outside world sees it."""
        if not self._validator.validate(url, _AllValues(pairs), signature):
            return False
        return fields_of(pairs).get("AccountSid") == self._account


class _AllValues:
    """The fields as Twilio's validator wants them: all values of a name, and empty ones too."""

    def __init__(self, pairs: Pairs) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name, []).append(value)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def getall(self, name: str) -> list[str]:
        return self._values[name]
