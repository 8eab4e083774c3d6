"""An official opens a ticket's card."""

from handlers.context import Kind
from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow
from handlers.desk import access
from handlers.messages import Choice
from handlers.official.card import card
from handlers.official.state import states_to_set
from handlers.shown.buttons import button, ticket_button
from handlers.texts import declare
from handlers.ticket.role import suffices
from handlers.ticket.ticket import Role, Ticket

declare(__name__, "view.card")


@flow("view", command=("ver", "view"), place=20, role=Role.AGENT, arguments=("ticket",))
def view(chat: Chat) -> None:
    """All of it for those who may work on it, with what they may do now; what any stranger sees for the others."""
    ticket = chat.ticket("ticket")
    if not access.may_work_on(chat.person, ticket):
        raise chat.go("track", said={"ticket": ticket.folio})
    chat.note_last(Kind.CARD, ticket=ticket.folio)
    chat.say("view.card", choices=ways_on(chat, ticket), media=ticket.media, lines=card(chat, ticket))


def ways_on(chat: Chat, ticket: Ticket) -> list[Choice]:
    """What this official may do with the ticket now."""
    is_supervisor = suffices(chat.person.role, Role.SUPERVISOR)
    rule = ticket.rule
    may_be_taken = rule.after_taking is not None
    may = {
        "take": may_be_taken and ticket.assignee_person_id != chat.person.person_id,
        "answer": rule.offers_answer,
        "note": True,
        "state": bool(states_to_set(chat, ticket)),
        "close": access.may_move(chat.person, ticket, ticket.machine.closed),
        "transfer": rule.after_transfer is not None,
        "assign": may_be_taken and is_supervisor,
        "history": True,
    }
    ways = [ticket_button(chat, runs, ticket) for runs, is_allowed in may.items() if is_allowed]
    return [*ways, button(chat, "queue")]
