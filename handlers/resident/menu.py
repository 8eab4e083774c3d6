"""The counter's menu: what can be done here, each a tap, a number or a word away."""

from typing import Final

from handlers.conversation.chat import Chat
from handlers.conversation.flow import FLOWS, flow

#: What the menu offers: names of flows, in the order of what people come for.
_RESIDENT: Final = ("ask", "report", "request", "complaint", "tickets", "language")
_OFFICIAL: Final = ("queue", "search")


@flow("menu")
def menu(chat: Chat) -> None:
    """Pick a flow. Anything else that is said goes to the counter at large."""
    names = (*_OFFICIAL, *_RESIDENT) if chat.person.role else _RESIDENT
    chosen = chat.choose("what", [name for name in names if name in FLOWS], is_soft=True)
    raise chat.go(chosen)
