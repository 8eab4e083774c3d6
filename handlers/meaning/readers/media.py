"""A photo or a pin by itself: for the ticket that was spoken of, or the beginning of a report."""

from collections.abc import Iterator

from handlers.context import Kind
from handlers.meaning.bid import Bid, Do
from handlers.meaning.readers.ticket import added
from handlers.meaning.situation import Situation


def read(it: Situation) -> Iterator[Bid]:
    """Outside of forms; words beside it are read with it."""
    if not (it.media or it.message.place) or it.form is not None:
        return
    spoken = it.last_ticket if it.last_is(Kind.NOTICE, Kind.RECEIPT, Kind.ADDED, Kind.STATUS) else None
    mine = {each.id for each in it.open_tickets}
    if spoken is not None and spoken.id in mine:
        is_near = spoken.id in it.waiting or it.last_is(Kind.RECEIPT, Kind.ADDED) or not it.text
        yield Bid("media", "spoken_of", 0.93 if is_near else 0.7, added(spoken, it.text))
    elif len(it.waiting) == 1 and not it.text:
        (ticket,) = (each for each in it.open_tickets if each.id in it.waiting)
        yield Bid("media", "asked", 0.9, added(ticket, it.text))
    elif mine and not it.text:
        folio_list = [each.folio for each in it.open_tickets[:6]]
        do = Do("which_ticket", answers={"runs": "added", "words": "", "folios": list(folio_list), "new": "report"})
        yield Bid("media", "which", 0.9, do)
    elif not it.text:
        yield Bid("media", "report", 0.9, Do("report"))
    else:
        yield Bid("media", "report_with_words", 0.61, Do("report", {"story": it.text}))
