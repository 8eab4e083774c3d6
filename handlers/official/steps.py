"""The steps that officials' conversations share: a ticket they may work on, a preview, a second look. Knows no flow."""

from collections.abc import Mapping
from typing import TypedDict

from faq.search.services import closest
from faq.text import fold
from handlers.conversation.chat import Chat
from handlers.conversation.signals import Restart
from handlers.desk import access
from handlers.desk.pushes import Pushed
from handlers.desk.wording import Told
from handlers.messages import Choice, Reply
from handlers.shown.buttons import ticket_button
from handlers.texts import declare, under
from handlers.ticket.ticket import Ticket

declare(
    __name__,
    "ticket.not_yours",
    "ticket.stale",
    *under("preview", "send", "change", "sure", "followed", "author", "unreachable"),
    *under("told", "queued", "unreachable"),
)

#: Words of a name that are tried, when a name and a reason come in one breath.
_NAME_WORDS = 6


class Preview(TypedDict):
    """A notice before it is sent."""

    #: Letter by letter.
    preview: str
    #: Who will read it.
    readers: str
    #: What else is to be known before it is sent: that it does not arrive, who hears of it without its words.
    besides: str


def workable(chat: Chat) -> Ticket:
    """The ticket that was named; stops unless this official may work on it. Checked anew at every step."""
    ticket = chat.ticket("ticket")
    if not access.may_work_on(chat.person, ticket):
        raise chat.stop("ticket.not_yours", choices=[ticket_button(chat, "track", ticket)])
    return ticket


def look_again_if_changed(chat: Chat, ticket: Ticket, *decisions: str) -> None:
    """Nobody decides on something else than what they saw: a ticket that moved meanwhile is shown as it is now.

    Stands before the question that decides, and after those whose answers are kept.
    """
    if chat.recall("seen", lambda: ticket.version) != ticket.version:
        raise second_look(chat, "seen", *decisions)


def second_look(chat: Chat, *forgotten: str) -> Restart:
    """To be raised: say that somebody changed the ticket, forget these answers, and go on from there."""
    for key in forgotten:
        chat.journal.drop(key)
    chat.replies.append(Reply("ticket.stale", {}))
    return Restart()


def change_words(chat: Chat, question: str, *forgotten: str) -> Restart:
    """To be raised: have the words written anew, and these decisions taken anew."""
    for key in forgotten:
        chat.journal.drop(key)
    chat.journal.ask_again(question)
    return Restart()


def confirm_sending(chat: Chat, ticket: Ticket, told: Told, *, change: str, forget: tuple[str, ...] = ()) -> None:
    """Show the notice as its readers will get it, and go on once it is to be sent.

    `change`: the question whose words can be changed from here; `forget`: decisions that fall with them.
    """
    options = [Choice("send", chat.words("preview.send")), Choice("change", chat.words("preview.change"))]
    shown = preview(chat, ticket, told)
    chosen = chat.choose("sure", options, understand=chat.yes_sends("sure"), prompt="preview.sure", **shown)
    if chosen == "change":
        raise change_words(chat, change, "sure", *forget)


def preview(chat: Chat, ticket: Ticket, told: Told) -> Preview:
    """What the notice will say, who reads it, and whether it gets there. The words are the author's alone."""
    notices = chat.desk.notices
    besides = [] if notices.reaches_author(ticket) else [chat.words("preview.unreachable")]
    followers = notices.others(ticket) if told.moves else 0
    if followers:
        besides.append(chat.words("preview.followed", n=followers))
    return {
        "preview": notices.preview(ticket, told),
        "readers": chat.words("preview.author"),
        "besides": "".join(f"{each}\n" for each in besides),
    }


def told_author(chat: Chat) -> str:
    """What became of the notice that was just written to the ticket's author."""
    is_reached = chat.desk.author_told is not Pushed.UNREACHABLE
    return chat.words("told.queued" if is_reached else "told.unreachable")


def split_said(chat: Chat, labels: Mapping[str, str], name: str, why: str) -> None:
    """Words after the folio begin with one of the labels or its id; the rest is the reason. Noted as said for both."""
    said = chat.journal.take_said("rest")
    if said is None:
        return
    found = _named(said, labels)
    chat.journal.say_beforehand(name, labels[found[0]] if found else said)
    if found and found[1]:
        chat.journal.say_beforehand(why, found[1])


def _named(said: str, labels: Mapping[str, str]) -> tuple[str, str] | None:
    exact = {
        fold(spelling): name for name, label in labels.items() for spelling in (label, name, name.replace("_", " "))
    }
    cuts = [_cut(said, size) for size in range(min(len(said.split()), _NAME_WORDS), 0, -1)]
    for head, rest in cuts:
        if fold(head) in exact:
            return exact[fold(head)], rest
    for head, rest in reversed(cuts):
        index = closest(head, list(labels.values()))
        if index is not None:
            return list(labels)[index], rest
    return None


def _cut(said: str, size: int) -> tuple[str, str]:
    parts = said.split(maxsplit=size)
    return " ".join(parts[:size]).rstrip(":,."), parts[size] if len(parts) > size else ""
