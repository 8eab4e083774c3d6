"""The work that waits: an official's own, the department's, what is overdue."""

from dataclasses import dataclass
from typing import Final

from faq.text import fold
from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow
from handlers.desk import access
from handlers.messages import Choice
from handlers.official import queue_place
from handlers.ports import OVERDUE_AT_MOST, QueuePlace
from handlers.shown.buttons import button
from handlers.shown.ticket import department_name, listed, openers
from handlers.texts import declare, under
from handlers.ticket.ticket import Role, Ticket

declare(
    __name__,
    *under("queue", "filter more first todas mias vencidas todas_none mias_none vencidas_none end"),
    *under("queue", "show_todas show_mias show_vencidas"),
)

#: Tickets a page.
PAGE: Final = 8

ALL, MINE, OVERDUE = "todas", "mias", "vencidas"
_FILTERS: Final = {
    ALL: (ALL, "todos", "all"),
    MINE: (MINE, "mios", "mine"),
    OVERDUE: (OVERDUE, "vencidos", "overdue", "late"),
}


@dataclass(frozen=True, slots=True)
class _Page:
    filter: str
    #: The last ticket of the page before; None on the first.
    after: QueuePlace | None


@flow("queue", command=("cola", "queue"), place=10, offered=10, role=Role.AGENT, arguments=("filter",))
def queue(chat: Chat) -> None:
    """Counts first, then a page of the list, urgent and overdue ones on top, each a tap away."""
    page = _page(chat.text("filter", at_most=10_000) if chat.journal.has("filter") else "")
    scope = access.scope_of(chat.person, mine=page.filter == MINE)
    n, overdue = chat.store.tickets.count(scope, chat.now)
    # One more than is shown tells whether the list goes on.
    found = chat.store.tickets.queue(
        scope, chat.now, limit=PAGE + 1, after=page.after, only_overdue=page.filter == OVERDUE
    )
    shown = found[:PAGE]
    ways = [*openers(chat, shown), *_ways_on(chat, page, shown[-1] if len(found) > PAGE else None)]
    chat.say(
        _key(page, has_any=bool(shown)),
        choices=ways,
        n=n,
        overdue=overdue if overdue < OVERDUE_AT_MOST else f"{OVERDUE_AT_MOST - 1}+",
        lines=listed(chat, shown),
        department=department_name(chat, chat.person.department),
    )


def _key(page: _Page, *, has_any: bool) -> str:
    if has_any:
        return f"queue.{page.filter}"
    return f"queue.{page.filter}_none" if page.after is None else "queue.end"


def _page(said: str) -> _Page:
    """Buttons of before carry the number of a page: they lead to the first."""
    words = fold(said).split()
    chosen = next((name for name, spoken in _FILTERS.items() if any(word in spoken for word in words)), ALL)
    return _Page(chosen, queue_place.read(said))


def _ways_on(chat: Chat, page: _Page, last: Ticket | None) -> list[Choice]:
    ways = []
    if last is not None:
        place = queue_place.written(last)
        ways.append(button(chat, "queue", page.filter, place, label=chat.words("queue.more")))
    if page.after is not None:
        ways.append(button(chat, "queue", page.filter, label=chat.words("queue.first")))
    others = [name for name in _FILTERS if name != page.filter]
    return [*ways, *(button(chat, "queue", name, label=chat.words(f"queue.show_{name}")) for name in others)]
