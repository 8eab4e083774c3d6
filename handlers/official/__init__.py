"""What officials do at the counter with their tickets, one flow or command a file."""

from handlers.official import (
    answer,
    assign,
    close,
    commands,
    history,
    note,
    queue,
    search,
    staff,
    state,
    take,
    transfer,
    view,
    work,
)

__all__ = [
    "answer",
    "assign",
    "close",
    "commands",
    "history",
    "note",
    "queue",
    "search",
    "staff",
    "state",
    "take",
    "transfer",
    "view",
    "work",
]
