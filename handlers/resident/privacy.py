"""The privacy notice, on demand."""

from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow


@flow("privacy", command=("privacidad", "privacy"), place=90)
def privacy(chat: Chat) -> None:
    """What is kept, what for, and where the complete notice and one's rights are."""
    chat.say("privacy.notice", url=chat.town.city.privacy_notice_url, version=chat.town.city.privacy_notice_version)
