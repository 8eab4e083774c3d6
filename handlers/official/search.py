"""An official looks for a ticket by folio, words or place, among those they may see."""

from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow
from handlers.desk import access
from handlers.shown.buttons import button
from handlers.shown.ticket import listed, openers
from handlers.texts import declare, under
from handlers.ticket.ticket import Role

declare(__name__, *under("search", "words", "again", "none", "found"))

_MOST = 10


@flow("search", command=("buscar", "search"), place=90, offered=20, role=Role.AGENT, arguments=("words",))
def search(chat: Chat) -> None:
    """Newest first, ended ones too."""
    words = chat.text("words", at_least=2, at_most=100)
    scope = access.scope_of(chat.person, only_open=False)
    found = chat.look_up((words, scope), lambda store: store.tickets.search(words, scope, limit=_MOST))
    ways = [button(chat, "search", label=chat.words("search.again")), button(chat, "queue")]
    if not found:
        raise chat.stop("search.none", choices=ways, said=words)
    ways = [*openers(chat, found), *ways]
    chat.say("search.found", choices=ways, n=len(found), said=words, lines=listed(chat, found))
