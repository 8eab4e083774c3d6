"""A supervisor gives a ticket to an official of its department."""

from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow
from handlers.desk import access
from handlers.desk.pushes import Pushed
from handlers.messages import Choice
from handlers.official.steps import workable
from handlers.ports import Official
from handlers.shown.buttons import button, ticket_button
from handlers.shown.ticket import facts
from handlers.texts import declare, under
from handlers.ticket.ticket import Role, Ticket

declare(__name__, "ticket.cannot_assign", *under("assign", "nobody", "who", "done", "me", "told", "not_told"))


@flow("assign", command=("asignar", "assign"), place=10, role=Role.SUPERVISOR, arguments=("ticket", "who"))
def assign(chat: Chat) -> None:
    """Only to those who may be given it; who gets it and who loses it are told."""
    ticket = workable(chat)
    if ticket.rule.after_taking is None:
        raise chat.stop("ticket.cannot_assign", choices=[ticket_button(chat, "view", ticket)])
    officials = _candidates(chat, ticket)
    if not officials:
        ways = [ticket_button(chat, runs, ticket) for runs in ("transfer", "view")]
        raise chat.stop("assign.nobody", choices=ways, **facts(chat, ticket))
    options = [Choice(str(each.person_id), _label(chat, each)) for each in officials]
    chosen = int(chat.choose("who", options, **facts(chat, ticket)))
    official = next(each for each in officials if each.person_id == chosen)
    chat.desk.assign(ticket, official)
    ways = [ticket_button(chat, "view", ticket), button(chat, "queue")]
    chat.say("assign.done", choices=ways, name=official.name, told=_told(chat, official), **facts(chat, ticket))


def _candidates(chat: Chat, ticket: Ticket) -> list[Official]:
    officials = chat.store.people.officials(ticket.department)
    return [
        each for each in officials if access.may_be_given(each, ticket) and each.person_id != ticket.assignee_person_id
    ]


def _told(chat: Chat, official: Official) -> str:
    """Whether the one who got it hears of it, after a blank; empty for what somebody gave to themselves."""
    if official.person_id == chat.person.person_id:
        return ""
    is_reached = chat.desk.official_told is not Pushed.UNREACHABLE
    return f" {chat.words('assign.told' if is_reached else 'assign.not_told')}"


def _label(chat: Chat, official: Official) -> str:
    if official.person_id == chat.person.person_id:
        return chat.words("assign.me", name=official.name)
    return official.name
