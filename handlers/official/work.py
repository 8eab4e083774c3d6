"""An official's own words, read as work on a ticket: nothing is done before the official says so."""

from typing import Final

from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow
from handlers.desk import access
from handlers.messages import Choice
from handlers.official.steps import workable
from handlers.shown.buttons import button, ticket_button
from handlers.shown.ticket import facts
from handlers.texts import declare, under
from handlers.theirs import Theirs
from handlers.ticket.role import Role
from handlers.ticket.ticket import Ticket

_KINDS: Final = ("resolve", "route", "ask", "take", "note", "close")

declare(
    __name__,
    *(f"staff.read_as_{kind}" for kind in _KINDS),
    *under("work.how_options", *_KINDS, "answer", "none"),
    *under("work", "left"),
)


@flow("work", role=Role.AGENT, arguments=("ticket",))
def work(chat: Chat) -> None:
    """What the words seem to be, and the other things they may be; then that conversation, with the words in it."""
    ticket = workable(chat)
    kind, words = chat.journal.words("as"), chat.journal.words("words")
    kind = kind if kind in _KINDS and _may(chat, ticket, kind) else "note"
    others = [each for each in ("note", "answer") if each != kind]
    options = [Choice(name, chat.words(f"work.how_options.{name}")) for name in (kind, *others, "none")]
    how = chat.choose(
        "how",
        options,
        understand=lambda text: {"how": kind} if chat.town.means(text, "yes") else None,
        is_soft=True,
        prompt=f"staff.read_as_{kind}",
        words=Theirs(words),
        **facts(chat, ticket),
    )
    if how == "none":
        raise chat.stop("work.left", choices=[ticket_button(chat, "view", ticket), button(chat, "queue")])
    said = {"ticket": ticket.folio}
    match how:
        case "take":
            raise chat.go("take", said=said)
        case "resolve":
            raise chat.go("answer", said=said | {"text": words}, how=_option(ticket, "resolved"))
        case "ask":
            raise chat.go("answer", said=said | {"text": words}, how=_option(ticket, "question"))
        case "route":
            raise chat.go("transfer", said=said | {"why": words})
        case "close":
            raise chat.go("close", said=said | {"why": words})
    raise chat.go(how, said=said | {"text": words})


def _may(chat: Chat, ticket: Ticket, kind: str) -> bool:
    match kind:
        case "take":
            return ticket.rule.after_taking is not None and ticket.assignee_person_id != chat.person.person_id
        case "route":
            return ticket.rule.after_transfer is not None
        case "close":
            return access.may_move(chat.person, ticket, ticket.machine.closed)
        case "resolve":
            return _option(ticket, "resolved") != "send"
    return True


def _option(ticket: Ticket, name: str) -> str:
    """An option of the answer's question; "send" where this ticket has none of that name."""
    return name if name in ticket.machine.answer_options() else "send"
