"""The counter's desk: everything that can be done with a ticket, each with its check, its history and its notices."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from faq.model import Duration, Service
from handlers.desk import access, wording
from handlers.desk.notices import Notices
from handlers.desk.pushes import Pushed
from handlers.errors import Refused
from handlers.messages import OutgoingMessage, Place
from handlers.ports import Contact, Official, UnitOfWork
from handlers.texts import declare, under
from handlers.theirs import Theirs
from handlers.ticket import folio as folios
from handlers.ticket.states import machine_of
from handlers.ticket.ticket import EventKind, Ticket, TicketEvent, TicketKind, TicketState
from handlers.town.town import Town

declare(
    __name__,
    *under("ticket", "cannot_add cannot_withdraw cannot_assign cannot_move cannot_transfer cannot_follow not_yours"),
)

#: Reports of the same service within this many metres are taken for the same thing.
SAME_PLACE_METRES = 50.0


class Desk:
    """The desk as one person stands before it. Raises Refused where the role or the state does not allow something."""

    def __init__(
        self, uow: UnitOfWork, town: Town, contact: Contact, now: datetime, choice: Callable[[Sequence[str]], str]
    ) -> None:
        self.uow, self.town, self.contact, self.now = uow, town, contact, now
        self.notices = Notices(uow, town, now)
        #: Counts what was changed, so that the engine can tell a flow that acts and then asks.
        self.effects = 0
        #: What became of the last notice to a ticket's author, and of the last to one official.
        self.author_told = self.official_told = Pushed.REPEATED
        self._choice = choice

    # -- looking ----------------------------------------------------------------------------------------------------

    def find(self, folio: str) -> Ticket | None:
        """The ticket of a folio in its normal form."""
        return self.uow.tickets.by_folio(folio)

    def mine(self, limit: int = 10) -> tuple[Ticket, ...]:
        """What this person left or follows."""
        found = self.uow.tickets.of_person(self.contact.person_id, limit=limit)
        return tuple(each for each in found if access.may_be_shown(self.contact, self.town, each))

    def open_report_near(self, service: Service, place: Place) -> str | None:
        """Folio of an open report of the same thing in the same place, somebody else's; none of a private service."""
        if service.is_private or place.latitude is None or place.longitude is None:
            return None
        found = self.uow.tickets.open_near(service.code, place.latitude, place.longitude, SAME_PLACE_METRES)
        if found is None or found.author_person_id == self.contact.person_id:
            return None
        return found.folio

    # -- residents --------------------------------------------------------------------------------------------------

    def open_report(
        self, service: Service, place: Place, story: str, media: Sequence[int] = (), *, is_dangerous: bool = False
    ) -> Ticket:
        """File a report on a public service; with a danger recognised in its words it is urgent."""
        return self._open(
            TicketKind.REPORT,
            service.department,
            story,
            service.resolve_within,
            service=service.code,
            place=place,
            is_urgent=service.is_urgent or is_dangerous,
            media=tuple(media),
        )

    def open_request(self, what: str, delivery: str) -> Ticket:
        """File a request for public information. Source of its term: the town's legal profile in city.yaml."""
        within = Duration(self.town.city.legal.answer_days, "days")
        return self._open(
            TicketKind.INFORMATION_REQUEST, self.town.city.desks["transparency"], what, within, delivery=delivery
        )

    def open_complaint(self, what: str, place: Place | None = None, media: Sequence[int] = ()) -> Ticket:
        """File a complaint about treatment or service."""
        within = Duration(self.town.city.complaint_answer_days, "days")
        return self._open(
            TicketKind.COMPLAINT, self.town.city.desks["complaints"], what, within, place=place, media=tuple(media)
        )

    def follow(self, ticket: Ticket) -> None:
        """Join somebody else's report: hear what comes of it. None that is private can be joined."""
        if access.is_private(self.town, ticket):
            raise Refused("ticket.cannot_follow")
        self.effects += 1
        if self.uow.tickets.follow(ticket.id, self.contact.address_id, self.now):
            self._record(ticket, EventKind.FOLLOWED, is_public=False)

    def add(self, ticket: Ticket, text: str | None, media: Sequence[int] = ()) -> Ticket:
        """Add words or photos to one's own ticket. A solved one is opened again, one that waited goes on."""
        state = ticket.rule.after_adding
        if state is None or not access.is_author(self.contact, ticket):
            raise Refused("ticket.cannot_add")
        changed = self._save(ticket, replace(ticket.moved(state, self.now), media=(*ticket.media, *media)))
        event = self._record(changed, EventKind.ADDED, ticket.state, state, text=text, media=tuple(media))
        key = "reopened" if changed.was_reopened(event) else "added"
        self.notices.to_officials(
            changed, event, key, actor=self.contact, text=Theirs(text or "", is_block=True), n=len(media)
        )
        return changed

    def confirm(self, ticket: Ticket, text: str | None) -> None:
        """The author says that it was fixed: written down for whoever looks; the ticket stands as it is."""
        if not access.is_author(self.contact, ticket):
            raise Refused("ticket.cannot_add")
        self.effects += 1
        self._record(ticket, EventKind.ADDED, ticket.state, ticket.state, text=text)

    def withdraw(self, ticket: Ticket) -> Ticket:
        """Take one's own ticket back."""
        state = ticket.rule.after_withdrawal
        if state is None or not access.is_author(self.contact, ticket):
            raise Refused("ticket.cannot_withdraw")
        changed = self._save(ticket, ticket.moved(state, self.now))
        event = self._record(changed, changed.rule.event, ticket.state, state)
        self.notices.to_officials(changed, event, "withdrawn", actor=self.contact)
        return changed

    # -- officials --------------------------------------------------------------------------------------------------

    def take(self, ticket: Ticket) -> Ticket:
        """Take a ticket into one's own hands."""
        changed, _ = self._assign(ticket, self.contact.person_id, EventKind.TAKEN)
        return changed

    def assign(self, ticket: Ticket, official: Official) -> Ticket:
        """Give a ticket to an official of its department."""
        if not access.may_be_given(official, ticket):
            raise Refused("ticket.cannot_assign")
        changed, event = self._assign(ticket, official.person_id, EventKind.ASSIGNED)
        if official.person_id != self.contact.person_id:
            self.official_told = self.notices.to_official(official.person_id, changed, event, "assigned")
        return changed

    def answer(self, ticket: Ticket, text: str, *, to: TicketState | None = None, media: Sequence[int] = ()) -> Ticket:
        """Write to the resident, with photos perhaps, and perhaps move the ticket with the same words."""
        self._must_work_on(ticket)
        state = to or ticket.state
        if state is not ticket.state and not access.may_move(self.contact, ticket, state):
            raise Refused("ticket.cannot_move")
        changed = self._save(ticket, ticket.moved(state, self.now))
        event = self._record(changed, EventKind.ANSWERED, ticket.state, state, text=text, media=tuple(media))
        self.author_told = self.notices.to_residents(changed, event, wording.of_answer(self.town, ticket, text, to))
        return changed

    def note(self, ticket: Ticket, text: str) -> None:
        """Note something that never leaves the town hall."""
        self._must_work_on(ticket)
        self.effects += 1
        self._record(ticket, EventKind.NOTED, text=text, is_public=False)

    def move(self, ticket: Ticket, to: TicketState, why: str) -> Ticket:
        """Set another state, with a word on why that the resident reads."""
        self._must_work_on(ticket)
        if not access.may_move(self.contact, ticket, to):
            raise Refused("ticket.cannot_move")
        changed = self._save(ticket, ticket.moved(to, self.now))
        event = self._record(changed, changed.rule.event, ticket.state, to, text=why)
        self.author_told = self.notices.to_residents(changed, event, wording.of_move(self.town, ticket, to, why))
        return changed

    def transfer(self, ticket: Ticket, department: str, why: str) -> Ticket:
        """Send the ticket to another department; its clock runs on."""
        self._must_work_on(ticket)
        state = ticket.rule.after_transfer
        if state is None or department == ticket.department:
            raise Refused("ticket.cannot_transfer")
        after = replace(ticket.moved(state, self.now), department=department, assignee_person_id=None)
        changed = self._save(ticket, after)
        details = {"from_department": ticket.department, "to_department": department}
        event = self._record(changed, EventKind.TRANSFERRED, ticket.state, state, text=why, details=details)
        self.author_told = self.notices.to_residents(changed, event, wording.of_transfer(self.town, department, why))
        self.notices.to_officials(changed, event, "transferred", actor=self.contact, text=why)
        return changed

    def accept_invitation(self, code_hash: str) -> Official | None:
        """Use an invitation up; None if it is unknown, used or expired. The chat's command menu follows the role."""
        self.effects += 1
        official = self.uow.invitations.accept(code_hash, self.contact.person_id, self.now)
        if official is not None:
            menu = OutgoingMessage("", command_menu=official.role.value)
            self.uow.outbox.put(self.contact.address_id, menu, now=self.now)
        return official

    # -- parts ------------------------------------------------------------------------------------------------------

    def _open(
        self,
        kind: TicketKind,
        department: str,
        story: str,
        within: Duration,
        *,
        service: str | None = None,
        place: Place | None = None,
        delivery: str | None = None,
        is_urgent: bool = False,
        media: tuple[int, ...] = (),
    ) -> Ticket:
        self.effects += 1
        received_at = self.town.calendar.received_at(self.now)
        due_at = self.town.calendar.deadline(self.now if within.unit == "natural_hours" else received_at, within)
        ticket = None
        while ticket is None:
            ticket = self.uow.tickets.add(
                Ticket(
                    id=0,
                    folio=folios.new(self._choice),
                    kind=kind,
                    state=machine_of(kind).first,
                    department=department,
                    service=service,
                    story=story,
                    place=place,
                    delivery=delivery,
                    author_person_id=self.contact.person_id,
                    author_address_id=self.contact.address_id,
                    assignee_person_id=None,
                    opened_at=self.now,
                    received_at=received_at,
                    due_at=due_at,
                    updated_at=self.now,
                    is_urgent=is_urgent,
                    media=media,
                )
            )
        event = self._record(ticket, EventKind.OPENED, None, ticket.state)
        text = Theirs(story[:300], is_block=True)
        self.notices.to_officials(ticket, event, "opened", actor=self.contact, text=text, due_at=due_at)
        return ticket

    def _assign(self, ticket: Ticket, person_id: int, kind: EventKind) -> tuple[Ticket, TicketEvent]:
        self._must_work_on(ticket)
        state = ticket.rule.after_taking
        if state is None:
            raise Refused("ticket.cannot_assign")
        changed = self._save(ticket, replace(ticket.moved(state, self.now), assignee_person_id=person_id))
        event = self._record(changed, kind, ticket.state, state, details={"assignee": str(person_id)})
        if state is not ticket.state:
            self.author_told = self.notices.to_residents(changed, event, wording.of_taking(self.town, ticket))
        before = ticket.assignee_person_id
        if before not in {None, person_id, self.contact.person_id}:
            self.notices.to_official(before, changed, event, "reassigned")
        return changed, event

    def _must_work_on(self, ticket: Ticket) -> None:
        if not access.may_work_on(self.contact, ticket):
            raise Refused("ticket.not_yours")

    def _save(self, before: Ticket, after: Ticket) -> Ticket:
        self.effects += 1
        return self.uow.tickets.save(before, replace(after, updated_at=self.now))

    def _record(
        self,
        ticket: Ticket,
        kind: EventKind,
        from_state: TicketState | None = None,
        to_state: TicketState | None = None,
        *,
        text: str | None = None,
        is_public: bool = True,
        details: dict[str, str] | None = None,
        media: tuple[int, ...] = (),
    ) -> TicketEvent:
        return self.uow.tickets.record(
            TicketEvent(
                ticket.id,
                kind,
                self.now,
                self.contact.person_id,
                from_state,
                to_state,
                text,
                is_public,
                details or {},
                media,
            )
        )
