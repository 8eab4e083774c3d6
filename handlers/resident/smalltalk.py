"""A short human word for thanks, greetings, goodbye, a laugh, an insult. Nothing of it is filed or kept."""

from typing import Final

from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow, offered_to
from handlers.messages import Choice
from handlers.texts import declare, under

declare(
    __name__,
    *under("smalltalk", "thanks", "greeting", "goodbye", "robot", "insult", "noise", "help", "later", "praise"),
    lambda: under("menu.what_options", *offered_to(None)),
)

#: After these somebody wants to begin.
_BEGINNINGS: Final = frozenset({"greeting", "help", "robot"})


@flow("smalltalk")
def smalltalk(chat: Chat) -> None:
    """One line; and where somebody is about to begin, what can be done here."""
    kind = chat.journal.words("kind") or "noise"
    if kind not in _BEGINNINGS:
        chat.say(f"smalltalk.{kind}")
        return
    options = [Choice(name, chat.words(f"menu.what_options.{name}")) for name in offered_to(chat.person.role)]
    raise chat.go(chat.choose("what", options, is_soft=True, prompt=f"smalltalk.{kind}"))
