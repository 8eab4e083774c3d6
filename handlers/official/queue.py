"""The work that waits: an official's own, the department's, what is overdue."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from faq.text import fold
from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow
from handlers.desk import access
from handlers.messages import Choice
from handlers.shown.buttons import button
from handlers.shown.ticket import department_name, listed, openers
from handlers.texts import declare, under
from handlers.ticket.ticket import Role, Ticket

declare(
    __name__,
    *under("queue", "filter more todas mias vencidas todas_none mias_none vencidas_none"),
    *under("queue", "show_todas show_mias show_vencidas"),
)

#: Tickets a page.
PAGE: Final = 8
#: Rows read at a time when only the overdue ones are wanted; they come first, but urgent ones stand among them.
_BATCH: Final = 50

ALL, MINE, OVERDUE = "todas", "mias", "vencidas"
_FILTERS: Final = {
    ALL: (ALL, "todos", "all"),
    MINE: (MINE, "mios", "mine"),
    OVERDUE: (OVERDUE, "vencidos", "overdue", "late"),
}


@dataclass(frozen=True, slots=True)
class _Page:
    filter: str
    number: int


@flow("queue", command=("cola", "queue"), place=10, offered=10, role=Role.AGENT, arguments=("filter",))
def queue(chat: Chat) -> None:
    """Counts first, then a page of the list, urgent and overdue ones on top, each a tap away."""
    page = _page(chat.text("filter", at_most=10_000) if chat.journal.has("filter") else "")
    scope = access.scope_of(chat.person, mine=page.filter == MINE)
    n, overdue = chat.store.tickets.count(scope, chat.now)
    shown = _shown(chat, page, overdue)
    ways = [*openers(chat, shown), *_ways_on(chat, page, overdue if page.filter == OVERDUE else n)]
    chat.say(
        f"queue.{page.filter}" if shown else f"queue.{page.filter}_none",
        choices=ways,
        n=n,
        overdue=overdue,
        lines=listed(chat, shown),
        department=department_name(chat, chat.person.department),
    )


def _page(said: str) -> _Page:
    words = fold(said).split()
    number = int(words[-1]) if words and words[-1].isdecimal() and len(words[-1]) < 5 else 1
    chosen = next((name for name, spoken in _FILTERS.items() if any(word in spoken for word in words)), ALL)
    return _Page(chosen, max(1, number))


def _shown(chat: Chat, page: _Page, overdue: int) -> tuple[Ticket, ...]:
    first = (page.number - 1) * PAGE
    if page.filter == OVERDUE:
        late = _overdue(chat, min(overdue, first + PAGE))
        return tuple(late)[first:]
    scope = access.scope_of(chat.person, mine=page.filter == MINE)
    return chat.store.tickets.queue(scope, chat.now, limit=PAGE, offset=first)


def _overdue(chat: Chat, most: int) -> Iterator[Ticket]:
    scope, offset, found = access.scope_of(chat.person), 0, 0
    while found < most:
        batch = chat.store.tickets.queue(scope, chat.now, limit=_BATCH, offset=offset)
        for ticket in batch:
            if ticket.is_overdue(chat.now) and found < most:
                found += 1
                yield ticket
        offset += _BATCH
        if len(batch) < _BATCH:
            return


def _ways_on(chat: Chat, page: _Page, in_all: int) -> list[Choice]:
    ways = []
    if in_all > page.number * PAGE:
        left = in_all - page.number * PAGE
        ways.append(button(chat, "queue", page.filter, str(page.number + 1), label=chat.words("queue.more", n=left)))
    others = [name for name in _FILTERS if name != page.filter]
    return [*ways, *(button(chat, "queue", name, label=chat.words(f"queue.show_{name}")) for name in others)]
