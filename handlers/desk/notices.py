"""Who hears of what, and in which words: every push starts here. A push is a reply that somebody else caused."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from handlers import render
from handlers.desk import folio as folios
from handlers.desk.ticket import Ticket, TicketEvent
from handlers.messages import Choice, NoticeKind, OutgoingMessage, Param, Reply
from handlers.ports import Contact, UnitOfWork
from handlers.town import Town


class Notices:
    """Writes pushes about a ticket into the outbox, in each recipient's language, once for each event and chat."""

    def __init__(self, uow: UnitOfWork, town: Town, now: datetime) -> None:
        self._uow, self._town, self._now = uow, town, now

    def to_residents(self, ticket: Ticket, event: TicketEvent, key: str, **params: Param) -> None:
        """Tell the author in the chat where the ticket lives, and everybody who follows it."""
        author = self._uow.people.contact(ticket.author_address_id)
        self._push(author, ticket, event, f"notice.{key}", params, ("agregar", "folio"))
        for follower in self._uow.tickets.followers(ticket.id):
            if follower.address_id != author.address_id:
                self._push(follower, ticket, event, f"notice.{key}", params, ("folio",), lead="notice.followed")

    def to_officials(self, ticket: Ticket, event: TicketEvent, key: str, *, actor: Contact, **params: Param) -> None:
        """Tell the official in charge, or else those of the department, or else those of the whole town hall."""
        for person_id in self._in_charge(ticket):
            contact = self._uow.people.contact_of(person_id)
            if contact is not None and person_id != actor.person_id:
                self._push(contact, ticket, event, f"staff.{key}", params, ("ver", "tomar", "responder"))

    def to_official(self, person_id: int, ticket: Ticket, event: TicketEvent, key: str, **params: Param) -> None:
        """Tell one official."""
        contact = self._uow.people.contact_of(person_id)
        if contact is not None:
            self._push(contact, ticket, event, f"staff.{key}", params, ("ver", "responder"))

    def _in_charge(self, ticket: Ticket) -> Iterable[int]:
        if ticket.assignee_person_id is not None:
            return [ticket.assignee_person_id]
        officials = self._uow.people.officials(ticket.department)
        own = [each.person_id for each in officials if each.department == ticket.department]
        return own or [each.person_id for each in officials]

    def _push(
        self,
        contact: Contact,
        ticket: Ticket,
        event: TicketEvent,
        key: str,
        params: dict[str, Param],
        commands: tuple[str, ...],
        lead: str | None = None,
    ) -> None:
        if contact.unreachable_at is not None:
            return
        folio = folios.pretty(ticket.folio)
        choices = tuple(
            Choice(f"/{each} {ticket.folio}", self._town.words(f"button.{each}", contact.language, {"folio": folio}))
            for each in commands
        )
        facts = {"folio": folio, "what": self._what(ticket), **params}
        message = render.render(
            self._town.library, Reply(key, {"city": self._town.city.name, **facts}, choices), contact.language
        )
        if lead is not None:
            message = replace(message, text=f"{self._town.words(lead, contact.language, facts)}\n{message.text}")
        self._put(contact, ticket, event, message)

    def _put(self, contact: Contact, ticket: Ticket, event: TicketEvent, message: OutgoingMessage) -> None:
        is_new = self._uow.outbox.put(
            contact.address_id,
            message,
            now=self._now,
            kind=NoticeKind.NOTICE,
            ticket_id=ticket.id,
            dedupe_key=f"event:{event.id}:{contact.address_id}",
        )
        conversation = self._uow.conversations.get(contact.address_id) if is_new else None
        if conversation is not None and conversation.flow is None:
            self._uow.conversations.put(replace(conversation, offered=message.choices))

    def _what(self, ticket: Ticket) -> Param:
        service = self._town.library.services.get(ticket.service or "")
        if service is not None:
            return service.name
        return {language: self._town.words(f"kind.{ticket.kind}", language) for language in self._town.languages}
