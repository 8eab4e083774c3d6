"""One's own tickets: the list, adding to one, what became of one, taking one back."""

from typing import Final

from handlers.context import Kind
from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow
from handlers.conversation.questions import place_from_json
from handlers.desk import access
from handlers.messages import Choice
from handlers.shown.buttons import button
from handlers.shown.ticket import facts
from handlers.texts import declare, under
from handlers.ticket import folio as folios
from handlers.ticket.ticket import EventKind, Ticket, TicketKind, TicketState

declare(
    __name__,
    *under("tickets", "none", "list", "none_open", "not_yours", "line", "line_ended"),
    "menu.what_options.report",
    *under("ticket", "cannot_add", "was_withdrawn", "cannot_withdraw"),
    *under("add", "which", "text", "photos", "done", "reopened"),
    "dispute.ended",
    "fixed.thanks",
    *under("menu.what_options", "request", "complaint"),
    *under("withdraw", "which", "sure", "kept", "done"),
    *(f"withdraw.again_{kind}" for kind in TicketKind),
    *under("state", *TicketState),
)

_PHOTOS: Final = 5
#: Where the same matter begins anew.
_FORMS: Final = {
    TicketKind.REPORT: "report",
    TicketKind.INFORMATION_REQUEST: "request",
    TicketKind.COMPLAINT: "complaint",
}


@flow("tickets", command=("misfolios", "mytickets"), place=60, offered=50)
def tickets(chat: Chat) -> None:
    """The list, open ones first, each a tap away."""
    mine = chat.desk.mine()
    if not mine:
        raise chat.stop("tickets.none", choices=[button(chat, "report", label=chat.words("menu.what_options.report"))])
    lines = "\n".join(_line(chat, ticket) for ticket in mine)
    buttons = [button(chat, "track", each.folio, label=_label(chat, each)) for each in mine]
    chat.say("tickets.list", choices=buttons, lines=lines, n=len(mine))


@flow("add", command=("agregar", "add"), arguments=("ticket", "text"), is_form=True, takes_media=True, story="text")
def add(chat: Chat) -> None:
    """Words and photos for the officials who work on it."""
    ticket = _own(chat, "add")
    _must_take_more(chat, ticket)
    text = chat.text("text", at_most=6000, **facts(chat, ticket))
    photos = chat.attachments("photos", at_most=_PHOTOS)
    _tell_added(chat, ticket, chat.desk.add(ticket, text, photos))


@flow("added", arguments=("ticket", "text"), takes_media=True)
def added(chat: Chat) -> None:
    """What was said or sent goes into the ticket at once."""
    ticket = _own(chat, "add")
    _must_take_more(chat, ticket)
    said = [chat.journal.take_said("text") or chat.journal.words("text"), _where(chat)]
    text = "\n".join(filter(None, said)) or None
    _tell_added(chat, ticket, chat.desk.add(ticket, text, chat.journal.kept_media()[:_PHOTOS]))


@flow("dispute", arguments=("ticket", "text"), takes_media=True)
def dispute(chat: Chat) -> None:
    """It is not fixed: the words go into the ticket, which is worked on again; one that ended for good begins anew."""
    ticket = _own(chat, "add")
    text = chat.journal.take_said("text") or ""
    if ticket.rule.after_adding is not None:
        _tell_added(chat, ticket, chat.desk.add(ticket, text or None, chat.journal.kept_media()[:_PHOTOS]))
        return
    told = f"{text}\n{folios.pretty(ticket.folio)}" if text else None
    chat.note_last(Kind.STATUS, ticket=ticket.folio, told=told)
    named = [ticket.service] if ticket.service in chat.town.library.services else []
    runs = _FORMS[ticket.kind]
    again = [button(chat, runs, *filter(None, named), label=chat.words(f"menu.what_options.{runs}"))]
    raise chat.stop("dispute.ended", choices=again, **facts(chat, ticket))


@flow("fixed", arguments=("ticket", "text"))
def fixed(chat: Chat) -> None:
    """The person says that it was fixed: it is written down, and nothing moves."""
    ticket = _own(chat, "add")
    chat.desk.confirm(ticket, chat.journal.take_said("text") or None)
    chat.note_last(Kind.STATUS, ticket=ticket.folio)
    chat.say("fixed.thanks", **facts(chat, ticket))


@flow("withdraw", command=("retirar", "withdraw"), arguments=("ticket",))
def withdraw(chat: Chat) -> None:
    """Only the author, only while the town hall still works on it, and only after a yes."""
    ticket = _own(chat, "withdraw")
    if ticket.rule.after_withdrawal is None:
        raise chat.stop("ticket.cannot_withdraw", **facts(chat, ticket))
    if not chat.confirm("sure", **facts(chat, ticket)):
        raise chat.stop("withdraw.kept", **facts(chat, ticket))
    chat.desk.withdraw(ticket)
    chat.about = ticket.id
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


def _where(chat: Chat) -> str:
    """The location that came with it, in words; empty without one."""
    place = place_from_json(chat.journal.take_place())
    if place is None or place.latitude is None or place.longitude is None:
        return ""
    return f"{place.latitude:.6f}, {place.longitude:.6f}"


def _must_take_more(chat: Chat, ticket: Ticket) -> None:
    if ticket.rule.after_adding is None:
        is_withdrawn = ticket.rule.event is EventKind.WITHDRAWN
        raise chat.stop("ticket.was_withdrawn" if is_withdrawn else "ticket.cannot_add", **facts(chat, ticket))


def _tell_added(chat: Chat, before: Ticket, after: Ticket) -> None:
    chat.about = after.id
    chat.note_last(Kind.ADDED, ticket=after.folio)
    is_reopened = after.is_open and not before.is_open
    state = chat.words(f"state.{after.state}")
    chat.say("add.reopened" if is_reopened else "add.done", **facts(chat, after), state=state)


def _label(chat: Chat, ticket: Ticket) -> str:
    return "{folio} {what}".format_map(facts(chat, ticket))


def _line(chat: Chat, ticket: Ticket) -> str:
    return chat.words(
        "tickets.line" if ticket.is_open else "tickets.line_ended",
        **facts(chat, ticket),
        state=chat.words(f"state.{ticket.state}"),
        due_at=ticket.due_at,
    )
