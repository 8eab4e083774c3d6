"""How far a deadline is, in plain words and in the town's days. Knows nothing of why it is there."""

from datetime import date, datetime, time, timedelta

from handlers.conversation.chat import Chat
from handlers.texts import declare, under
from handlers.ticket.ticket import Ticket

declare(
    __name__,
    *under(
        "due",
        "ended in_hours today tomorrow in_days overdue_today overdue_yesterday overdue_days",
    ),
)

_HOUR = timedelta(hours=1)


def due_words(chat: Chat, ticket: Ticket) -> str:
    """Such as "due tomorrow" or "2 days overdue"; for what has ended, when that was."""
    if not ticket.is_open:
        return chat.words("due.ended", at=ticket.ended_at or ticket.updated_at)
    days = (_last_day(chat, ticket.due_at) - chat.today).days
    if ticket.due_at < chat.now:
        return _overdue(chat, -days)
    if days == 0 and not _is_midnight(chat, ticket.due_at):
        return chat.words("due.in_hours", n=max(1, round((ticket.due_at - chat.now) / _HOUR)))
    return chat.words({0: "due.today", 1: "due.tomorrow"}.get(days, "due.in_days"), n=days)


def _overdue(chat: Chat, days: int) -> str:
    return chat.words({0: "due.overdue_today", 1: "due.overdue_yesterday"}.get(days, "due.overdue_days"), n=days)


def _last_day(chat: Chat, due_at: datetime) -> date:
    # A term in days ends at midnight, which belongs to the day before.
    return (due_at - timedelta(seconds=1)).astimezone(chat.town.calendar.zone).date()


def _is_midnight(chat: Chat, due_at: datetime) -> bool:
    return due_at.astimezone(chat.town.calendar.zone).time() == time()
