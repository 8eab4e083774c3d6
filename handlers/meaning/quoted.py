"""A reply that quotes one of our messages about a ticket: it is about that ticket, whatever menu is open."""

from typing import Final

from faq.speech.choices import chosen, lettered
from handlers.conversation.flow import FLOWS
from handlers.meaning import taps
from handlers.meaning.readers import ticket as tickets
from handlers.meaning.readers import work
from handlers.meaning.situation import Situation
from handlers.ticket.ticket import Ticket

#: Longer is no number.
_NUMBER_AT_MOST: Final = 24


def reply(it: Situation) -> bool:
    """Words, photos or a pin for the ticket that the quoted message was about."""
    if it.message.reply_to is None or not (it.text or it.media or it.message.place):
        return False
    contact = it.session.contact
    if _chosen(it):
        return True
    ticket_id = it.session.uow.outbox.ticket_of(it.message.address.channel, it.message.reply_to, contact.address_id)
    if ticket_id is None:
        return False
    ticket = it.session.uow.tickets.by_id(ticket_id)
    if _is_of_this_form(it, ticket):
        return False
    do = work.quoted(it, ticket) if _works_on(it, ticket) else tickets.quoted(it, ticket)
    it.session.start(FLOWS[do.flow], said=do.said, answers=do.answers, media=it.media, place=it.pin)
    return True


def _chosen(it: Situation) -> bool:
    """A number or a letter means a row of the list that is quoted."""
    if not it.text or len(it.text) > _NUMBER_AT_MOST:
        return False
    address, reply_to = it.message.address, it.message.reply_to or ""
    offered = it.session.uow.outbox.choices_of(address.channel, reply_to, it.session.contact.address_id)
    at = chosen(it.text, len(offered)) if offered else None
    if at is None and offered:
        at = lettered(it.text, len(offered))
    return at is not None and taps.choose(it, offered[at].id)


def _is_of_this_form(it: Situation, ticket: Ticket) -> bool:
    """Words for one resident must not slip into the answer to another that is just being written."""
    flow = it.session.flow
    return flow is not None and flow.role is not None and it.session.ticket == ticket.folio


def _works_on(it: Situation, ticket: Ticket) -> bool:
    return it.is_official and ticket.author_person_id != it.session.contact.person_id
