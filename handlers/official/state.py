"""An official sets another state, with a word on why."""

from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow
from handlers.conversation.journal import MISSING
from handlers.desk import access, wording
from handlers.messages import Choice
from handlers.official.steps import (
    confirm_sending,
    look_again_if_changed,
    second_look,
    split_said,
    told_author,
    workable,
)
from handlers.shown.buttons import button, ticket_button
from handlers.shown.ticket import facts
from handlers.texts import declare, under
from handlers.ticket.ticket import Role, Ticket, TicketState

declare(__name__, "ticket.cannot_move", "state.to", "state.done", *under("state", *TicketState))


@flow(
    "state",
    command=("estado", "state"),
    place=60,
    role=Role.AGENT,
    arguments=("ticket", "rest"),
    is_form=True,
    open_questions=("why",),
)
def state(chat: Chat) -> None:
    """Only the states that role and present state allow; the resident reads why, so it is shown first."""
    ticket = workable(chat)
    allowed = states_to_set(chat, ticket)
    if not allowed and chat.journal.answer("to") is MISSING:
        raise chat.stop("ticket.cannot_move", choices=[ticket_button(chat, "view", ticket)])
    labels = {each.value: chat.words(f"state.{each}") for each in allowed}
    split_said(chat, labels, "to", "why")
    options = [Choice(name, label) for name, label in labels.items()]
    now = chat.words(f"state.{ticket.state}")
    to = TicketState(chat.choose("to", options, hidden=list(ticket.machine.rules), now=now, **facts(chat, ticket)))
    why = _why(chat, ticket, to)
    if to not in allowed:
        raise second_look(chat, "to", "seen", "sure")
    look_again_if_changed(chat, ticket, "sure")
    confirm_sending(chat, ticket, wording.of_move(chat.town, ticket, to, why), change="why")
    chat.desk.move(ticket, to, why)
    ways = [ticket_button(chat, "view", ticket), button(chat, "queue")]
    state = chat.words(f"state.{to}")
    chat.say("state.done", choices=ways, state=state, told=told_author(chat), **facts(chat, ticket))


def states_to_set(chat: Chat, ticket: Ticket) -> list[TicketState]:
    """The states that can be chosen, in the order of the table."""
    return [each for each in ticket.machine.rules if access.may_move(chat.person, ticket, each)]


def _why(chat: Chat, ticket: Ticket, to: TicketState) -> str:
    rule, state = ticket.machine.rule(to), chat.words(f"state.{to}")
    least = rule.reason_at_least
    return chat.text("why", at_least=least, prompt=rule.question, state=state, **facts(chat, ticket))
