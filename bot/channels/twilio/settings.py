"""Owns the settings of the Twilio account that channels go through, and what can be wrong with them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from bot.settings import values
from bot.settings.reader import Reader, Setting

ACCOUNT: Final = Setting("TWILIO_ACCOUNT_SID", "not set: no WhatsApp", "The Twilio account, AC and 32 characters.")
TOKEN: Final = Setting(
    "TWILIO_AUTH_TOKEN", "not set", "The account's token; it also proves that a webhook call comes from Twilio."
)
SERVICE: Final = Setting(
    "TWILIO_MESSAGING_SERVICE_SID",
    "not set",
    "The messaging service to send through, instead of the number or beside it: MG and 32 characters.",
)
API: Final = Setting(
    "TWILIO_API_URL", "Twilio's own hosts", "Stands in for Twilio's API and content hosts, same paths."
)

#: Any of these shows that a channel through Twilio is meant.
SIGNS: Final = (ACCOUNT.name, TOKEN.name)


@dataclass(frozen=True, slots=True)
class TwilioSettings:
    """One account, for every channel that goes through it."""

    account: str = field(repr=False)
    token: str = field(repr=False)
    service: str | None = field(default=None, repr=False)
    #: None for Twilio's own hosts.
    stand_in: str | None = None

    def can_call(self, public_url: str) -> bool:
        """Whether Twilio can reach this server: for receipts, and to get files from it."""
        parts = urlsplit(public_url)
        # Twilio itself calls nobody's own machine; what stands in for it in a test does.
        is_at_home = self.stand_in is not None and parts.hostname in {"127.0.0.1", "localhost", "::1"}
        return parts.scheme == "https" or is_at_home


def read(reader: Reader, *, channel: str, sender: str | None) -> TwilioSettings | None:
    """The account; None where nothing of Twilio is set.

    channel: who needs it, as people call it. sender: what was set for this channel to send from, right or wrong.
    """
    account = reader.take(ACCOUNT.name, "", _sid("AC"))
    settings = TwilioSettings(
        account,
        reader.take(TOKEN.name, "", str),
        reader.take(SERVICE.name, None, _sid("MG")),
        reader.take(API.name, None, values.url),
    )
    if sender or any(reader.raw(each.name) for each in (ACCOUNT, TOKEN, SERVICE)):
        for each in (ACCOUNT, TOKEN):
            if not reader.raw(each.name):
                reader.note(f"{each.name} is missing: {channel} needs it, or unset the other TWILIO_ settings")
    return settings if account else None


def _sid(prefix: str) -> Callable[[str], str]:
    """An identifier of Twilio that begins so, by its form."""

    def parse(value: str) -> str:
        if re.fullmatch(prefix + r"[0-9a-zA-Z]{32}", value):
            return value
        raise ValueError(f"must be {prefix} and 32 characters, as the Twilio console shows it")

    return parse
