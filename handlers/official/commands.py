"""An official asks what can be done here."""

from handlers.commands import own_commands
from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow
from handlers.shown.buttons import button
from handlers.ticket.ticket import Role


@flow("commands", command=("comandos", "commands"), place=110, role=Role.AGENT)
def commands(chat: Chat) -> None:
    """The commands of the person's own role, each in a few words."""
    own = own_commands(chat.person.role or Role.AGENT)
    lines = "\n".join(f"/{each.name} — {chat.words(f'command.{each.name}')}" for each in own)
    ways = [button(chat, "queue"), button(chat, "menu")]
    chat.say("commands.list", choices=ways, lines=lines, role=chat.words(f"role.{chat.person.role}"))
