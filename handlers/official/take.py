"""An official takes a ticket into their own hands."""

from handlers.context import Kind
from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow
from handlers.messages import Choice
from handlers.official.steps import look_again_if_changed, workable
from handlers.shown.buttons import ticket_button
from handlers.shown.ticket import assignee_name, facts
from handlers.texts import declare, under
from handlers.ticket.ticket import Role, Ticket

declare(__name__, "ticket.cannot_assign", *under("take", "yours", "sure", "left", "done"))


@flow("take", command=("tomar", "take"), place=40, role=Role.AGENT, arguments=("ticket",), acts_at_once=True)
def take(chat: Chat) -> None:
    """At once where nobody has it; after a yes where a colleague does, who hears of it."""
    ticket = workable(chat)
    if ticket.rule.after_taking is None:
        raise chat.stop("ticket.cannot_assign", choices=[ticket_button(chat, "view", ticket)])
    if ticket.assignee_person_id == chat.person.person_id:
        raise chat.stop("take.yours", choices=_ways_on(chat, ticket), **facts(chat, ticket))
    if ticket.assignee_person_id is not None:
        look_again_if_changed(chat, ticket, "sure")
        if not chat.confirm("sure", name=assignee_name(chat, ticket), **facts(chat, ticket)):
            raise chat.stop("take.left", choices=[ticket_button(chat, "view", ticket)], **facts(chat, ticket))
    chat.desk.take(ticket)
    chat.note_last(Kind.CARD, ticket=ticket.folio)
    chat.say("take.done", choices=_ways_on(chat, ticket), **facts(chat, ticket))


def _ways_on(chat: Chat, ticket: Ticket) -> list[Choice]:
    return [ticket_button(chat, runs, ticket) for runs in ("answer", "state", "view")]
