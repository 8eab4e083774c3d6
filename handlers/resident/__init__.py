"""What residents can do at the counter, one flow a file."""

from handlers.resident import (
    ask,
    complaint,
    denuncia,
    fact,
    language,
    menu,
    person,
    privacy,
    quiet,
    report,
    request,
    smalltalk,
    tickets,
    track,
    which,
)

__all__ = [
    "ask",
    "complaint",
    "denuncia",
    "fact",
    "language",
    "menu",
    "person",
    "privacy",
    "quiet",
    "report",
    "request",
    "smalltalk",
    "tickets",
    "track",
    "which",
]
