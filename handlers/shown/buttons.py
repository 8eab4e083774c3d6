"""Buttons that run commands. Knows nothing of what the commands do."""

from handlers import commands
from handlers.conversation.chat import Chat
from handlers.desk import buttons as desk_buttons
from handlers.messages import Choice
from handlers.ticket.ticket import Ticket


def button(chat: Chat, runs: str, *arguments: str, label: str | None = None) -> Choice:
    """A button that runs a command; it says what the command's buttons always say, unless it has a label of its own."""
    return commands.button(label or chat.words(commands.label_key(runs)), runs, *arguments)


def ticket_button(chat: Chat, runs: str, ticket: Ticket) -> Choice:
    """A button that runs a command on a ticket, and names it."""
    return desk_buttons.ticket_button(chat.town, chat.person.language, runs, ticket.folio)
