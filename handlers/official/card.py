"""A ticket's card: all that an official needs to act on it, on one screen. Knows nothing of who may see it."""

from handlers.conversation.chat import Chat
from handlers.desk.notices import once_of
from handlers.messages import Place
from handlers.ports import SentNotice
from handlers.shown.due import due_words
from handlers.shown.place import shown_place
from handlers.shown.text import shortened
from handlers.shown.ticket import assignee_name, facts
from handlers.texts import declare, under
from handlers.theirs import Theirs
from handlers.ticket.ticket import EventKind, Ticket, TicketEvent, TicketKind, TicketState

declare(
    __name__,
    *under(
        "view",
        "story events title_report title urgent place map state dates unassigned mine assignee delivery "
        "photos followers notice answer unreachable",
    ),
    *under("log", *EventKind, "answered_same", "reopened", "said", "resident", "system", "official"),
    *under("kind", *TicketKind),
    *under("state", *TicketState),
    *under("notice_state", "pending", "sending", "sent", "delivered", "read", "uncertain", "dead", "unreachable"),
    *under("request.delivery_options", "chat", "copies", "certified", "inspection"),
)

#: Characters of the story on the card; the whole is in the history.
STORY_SHOWN = 700
_EVENTS_SHOWN = 5
_EVENT_WORDS = 140


def card(chat: Chat, ticket: Ticket) -> str:
    """The card's lines."""
    lines = [
        *_head(chat, ticket),
        chat.words("view.story", story=Theirs(shortened(ticket.story, STORY_SHOWN))),
        *_place(chat, ticket.place),
        *_standing(chat, ticket),
        *_around(chat, ticket),
        chat.words("view.events", lines=_last_events(chat, ticket)),
        *_notices(chat, ticket),
    ]
    return "\n".join(lines)


def event_line(chat: Chat, ticket: Ticket, event: TicketEvent, most: int = _EVENT_WORDS) -> str:
    """Who, when, what, from, to and why."""
    has_text = bool(event.text) and event.kind not in {EventKind.OPENED, EventKind.UNKNOWN}
    details = event.details
    line = chat.words(
        _log_key(ticket, event),
        at=event.at,
        who=_who(chat, event),
        before=_state(chat, event.from_state),
        after=_state(chat, event.to_state),
        from_department=chat.town.department(details.get("from_department", "")),
        to_department=chat.town.department(details.get("to_department", "")),
        assignee=_official(chat, _number(details.get("assignee", ""))),
    )
    return chat.words("log.said", line=line, text=Theirs(shortened(event.text or "", most))) if has_text else line


def _log_key(ticket: Ticket, event: TicketEvent) -> str:
    if event.kind is EventKind.ANSWERED and event.from_state is event.to_state:
        return "log.answered_same"
    return "log.reopened" if ticket.was_reopened(event) else f"log.{event.kind}"


def _head(chat: Chat, ticket: Ticket) -> list[str]:
    is_report = ticket.kind is TicketKind.REPORT
    key = "view.title_report" if is_report else "view.title"
    head = [chat.words(key, kind=chat.words(f"kind.{ticket.kind}"), **facts(chat, ticket))]
    return [*head, chat.words("view.urgent")] if ticket.is_urgent else head


def _place(chat: Chat, place: Place | None) -> list[str]:
    if place is None:
        return []
    lines = [chat.words("view.place", place=shown_place(chat, place))]
    if place.latitude is not None and place.longitude is not None:
        url = f"https://maps.google.com/?q={place.latitude:.6f},{place.longitude:.6f}"
        lines.append(chat.words("view.map", url=url))
    return lines


def _standing(chat: Chat, ticket: Ticket) -> list[str]:
    state = chat.words(f"state.{ticket.state}")
    return [
        chat.words("view.state", state=state, department=chat.town.department(ticket.department)),
        _in_charge(chat, ticket),
        chat.words("view.dates", opened_at=ticket.opened_at, due_at=ticket.due_at, due=due_words(chat, ticket)),
    ]


def _in_charge(chat: Chat, ticket: Ticket) -> str:
    if ticket.assignee_person_id is None:
        return chat.words("view.unassigned")
    if ticket.assignee_person_id == chat.person.person_id:
        return chat.words("view.mine")
    return chat.words("view.assignee", name=assignee_name(chat, ticket))


def _around(chat: Chat, ticket: Ticket) -> list[str]:
    lines = []
    if ticket.delivery is not None:
        lines.append(chat.words("view.delivery", delivery=chat.words(f"request.delivery_options.{ticket.delivery}")))
    if ticket.media:
        lines.append(chat.words("view.photos", n=len(ticket.media)))
    followers = len(chat.desk.notices.followers(ticket))
    if followers:
        lines.append(chat.words("view.followers", n=followers))
    return lines


def _last_events(chat: Chat, ticket: Ticket) -> str:
    history = chat.store.tickets.history(ticket.id)
    return "\n".join(event_line(chat, ticket, event) for event in history[-_EVENTS_SHOWN:])


def _notices(chat: Chat, ticket: Ticket) -> list[str]:
    """How far the last push to the author got, and the last answer where that is another one."""
    is_reached = chat.desk.notices.reaches_author(ticket)
    to_author = [
        each for each in chat.store.outbox.notices_of(ticket.id) if each.address_id == ticket.author_address_id
    ]
    lines = [_notice(chat, "view.notice", each, is_reached=is_reached) for each in to_author[:1]]
    answers = {
        f"{once_of(event)}:{ticket.author_address_id}"
        for event in chat.store.tickets.history(ticket.id)
        if event.kind is EventKind.ANSWERED
    }
    answer = next((each for each in to_author if each.dedupe_key in answers), None)
    if answer is not None and answer is not to_author[0]:
        lines.append(_notice(chat, "view.answer", answer, is_reached=is_reached))
    return lines if is_reached else [*lines, chat.words("view.unreachable")]


def _notice(chat: Chat, key: str, notice: SentNotice, *, is_reached: bool) -> str:
    state = "unreachable" if notice.state == "dead" and not is_reached else notice.state
    return chat.words(key, state=chat.words(f"notice_state.{state}"), at=notice.created_at)


def _who(chat: Chat, event: TicketEvent) -> str:
    by_resident = {EventKind.OPENED, EventKind.ADDED, EventKind.WITHDRAWN, EventKind.FOLLOWED}
    if event.kind in by_resident:
        return chat.words("log.resident")
    return chat.words("log.system") if event.actor_person_id is None else _official(chat, event.actor_person_id)


def _number(words: str) -> int:
    """A person's number in an event's details; 0, which nobody has, for anything else."""
    return int(words) if words.isdecimal() and len(words) < 15 else 0


def _official(chat: Chat, person_id: int) -> str:
    official = chat.store.people.official(person_id)
    return official.name if official else chat.words("log.official")


def _state(chat: Chat, state: object) -> str:
    return chat.words(f"state.{state}") if state else ""
