"""A place in words. Knows nothing of what happened there."""

from handlers.conversation.chat import Chat
from handlers.messages import Place
from handlers.texts import declare
from handlers.theirs import Theirs

declare(__name__, "place.pin")


def shown_place(chat: Chat, place: Place) -> str:
    """A place in words, for a review or a card."""
    words = place.text or chat.words("place.pin")
    area = chat.town.area_name(place.area)
    shown = str(Theirs(words))
    return f"{shown} ({area})" if area and area.lower() not in words.lower() else shown
