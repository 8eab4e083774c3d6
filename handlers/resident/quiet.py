"""No more notices in this chat, and all of them again. What was filed goes on all the same."""

from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow
from handlers.shown.buttons import button
from handlers.texts import declare, under

declare(__name__, *under("stop", "done", "undone"), "button.avisos")


@flow("quiet", command=("silencio", "mute"))
def quiet(chat: Chat) -> None:
    """Nothing is sent here any more that was not asked for."""
    chat.once("quiet", lambda: _set(chat, is_quiet=True))
    chat.say("stop.done", choices=[button(chat, "notices")])


@flow("notices", command=("avisos", "notices"))
def notices(chat: Chat) -> None:
    """Notices come again."""
    chat.once("notices", lambda: _set(chat, is_quiet=False))
    chat.say("stop.undone")


def _set(chat: Chat, *, is_quiet: bool) -> bool:
    chat.store.people.set_quiet(chat.person.address_id, chat.now if is_quiet else None)
    return is_quiet
