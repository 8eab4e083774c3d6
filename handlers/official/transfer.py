"""An official sends a ticket to the department that it belongs to."""

from collections.abc import Callable, Mapping

from faq.search.services import closest
from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow
from handlers.desk import wording
from handlers.messages import Choice
from handlers.official.steps import confirm_sending, look_again_if_changed, split_said, told_author, workable
from handlers.ports import Json
from handlers.shown.buttons import button, ticket_button
from handlers.shown.ticket import facts
from handlers.texts import declare, under
from handlers.ticket.ticket import Role

declare(__name__, "ticket.cannot_transfer", *under("transfer", "department", "why", "done"))

#: Letters that the reason needs: the resident has to wait for somebody else.
_WHY_AT_LEAST = 10


@flow(
    "transfer",
    command=("turnar", "transfer"),
    place=70,
    role=Role.AGENT,
    arguments=("ticket", "rest"),
    is_form=True,
    open_questions=("why",),
)
def transfer(chat: Chat) -> None:
    """Which one, why, and a look at what the resident will read. The clock runs on."""
    ticket = workable(chat)
    if ticket.rule.after_transfer is None:
        raise chat.stop("ticket.cannot_transfer", choices=[ticket_button(chat, "view", ticket)])
    labels, busy = _labels(chat, ticket.department), _busy(chat)
    split_said(chat, labels, "department", "why")
    department = chat.choose(
        "department",
        [Choice(name, label) for name, label in labels.items() if name in busy],
        understand=_named(labels),
        hidden=list(labels),
        now=chat.town.department(ticket.department),
        **facts(chat, ticket),
    )
    why = chat.text("why", at_least=_WHY_AT_LEAST, at_most=2000, department=labels[department], **facts(chat, ticket))
    look_again_if_changed(chat, ticket, "sure")
    confirm_sending(chat, ticket, wording.of_transfer(chat.town, department, why), change="why")
    chat.desk.transfer(ticket, department, why)
    ways = [ticket_button(chat, "track", ticket), button(chat, "queue")]
    department_name = labels[department]
    chat.say("transfer.done", choices=ways, department=department_name, told=told_author(chat), **facts(chat, ticket))


def _labels(chat: Chat, present: str) -> dict[str, str]:
    departments = chat.town.library.departments.values()
    return {each.id: chat.town.label(each.name, chat.person.language) for each in departments if each.id != present}


def _busy(chat: Chat) -> set[str]:
    """The departments that get tickets by themselves: the ones worth a button. Any other is found by its name."""
    library = chat.town.library
    return {service.department for service in library.services.values()} | set(library.city.desks.values())


def _named(labels: Mapping[str, str]) -> Callable[[str], Mapping[str, Json] | None]:
    ids = list(labels)

    def understand(words: str) -> Mapping[str, Json] | None:
        index = closest(words, list(labels.values()))
        return None if index is None else {"department": ids[index]}

    return understand
