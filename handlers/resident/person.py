"""A way to a human being: the article about it, or else the front desk."""

from typing import Final

from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow
from handlers.shown.article import front_desk, give
from handlers.shown.buttons import button
from handlers.texts import declare

declare(__name__, "person.way")

#: The article that tells how to speak with somebody.
_ARTICLE: Final = "hablar-persona"


@flow("person", command=("persona", "person"))
def person(chat: Chat) -> None:
    """What the town says of it, whole."""
    found = chat.town.article(_ARTICLE, chat.person.language)
    if found is not None:
        give(chat, found)
    else:
        chat.say("person.way", choices=[button(chat, "menu")], desk=front_desk(chat))
