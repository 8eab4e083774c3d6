"""Words about one's own tickets: more for one, "it is not fixed", "it is fixed", where does it stand, take it back."""

from collections.abc import Iterator, Sequence
from typing import Final

from faq.speech import Act
from faq.text import fold
from handlers.context import Kind
from handlers.meaning.bid import Bid, Do
from handlers.meaning.situation import Situation
from handlers.ports import Json
from handlers.ticket import folio as folios
from handlers.ticket.ticket import Ticket

_SPOKEN_OF: Final = (Kind.NOTICE, Kind.RECEIPT, Kind.ADDED, Kind.STATUS)
_FEW_WORDS: Final = 6
_OF_TICKETS: Final = (Act.STATUS, Act.MINE, Act.WITHDRAW, Act.ADD)
#: How sure it is that words right after a notice are for its ticket: with a question, and without.
_ASKED, _TOLD, _FILED = 0.8, 0.78, 0.66
#: Who asks something right after a question may mean another matter; after any other notice it is mostly that one.
_ASKS_INSTEAD, _ASKS = 0.25, 0.06
#: "Y mi otro reporte, ¿qué pasó?" is a question for where it stands.
_ASKS_AFTER_MINE: Final = 0.7
#: A question for where something stands names it from here on: then it is no report of the same.
_NAMED, _ASKED_BY_NAME = 0.3, 0.86
#: How an answer to a question begins, folded.
_ANSWERING: Final = ("si ", "no ", "yes ", "pues ", "pos ", "ya ")
#: Words that are about another ticket as plainly as this are not about the last one.
_OTHER_PLAINLY: Final = 0.7
#: ... and where something else was said in between.
_STILL_ASKED: Final = 0.62
#: Nothing but a place, while a question waits, is its answer.
_PLACE_ONLY: Final = 0.18


def read(it: Situation) -> Iterator[Bid]:
    """Nothing for who has none."""
    if not it.text or not _may_be_about_tickets(it):
        return
    if not it.tickets:  # asked for last: they are rows
        if it.form is None and it.only(Act.STATUS) and it.sure(Act.MINE):
            # What was begun and waits is theirs too.
            do = it.session.offer_aside if it.session.aside else Do("tickets")
            yield Bid("ticket", "status_of_none", 0.86, do)
        return
    yield from _status(it)
    if it.form is not None and it.named is None and not it.sure(Act.MINE) and not _is_right_after_notice(it):
        return  # a story may well say that something is as it was
    yield from _not_fixed(it)
    yield from _fixed(it)
    yield from _withdraw(it)
    yield from _add(it)
    yield from _more(it)


def quoted(it: Situation, ticket: Ticket) -> Do:
    """What a reply that quotes one of our messages about the ticket is."""
    if not ticket.is_open and it.sure(Act.FIXED) > it.sure(Act.NOT_FIXED):
        return _do("fixed", ticket, it.text)
    if it.text and it.sure(Act.STATUS) >= 0.8 and it.is_question and not it.media:
        return Do("track", {"ticket": ticket.folio})
    if it.only(Act.WITHDRAW):
        return Do("withdraw", {"ticket": ticket.folio})
    return added(ticket, it.text)


def _may_be_about_tickets(it: Situation) -> bool:
    """An official's words are about their work first; in a form only what is plainly about a ticket is."""
    if it.is_official and it.last_is(Kind.CARD):
        return False
    return it.form is None or it.named is not None or bool(it.sure(*_OF_TICKETS)) or _is_right_after_notice(it)


def _is_right_after_notice(it: Situation) -> bool:
    last = it.last
    return last is not None and last.kind is Kind.NOTICE and not last.is_past


def _not_fixed(it: Situation) -> Iterator[Bid]:
    sure = it.sure(Act.NOT_FIXED)
    if not sure:
        return
    target, lead = _target(it, it.ended_tickets)
    if target is not None and not target.is_open:
        yield _bid(
            it, "not_fixed", min(0.96, 0.62 + 0.34 * lead) * _bold(sure), _do("dispute", target, it.text), target
        )
    elif target is not None:
        yield _bid(it, "not_fixed_yet", (0.45 + 0.4 * lead) * _bold(sure), added(target, it.text), target)
    elif it.form is None and len(it.ended_tickets) > 1:
        yield _which(it, "not_fixed", 0.72 * _bold(sure), "dispute", it.ended_tickets)


def _fixed(it: Situation) -> Iterator[Bid]:
    sure = it.sure(Act.FIXED)
    if not sure or it.sure(Act.NOT_FIXED) >= sure:
        return
    target, lead = _target(it, it.tickets)
    if target is not None:
        do = added(target, it.text) if target.is_open else _do("fixed", target, it.text)
        yield _bid(it, "fixed", (0.55 + 0.4 * lead) * _bold(sure), do, target)


def _status(it: Situation) -> Iterator[Bid]:
    sure = max(it.sure(Act.STATUS), _ASKS_AFTER_MINE if it.sure(Act.MINE) and it.is_question else 0.0)
    if not sure:
        return
    target, lead = _target(it, it.tickets)
    if target is None and len(it.open_tickets) == 1:
        target, lead = it.open_tickets[0], 0.6
    if target is not None:
        do = Do("track", {"ticket": target.folio})
        certain = (0.82 + 0.16 * lead) * _bold(sure)
        # "¿Cómo va lo mío? Y otra cosa..." begins with the other thing.
        # Nor is it asked by who says that it is not mended.
        if it.is_question and it.about(target) >= _NAMED:
            certain = max(certain, _ASKED_BY_NAME)  # "¿y lo del ruido en qué quedó?"
        certain = min(certain, 0.8) if it.sure(Act.OTHER) or it.sure(Act.NOT_FIXED) >= sure else certain
        yield Bid("ticket", "status", certain, do, _label(it, target), in_passing=True)
    else:
        yield Bid("ticket", "status_of_all", 0.86 * _bold(sure), Do("tickets"))


def _withdraw(it: Situation) -> Iterator[Bid]:
    sure = it.sure(Act.WITHDRAW)
    target, lead = _target(it, it.open_tickets) if sure else (None, 0.0)
    if target is not None:
        yield _bid(it, "withdraw", (0.77 + 0.2 * lead) * _bold(sure), Do("withdraw", {"ticket": target.folio}), target)
    elif it.only(Act.CANCEL) and it.form is None and not it.session.aside and it.open_tickets:
        yield Bid("ticket", "withdraw_which", 0.9, Do("withdraw"))
    elif sure:
        yield Bid("ticket", "withdraw_which", 0.8 * _bold(sure), Do("withdraw"))


def _add(it: Situation) -> Iterator[Bid]:
    sure = it.sure(Act.ADD)
    if not sure:
        return
    target, lead = _target(it, it.open_tickets)
    says_more = not it.only(Act.ADD)
    if target is not None:
        do = added(target, it.text) if says_more else Do("add", {"ticket": target.folio})
        yield _bid(it, "add", (0.72 + 0.24 * lead) * _bold(sure), do, target)
    elif len(it.open_tickets) > 1:
        yield _which(it, "add", 0.85 * _bold(sure), "add", it.open_tickets, says_more=says_more)


def _more(it: Situation) -> Iterator[Bid]:
    """Words that fit what an official asked, or that follow right after a word of ours about a ticket."""
    if it.form is not None:
        return
    last, spoken = it.last, it.last_ticket if it.last_is(*_SPOKEN_OF) else None
    if last is not None and not last.is_past and spoken is not None and spoken.id in {each.id for each in it.tickets}:
        yield from _right_after(it, spoken)
        return
    if not it.waiting:
        return
    doubt = _ASKS_INSTEAD if it.is_question and it.fact is not None else 0.0
    waiting = [each for each in it.open_tickets if each.id in it.waiting]
    target, lead = it.best_of(waiting)
    if target is not None:
        sure = _STILL_ASKED + 0.2 * lead if len(waiting) == 1 else 0.5 + 0.3 * lead
        yield _bid(it, "still_asked", sure - doubt, added(target, it.text), target)
    elif len(waiting) > 1 and (it.size <= _FEW_WORDS or it.only(Act.YES, Act.NO)):
        yield _which(it, "asked", 0.8, "add", waiting, says_more=True)
    elif len(waiting) == 1:
        brief = it.size <= _FEW_WORDS or bool(it.only(Act.YES, Act.NO, Act.UNSURE))
        is_place = it.place is not None and it.place.is_whole
        sure = _STILL_ASKED + 0.06 + 0.1 * brief + _PLACE_ONLY * is_place - doubt
        yield _bid(it, "still_asked", sure, added(waiting[0], it.text), waiting[0])


def _right_after(it: Situation, ticket: Ticket) -> Iterator[Bid]:
    is_asked = ticket.id in it.waiting
    if ticket.rule.after_adding is None or (not ticket.is_open and it.sure(Act.FIXED) > it.sure(Act.NOT_FIXED)):
        return  # who says that it is mended opens nothing again
    about = it.about(ticket, it.said_of(ticket))
    is_notice = it.last_is(Kind.NOTICE)
    sure = _ASKED if is_asked or it.last_is(Kind.ADDED) else _TOLD if is_notice else _FILED
    if it.only(Act.YES, Act.NO, Act.UNSURE) and is_asked:
        sure = 0.94
    elif is_asked and fold(it.text).startswith(_ANSWERING):
        sure = 0.92
    elif is_asked and it.size <= _FEW_WORDS and not it.is_question:
        sure = 0.9
    if not ticket.is_open and not about:
        sure = 0.45
    if not is_asked and not about and not is_notice and it.size <= 2:
        sure = 0.3
    if it.is_question and not about:
        sure -= _ASKS_INSTEAD if is_asked else _ASKS
    if it.sure(Act.OTHER) and not about:
        sure -= 0.2
    why = "asked" if is_asked else "right_after"
    yield _bid(it, why, min(0.95, sure + 0.15 * about), added(ticket, it.text), ticket)


def _target(it: Situation, preferred: Sequence[Ticket]) -> tuple[Ticket | None, float]:
    """The ticket that is meant, and 0..1 how plainly."""
    mine = {each.id for each in it.tickets}
    if it.named is not None and it.named.id in mine:
        return it.named, 1.0
    best, lead = it.best_of(preferred)
    if it.last_ticket is not None and it.last_ticket.id in mine and it.last_is(*_SPOKEN_OF):
        best = None if best is not None and best.id == it.last_ticket.id else best
        return (best, 0.6) if best is not None and lead >= _OTHER_PLAINLY else (it.last_ticket, 0.95)
    if best is not None and len(preferred) > 1:
        return best, 0.5 + lead / 2
    if len(preferred) == 1:
        return preferred[0], 0.55 + 0.4 * it.about(preferred[0])
    return None, 0.0


def _do(flow: str, ticket: Ticket, text: str) -> Do:
    return Do(flow, {"ticket": ticket.folio, **({"text": text} if text else {})})


def added(ticket: Ticket, text: str) -> Do:
    """Into the ticket at once; photos and a pin go with it by themselves."""
    return _do("added", ticket, text)


def _bid(it: Situation, why: str, sure: float, do: Do, ticket: Ticket) -> Bid:
    return Bid("ticket", why, min(sure, 0.97), do, _label(it, ticket), in_passing=True)


def _which(
    it: Situation, why: str, sure: float, flow: str, tickets: Sequence[Ticket], *, says_more: bool = True
) -> Bid:
    """Of several: the person says which."""
    do = Do(
        "which_ticket",
        answers={
            "runs": ("added" if flow == "add" and says_more else flow),
            "words": it.text if says_more else "",
            "folios": list[Json](each.folio for each in tickets[:8]),
        },
    )
    return Bid("ticket", f"{why}_which", sure, do)


def _label(it: Situation, ticket: Ticket) -> dict[str, str]:
    names = it.ticket_names(ticket)
    return {each: f"{folios.pretty(ticket.folio)} {name}" for each, name in names.items()}


def _bold(sure: float) -> float:
    """A sign that is there is most of what there is to know."""
    return min(1.0, 0.6 + 0.45 * sure)
