"""Owns the fourth channel's settings and what can be wrong with them."""

from dataclasses import dataclass, field

from bot.settings import values
from bot.settings.reader import Reader, Setting

DOCUMENTED = (
    Setting("FOURTH_URL", "not set: no fourth channel", "Where its post office is."),
    Setting("FOURTH_KEY", "not set", "Proves who we are to the post office, and who it is to us."),
)


@dataclass(frozen=True, slots=True)
class FourthSettings:
    """The town's box at the post office."""

    url: str
    key: str = field(repr=False)


def read(reader: Reader) -> FourthSettings | None:
    """The settings; None where the town has no box."""
    url, key = reader.take("FOURTH_URL", "", values.url), reader.take("FOURTH_KEY", "", str)
    if reader.raw("FOURTH_URL") and not key:
        reader.note("FOURTH_KEY is missing: FOURTH_URL needs one")
    return FourthSettings(url, key) if url and key else None
