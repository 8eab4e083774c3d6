"""Who hears of what, and in which words: every push starts here. A push is a reply that somebody else caused."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from handlers.desk import access
from handlers.desk.buttons import ticket_button
from handlers.desk.pushes import Pushed, Pushes
from handlers.desk.wording import Told, of_following, what_of
from handlers.messages import OutgoingMessage, Param, Reply
from handlers.ports import Contact, UnitOfWork
from handlers.texts import declare, under
from handlers.theirs import Theirs
from handlers.ticket import folio as folios
from handlers.ticket.ticket import Role, Ticket, TicketEvent
from handlers.town import render
from handlers.town.town import Town

declare(
    __name__,
    "notice.followed",
    *under("staff", "opened", "added", "reopened", "withdrawn", "assigned", "reassigned", "transferred", "private"),
    passes={"to_officials": "staff.{}".format, "to_official": "staff.{}".format},
)


class Notices:
    """Writes pushes about a ticket into the outbox, in each recipient's language, once for each event and chat."""

    def __init__(self, uow: UnitOfWork, town: Town, now: datetime) -> None:
        self._uow, self._town = uow, town
        self._pushes = Pushes(uow, now)

    def to_residents(self, ticket: Ticket, event: TicketEvent, told: Told) -> Pushed:
        """Tell the author in the chat where the ticket lives; what became of that.

        Whoever follows the ticket, whenever they joined, hears where it stands now and none of the words.
        """
        author = self._uow.people.contact(ticket.author_address_id)
        key = f"notice.{told.key}"
        ways_on = ("track",) if ticket.rule.after_adding is None else ("add", "track")
        pushed = self._push(author, ticket, event, key, told.params, ways_on, media=event.media)
        # An author who also follows was told as the author: a chat hears of an event once, and that was first.
        following = of_following(self._town, ticket)
        for follower in self.followers(ticket) if told.moves else ():
            self._push(follower, ticket, event, f"notice.{following.key}", following.params, ("track",))
        return pushed

    def reaches_author(self, ticket: Ticket) -> bool:
        """Whether anything arrives in the chat where the ticket lives."""
        author = self._uow.people.contact(ticket.author_address_id)
        return author.unreachable_at is None and (author.quiet_since is None or author.role is not None)

    def others(self, ticket: Ticket) -> int:
        """How many others hear where the ticket stands."""
        return sum(
            each.address_id != ticket.author_address_id and each.unreachable_at is None
            for each in self.followers(ticket)
        )

    def followers(self, ticket: Ticket) -> Sequence[Contact]:
        """The chats that follow it; nobody hears of a private one, whoever joined before it was."""
        return () if access.is_private(self._town, ticket) else self._uow.tickets.followers(ticket.id)

    def preview(self, ticket: Ticket, told: Told) -> str:
        """The words as the author will read them, in their language."""
        author = self._uow.people.contact(ticket.author_address_id)
        return self._worded(author, ticket, f"notice.{told.key}", told.params).text

    def to_officials(self, ticket: Ticket, event: TicketEvent, key: str, *, actor: Contact, **params: Param) -> None:
        """Tell the official in charge, or else those of the department, or else those of the whole town hall.

        What a private ticket says is not on a locked screen: they open it to read it.
        """
        if access.is_private(self._town, ticket):
            params, event = self._withheld(params), replace(event, media=())
        for person_id in self._in_charge(ticket):
            contact = self._uow.people.contact_of(person_id)
            if contact is not None and person_id != actor.person_id:
                self._push(contact, ticket, event, f"staff.{key}", params, _staff_ways(ticket), event.media, Role.AGENT)

    def to_official(self, person_id: int, ticket: Ticket, event: TicketEvent, key: str) -> Pushed:
        """Tell one official; what became of that."""
        contact = self._uow.people.contact_of(person_id)
        if contact is None:
            return Pushed.UNREACHABLE
        return self._push(contact, ticket, event, f"staff.{key}", {}, ("view", "answer"), role=Role.AGENT)

    def _withheld(self, params: Mapping[str, Param]) -> dict[str, Param]:
        """The same without what anybody wrote."""
        words = {each: self._town.words("staff.private", each) for each in self._town.languages}
        return {name: words if isinstance(value, str | Theirs) else value for name, value in params.items()}

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
        ways_on: tuple[str, ...],
        media: tuple[int, ...] = (),
        role: Role | None = None,
    ) -> Pushed:
        choices = tuple(ticket_button(self._town, contact.language, runs, ticket.folio) for runs in ways_on)
        message = replace(self._worded(contact, ticket, key, params), choices=choices, media=media, role=role)
        return self._pushes.put(contact, message, once=once_of(event), ticket_id=ticket.id, folio=ticket.folio)

    def _worded(self, contact: Contact, ticket: Ticket, key: str, params: Mapping[str, Param]) -> OutgoingMessage:
        facts = {
            "folio": folios.pretty(ticket.folio),
            "what": what_of(self._town, ticket),
            **params,
        }
        return render.render(self._town.library, Reply(key, facts), contact.language)


def once_of(event: TicketEvent) -> str:
    """What the pushes about one event are told apart from all others by; followed by the chat's id."""
    return f"event:{event.id}"


def _staff_ways(ticket: Ticket) -> tuple[str, ...]:
    if not ticket.is_open:
        return ("view",)
    return ("view", "take", "answer") if ticket.assignee_person_id is None else ("view", "answer")
