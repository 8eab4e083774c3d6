"""The edge: channels, HTTP, scheduler, delivery, settings, wiring and the command line. No business rules."""

from bot.settings import settings

# Before any module loads numpy.
settings.use_one_thread_for_arithmetic()
