"""Who may see and do what with a ticket. Asked again at every step: a menu or a button is no permission."""

from handlers.ports import Contact, Official, QueueScope
from handlers.ticket.ticket import Role, Ticket, TicketState
from handlers.town.town import Town


def is_author(contact: Contact, ticket: Ticket) -> bool:
    """Whether this person left the ticket."""
    return contact.person_id == ticket.author_person_id


def may_work_on(contact: Contact, ticket: Ticket) -> bool:
    """Whether this official may read all of the ticket and act on it: own department, whole town hall, or assigned."""
    if contact.role is None:
        return False
    if contact.role is Role.ADMINISTRATOR or contact.department is None:
        return True
    return ticket.department == contact.department or ticket.assignee_person_id == contact.person_id


def is_private(town: Town, ticket: Ticket) -> bool:
    """Whether it tells where somebody lives or suffers: nobody hears of it but its author and who may work on it.

    What services.yaml does not know any more is taken for private.
    """
    if ticket.service is None:
        return False
    service = town.library.services.get(ticket.service)
    return service is None or service.is_private


def may_be_shown(contact: Contact, town: Town, ticket: Ticket) -> bool:
    """Whether this person may learn anything of a ticket whose folio they have."""
    return not is_private(town, ticket) or is_author(contact, ticket) or may_work_on(contact, ticket)


def may_be_given(official: Official, ticket: Ticket) -> bool:
    """Whether a ticket may be assigned to this official."""
    return official.department is None or official.department == ticket.department


def may_move(contact: Contact, ticket: Ticket, to: TicketState) -> bool:
    """Whether this official may set that state from the ticket's present one, by hand."""
    return may_work_on(contact, ticket) and ticket.machine.may_move(ticket.state, to, contact.role)


def scope_of(contact: Contact, *, mine: bool = False, only_open: bool = True) -> QueueScope:
    """The part of the queue that this official sees."""
    department = None if contact.role is Role.ADMINISTRATOR else contact.department
    return QueueScope(department, contact.person_id if mine else None, only_open)
