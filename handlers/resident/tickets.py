"""One's own tickets: the list, adding to one, taking one back."""

from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow
from handlers.desk import access
from handlers.messages import Choice
from handlers.shown.buttons import button
from handlers.shown.ticket import facts
from handlers.texts import declare, under
from handlers.ticket.ticket import EventKind, Ticket, TicketKind, TicketState

declare(
    __name__,
    *under("tickets", "none", "list", "none_open", "not_yours", "line", "line_ended"),
    "menu.what_options.report",
    *under("ticket", "cannot_add", "was_withdrawn", "cannot_withdraw"),
    *under("add", "which", "text", "photos", "done", "reopened"),
    *under("withdraw", "which", "sure", "kept", "done"),
    *(f"withdraw.again_{kind}" for kind in TicketKind),
    *under("state", *TicketState),
)


@flow("tickets", command=("misfolios", "mytickets"), place=60, offered=50)
def tickets(chat: Chat) -> None:
    """The list, open ones first, each a tap away."""
    mine = chat.desk.mine()
    if not mine:
        raise chat.stop("tickets.none", choices=[button(chat, "report", label=chat.words("menu.what_options.report"))])
    lines = "\n".join(_line(chat, ticket) for ticket in mine)
    buttons = [button(chat, "track", each.folio, label=_label(chat, each)) for each in mine]
    chat.say("tickets.list", choices=buttons, lines=lines, n=len(mine))


@flow("add", command=("agregar", "add"), arguments=("ticket", "text"), is_form=True, takes_media=True)
def add(chat: Chat) -> None:
    """Words and photos for the officials who work on it."""
    ticket = _own(chat, "add")
    if ticket.rule.after_adding is None:
        is_withdrawn = ticket.rule.event is EventKind.WITHDRAWN
        raise chat.stop("ticket.was_withdrawn" if is_withdrawn else "ticket.cannot_add", **facts(chat, ticket))
    text = chat.text("text", at_most=2000, **facts(chat, ticket))
    photos = chat.attachments("photos", at_most=5)
    after = chat.desk.add(ticket, text, photos)
    is_reopened = after.is_open and not ticket.is_open
    state = chat.words(f"state.{after.state}")
    chat.say("add.reopened" if is_reopened else "add.done", **facts(chat, ticket), state=state)


@flow("withdraw", command=("retirar", "withdraw"), arguments=("ticket",))
def withdraw(chat: Chat) -> None:
    """Only the author, only while the town hall still works on it, and only after a yes."""
    ticket = _own(chat, "withdraw")
    if ticket.rule.after_withdrawal is None:
        raise chat.stop("ticket.cannot_withdraw", **facts(chat, ticket))
    if not chat.confirm("sure", **facts(chat, ticket)):
        raise chat.stop("withdraw.kept", **facts(chat, ticket))
    chat.desk.withdraw(ticket)
    chat.say("withdraw.done", **facts(chat, ticket), again=chat.words(f"withdraw.again_{ticket.kind}"))


def _own(chat: Chat, name: str) -> Ticket:
    """The ticket that was named, or one picked from the person's own list."""
    if not chat.journal.has("ticket"):
        mine = [each for each in chat.desk.mine() if access.is_author(chat.person, each) and each.is_open]
        if not mine:
            raise chat.stop("tickets.none_open")
        options = [Choice(each.folio, _label(chat, each)) for each in mine]
        folio = chat.choose("which", options, prompt=f"{name}.which")
        ticket = chat.desk.find(folio)
    else:
        ticket = chat.ticket("ticket")
    if ticket is None or not access.is_author(chat.person, ticket):
        raise chat.stop("tickets.not_yours")
    return ticket


def _label(chat: Chat, ticket: Ticket) -> str:
    return "{folio} {what}".format_map(facts(chat, ticket))


def _line(chat: Chat, ticket: Ticket) -> str:
    return chat.words(
        "tickets.line" if ticket.is_open else "tickets.line_ended",
        **facts(chat, ticket),
        state=chat.words(f"state.{ticket.state}"),
        due_at=ticket.due_at,
    )
