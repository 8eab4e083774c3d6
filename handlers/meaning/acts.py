"""Does what was decided: begins the conversation, in passing where a form is open, or asks which was meant."""

from collections.abc import Sequence

from handlers.conversation import beginning
from handlers.conversation.flow import FLOWS
from handlers.meaning import other
from handlers.meaning.bid import RESIDENTS, Bid, Do
from handlers.meaning.situation import Situation
from handlers.ticket.role import suffices


def do(it: Situation, bid: Bid) -> None:
    """Act on the one that is sure."""
    if not isinstance(bid.do, Do):
        bid.do()
        return
    flow, session = FLOWS[bid.do.flow], it.session
    if it.is_official and bid.reader in RESIDENTS and flow.is_form and flow.role is None:
        # An official's free words never open a resident's form by themselves.
        ask_which(it, [bid])
        return
    if not suffices(session.contact.role, flow.role):
        nobody(it)
    elif it.form is None or bid.ends_form:
        if bid.ends_form:
            session.leave()
        session.start(flow, said=bid.do.said, answers=bid.do.answers, media=it.media, place=it.pin)
    elif bid.in_passing:
        session.in_passing(flow, said=bid.do.said, answers=bid.do.answers, media=it.media, place=it.pin)
    elif bid.label is None:
        # A word that names a flow is as plain as its command.
        session.start(flow, said=bid.do.said, answers=bid.do.answers)
    else:
        other.offer(session, bid, bid.do)


def ask_which(it: Situation, bids: Sequence[Bid]) -> None:
    """In one line: which of these is meant; the words are kept for whichever it is."""
    options = [
        {"label": it.town.label(each.label or {}, it.language), "do": beginning.to_json(each.do)}
        for each in bids[:3]
        if isinstance(each.do, Do)
    ]
    if it.form is not None:
        first = bids[0]
        other.offer(it.session, first, first.do) if isinstance(first.do, Do) else do(it, first)
        return
    it.session.start(FLOWS["which"], answers={"options": list(options)}, media=it.media, place=it.pin)


def nobody(it: Situation) -> None:
    """Nobody is sure: the question that waits says what it needs, or the counter says that it does not know."""
    session = it.session
    if session.flow is not None and session.hear(it.heard):
        return
    if it.text:
        session.start(FLOWS["ask"], said={"question": it.text}, media=it.media)
    else:
        session.start(FLOWS["report"], media=it.media, place=it.pin)
