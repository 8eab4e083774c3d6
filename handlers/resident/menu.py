"""The counter's menu: what can be done here, each a tap, a number or a word away."""

from handlers.context import Kind
from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow, offered_to
from handlers.texts import declare, under
from handlers.ticket.role import Role

declare(
    __name__,
    "menu.what",
    lambda: under("menu.what_options", *(name for role in (None, *Role) for name in offered_to(role))),
)


@flow("menu")
def menu(chat: Chat) -> None:
    """Pick a flow. Anything else that is said goes to the counter at large."""
    chat.note_last(Kind.MENU)
    raise chat.go(chat.choose("what", offered_to(chat.person.role), is_soft=True))
