"""The edge: channels, HTTP, scheduler, delivery, settings, wiring and the command line. No business rules."""

from typing import Final

from bot.settings import settings

#: As in pyproject.toml, which is not there where the product is not installed.
RELEASE: Final = "0.1.0"

# Before any module loads numpy.
settings.use_one_thread_for_arithmetic()
