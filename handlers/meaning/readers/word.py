"""A word or two that name a flow: "queja", "mis folios"; a draft's label; an invitation's code."""

from collections.abc import Iterator
from typing import Final

from handlers.conversation.flow import FLOWS
from handlers.desk import invitation
from handlers.meaning.bid import Bid, Do
from handlers.meaning.situation import Situation
from handlers.texts import declare, under
from handlers.ticket.role import suffices

declare(
    __name__,
    *under("words", "ask", "report", "request", "complaint", "tickets", "track", "add", "withdraw", "privacy"),
    *under("words", "queue", "commands"),
)

_AT_MOST: Final = 60


def read(it: Situation) -> Iterator[Bid]:
    """Only the whole text."""
    if not 0 < len(it.text) <= _AT_MOST or it.form is not None:
        return
    code = invitation.read(it.text)
    if code is not None:
        yield Bid("word", "invitation", 0.97, Do("join_staff", {"code": code}))
    name = next(iter(it.town.meant(it.text)), "")
    flow = FLOWS.get(name)
    if flow is not None and suffices(it.session.contact.role, flow.role):
        yield Bid("word", flow.name, 0.96, Do(flow.name))
