"""Owns the web chat's one setting and its name. Opens nothing."""

from typing import Final

from bot.settings import values
from bot.settings.reader import Reader, Setting

#: As it stands in addresses, rows and metrics.
NAME: Final = "webchat"

DOCUMENTED: Final = (Setting("WEBCHAT", "on", "The web chat at /chat: `on` or `off`."),)


def read(reader: Reader) -> bool:
    """Whether the town has a web chat."""
    return reader.take("WEBCHAT", True, values.switch)
