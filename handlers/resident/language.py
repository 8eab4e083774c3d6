"""The language of the chat."""

from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow
from handlers.messages import Choice


@flow("language", command=("idioma", "language"), place=80, offered=60)
def language(chat: Chat) -> None:
    """Pick a language; everything from here on, pushes too, is in it."""
    options = [Choice(code, chat.words(f"language.name_{code}")) for code in chat.town.languages]
    chosen = chat.choose("which", options, is_soft=True)
    chat.session.set_language(chosen)
    raise chat.go("menu", lead="language.switched")
