"""An official closes a ticket, with a reason that the resident reads."""

from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow
from handlers.desk import access, wording
from handlers.official.steps import confirm_sending, look_again_if_changed, told_author, workable
from handlers.shown.buttons import button, ticket_button
from handlers.shown.ticket import facts
from handlers.texts import declare
from handlers.ticket.ticket import Role

declare(__name__, "ticket.cannot_move", "close.why", "close.done")


@flow(
    "close",
    command=("cerrar", "close"),
    place=80,
    role=Role.AGENT,
    arguments=("ticket", "why"),
    is_form=True,
    open_questions=("why",),
)
def close(chat: Chat) -> None:
    """No ticket ends without a word on why."""
    ticket = workable(chat)
    closed = ticket.machine.closed
    if not access.may_move(chat.person, ticket, closed):
        raise chat.stop("ticket.cannot_move", choices=[ticket_button(chat, "view", ticket)])
    why = chat.text("why", at_least=ticket.machine.rule(closed).reason_at_least, at_most=2000, **facts(chat, ticket))
    look_again_if_changed(chat, ticket, "sure")
    confirm_sending(chat, ticket, wording.of_move(chat.town, ticket, closed, why), change="why")
    chat.desk.move(ticket, closed, why)
    ways = [ticket_button(chat, "view", ticket), button(chat, "queue")]
    chat.say("close.done", choices=ways, told=told_author(chat), **facts(chat, ticket))
