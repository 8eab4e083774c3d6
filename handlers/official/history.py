"""An official reads all of a ticket: the whole story and everything that happened."""

from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow
from handlers.official.card import event_line
from handlers.official.steps import workable
from handlers.shown.buttons import ticket_button
from handlers.shown.ticket import facts
from handlers.texts import declare
from handlers.theirs import Theirs
from handlers.ticket.ticket import Role

declare(__name__, "history.all")

#: The newest ones; a ticket with more has been told in its notes.
_MOST_EVENTS = 40
_EVENT_WORDS = 500


@flow("history", command=("historia", "history"), place=100, role=Role.AGENT, arguments=("ticket",))
def history(chat: Chat) -> None:
    """Nothing is cut but very long words of single lines."""
    ticket = workable(chat)
    events = chat.store.tickets.history(ticket.id)[-_MOST_EVENTS:]
    chat.say(
        "history.all",
        choices=[ticket_button(chat, "view", ticket)],
        story=Theirs(ticket.story, is_block=True),
        lines="\n".join(event_line(chat, ticket, event, _EVENT_WORDS) for event in events),
        **facts(chat, ticket),
    )
