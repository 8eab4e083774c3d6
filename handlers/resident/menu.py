"""The counter's menu: what can be done here, each a tap, a number or a word away."""

from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow, offered_to


@flow("menu")
def menu(chat: Chat) -> None:
    """Pick a flow. Anything else that is said goes to the counter at large."""
    raise chat.go(chat.choose("what", offered_to(chat.person.role), is_soft=True))
