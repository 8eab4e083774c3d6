"""The privacy notice, on demand."""

from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow
from handlers.texts import declare

declare(__name__, "privacy.notice", "privacy.ask_at")


@flow("privacy", command=("privacidad", "privacy"), place=90)
def privacy(chat: Chat) -> None:
    """What is kept, what for, what can be done about it here and what only at which office."""
    city = chat.town.city
    office = chat.town.department(city.desks["transparency"])
    url = chat.town.privacy_notice or chat.words("privacy.ask_at", office=office)
    chat.say("privacy.notice", url=url, version=city.privacy_notice_version, office=office)
