"""Buttons that run commands. Knows nothing of what the commands do."""

from handlers import commands
from handlers.conversation.chat import Chat
from handlers.messages import Choice
from handlers.ticket import folio as folios
from handlers.ticket.ticket import Ticket


def button(chat: Chat, runs: str, *arguments: str, label: str | None = None) -> Choice:
    """A button that runs a command; it says what the command's buttons always say, unless it has a label of its own."""
    return commands.button(label or chat.words(commands.label_key(runs)), runs, *arguments)


def ticket_button(chat: Chat, runs: str, ticket: Ticket) -> Choice:
    """A button that runs a command on a ticket, and names it."""
    label = chat.words(commands.label_key(runs), folio=folios.pretty(ticket.folio))
    return commands.button(label, runs, ticket.folio)
