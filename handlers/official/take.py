"""An official takes a ticket into their own hands."""

from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow
from handlers.messages import Choice
from handlers.official.steps import look_again_if_changed, workable
from handlers.shown.ticket import assignee_name, command_button, facts
from handlers.ticket.ticket import Role, Ticket


@flow("take", command=("tomar", "take"), role=Role.AGENT, arguments=("ticket",))
def take(chat: Chat) -> None:
    """At once where nobody has it; after a yes where a colleague does, who hears of it."""
    ticket = workable(chat)
    if ticket.rule.after_taking is None:
        raise chat.stop("ticket.cannot_assign", choices=[command_button(chat, "ver", ticket)])
    if ticket.assignee_person_id == chat.person.person_id:
        raise chat.stop("take.yours", choices=_ways_on(chat, ticket), **facts(chat, ticket))
    if ticket.assignee_person_id is not None:
        look_again_if_changed(chat, ticket, "sure")
        if not chat.confirm("sure", name=assignee_name(chat, ticket), **facts(chat, ticket)):
            raise chat.stop("take.left", choices=[command_button(chat, "ver", ticket)], **facts(chat, ticket))
    chat.desk.take(ticket)
    chat.say("take.done", choices=_ways_on(chat, ticket), **facts(chat, ticket))


def _ways_on(chat: Chat, ticket: Ticket) -> list[Choice]:
    return [command_button(chat, command, ticket) for command in ("responder", "estado", "ver")]
