"""An official asks what can be done here."""

from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow
from handlers.messages import Choice
from handlers.shown.commands import STAFF_COMMANDS
from handlers.ticket.ticket import Role


@flow("commands", command=("comandos", "commands"), role=Role.AGENT)
def commands(chat: Chat) -> None:
    """The commands of the person's own role, each in a few words."""
    names = STAFF_COMMANDS[chat.person.role or Role.AGENT]
    lines = "\n".join(f"/{name} — {chat.words(f'command.{name}')}" for name in names)
    ways = [Choice("/cola", chat.words("button.cola")), Choice("/menu", chat.words("button.menu"))]
    chat.say("commands.list", choices=ways, lines=lines, role=chat.words(f"role.{chat.person.role}"))
