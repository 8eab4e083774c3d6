"""Who hears of what, and in which words: every push starts here. A push is a reply that somebody else caused."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from handlers.desk.wording import Told, what_of
from handlers.messages import Choice, NoticeKind, OutgoingMessage, Param, Reply
from handlers.ports import Contact, Conversation, UnitOfWork
from handlers.ticket import folio as folios
from handlers.ticket.ticket import Ticket, TicketEvent
from handlers.town import render
from handlers.town.town import Town


class Notices:
    """Writes pushes about a ticket into the outbox, in each recipient's language, once for each event and chat."""

    def __init__(self, uow: UnitOfWork, town: Town, now: datetime) -> None:
        self._uow, self._town, self._now = uow, town, now

    def to_residents(self, ticket: Ticket, event: TicketEvent, told: Told) -> None:
        """Tell the author in the chat where the ticket lives, and everybody who follows it."""
        author = self._uow.people.contact(ticket.author_address_id)
        key = f"notice.{told.key}"
        ways_on = ("folio",) if ticket.rule.after_adding is None else ("agregar", "folio")
        self._push(author, ticket, event, key, told.params, ways_on)
        for follower in self._uow.tickets.followers(ticket.id):
            if follower.address_id != author.address_id:
                self._push(follower, ticket, event, key, told.params, ("folio",), lead="notice.followed")

    def preview(self, ticket: Ticket, told: Told) -> str:
        """The words as the author will read them, in their language."""
        author = self._uow.people.contact(ticket.author_address_id)
        return self._worded(author, ticket, f"notice.{told.key}", told.params).text

    def to_officials(self, ticket: Ticket, event: TicketEvent, key: str, *, actor: Contact, **params: Param) -> None:
        """Tell the official in charge, or else those of the department, or else those of the whole town hall."""
        for person_id in self._in_charge(ticket):
            contact = self._uow.people.contact_of(person_id)
            if contact is not None and person_id != actor.person_id:
                self._push(contact, ticket, event, f"staff.{key}", params, _staff_commands(ticket))

    def to_official(self, person_id: int, ticket: Ticket, event: TicketEvent, key: str, **params: Param) -> None:
        """Tell one official."""
        contact = self._uow.people.contact_of(person_id)
        if contact is not None:
            self._push(contact, ticket, event, f"staff.{key}", params, ("ver", "responder"))

    def _in_charge(self, ticket: Ticket) -> Iterable[int]:
        assignee = ticket.assignee_person_id
        # Who lost the role hears no more of the ticket; it is the department's again.
        if assignee is not None and self._uow.people.official(assignee) is not None:
            return [assignee]
        officials = self._uow.people.officials(ticket.department)
        own = [each.person_id for each in officials if each.department == ticket.department]
        return own or [each.person_id for each in officials]

    def _push(
        self,
        contact: Contact,
        ticket: Ticket,
        event: TicketEvent,
        key: str,
        params: Mapping[str, Param],
        commands: tuple[str, ...],
        lead: str | None = None,
    ) -> None:
        if contact.unreachable_at is not None:
            return
        message = self._worded(contact, ticket, key, params)
        folio = folios.pretty(ticket.folio)
        choices = tuple(
            Choice(f"/{each} {ticket.folio}", self._town.words(f"button.{each}", contact.language, {"folio": folio}))
            for each in commands
        )
        text = message.text
        if lead is not None:
            text = f"{self._worded(contact, ticket, lead, params).text}\n{text}"
        self._put(contact, ticket, event, replace(message, text=text, choices=choices, media=event.media))

    def _worded(self, contact: Contact, ticket: Ticket, key: str, params: Mapping[str, Param]) -> OutgoingMessage:
        facts = {
            "city": self._town.city.name,
            "folio": folios.pretty(ticket.folio),
            "what": what_of(self._town, ticket),
            **params,
        }
        return render.render(self._town.library, Reply(key, facts), contact.language)

    def _put(self, contact: Contact, ticket: Ticket, event: TicketEvent, message: OutgoingMessage) -> None:
        is_new = self._uow.outbox.put(
            contact.address_id,
            message,
            now=self._now,
            kind=NoticeKind.NOTICE,
            ticket_id=ticket.id,
            dedupe_key=f"event:{event.id}:{contact.address_id}",
        )
        if is_new:
            self._offer(contact, message)

    def _offer(self, contact: Contact, message: OutgoingMessage) -> None:
        """A number typed next means this notice's choices, unless a conversation is going on."""
        conversation = self._uow.conversations.get(contact.address_id)
        if conversation is None:
            conversation = Conversation(contact.address_id, None, {}, None, (), self._now)
        if conversation.flow is None:
            self._uow.conversations.put(replace(conversation, offered=message.choices))


def _staff_commands(ticket: Ticket) -> tuple[str, ...]:
    if not ticket.is_open:
        return ("ver",)
    return ("ver", "tomar", "responder") if ticket.assignee_person_id is None else ("ver", "responder")
