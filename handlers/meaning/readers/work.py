"""An official's free words about work: asked first, never a resident's form without asking."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from faq.speech import Act
from handlers.context import Kind
from handlers.meaning.bid import Bid, Do
from handlers.meaning.situation import Situation
from handlers.ticket import folio as folios
from handlers.ticket.ticket import Ticket

#: What the words do, and how the flow `work` calls it; the more telling first.
ACTS: Final = {
    Act.RESOLVE: "resolve",
    Act.ROUTE: "route",
    Act.ASK_RESIDENT: "ask",
    Act.TAKE: "take",
    Act.NOTE: "note",
    Act.REJECT: "close",
}
_SURE: Final = 0.5
#: Words that are so plainly about a ticket of the queue are work on it.
_ABOUT: Final = 0.8
_CARD: Final = (Kind.CARD, Kind.NOTICE)
#: A notice of hours ago is not what an official looks at.
_JUST: Final = timedelta(hours=2)


def read(it: Situation) -> Iterator[Bid]:
    """Only for who has a role."""
    if not it.is_official or not it.text or it.form is not None:
        return
    if it.sure(Act.QUEUE):
        yield Bid("work", "queue", 0.9 * it.sure(Act.QUEUE), Do("queue"))
    kind, sure = _act(it)
    ticket = _ticket_of_last(it)
    if kind is None:
        # Right after a card, words that are nothing else are most likely for its ticket.
        about, lead = it.best_of(it.work) if not it.is_question else (None, 0.0)
        if ticket is not None and not it.is_question and it.size > 1:
            yield _bid(it, "right_after", 0.62 + 0.2 * it.about(ticket), _do("note", ticket, it.text), ticket)
        elif about is not None and lead >= _ABOUT:
            kind = "resolve" if it.sure(Act.FIXED, Act.RESOLVE) else "note"
            yield _bid(it, "about", 0.9, _do(kind, about, it.text), about)
        return
    if ticket is None:
        ticket, lead = it.best_of(it.work)
        if ticket is None and len(it.work) == 1:
            ticket, lead = it.work[0], 0.5
        if ticket is not None:
            yield _bid(it, kind, (0.6 + 0.3 * lead) * min(1.0, sure + 0.15), _do(kind, ticket, it.text), ticket)
        elif it.work:
            yield Bid("work", f"{kind}_which", 0.88 * min(1.0, sure + 0.15), _which(it, kind))
        return
    yield _bid(it, kind, 0.92 * min(1.0, sure + 0.15), _do(kind, ticket, it.text), ticket)


def quoted(it: Situation, ticket: Ticket) -> Do:
    """A reply that quotes a message about somebody's ticket: an answer to them, unless the words are work on it."""
    kind, sure = _act(it)
    if kind is None or sure < _SURE or it.media:
        return Do("answer", {"ticket": ticket.folio, **({"text": it.text} if it.text else {})})
    return _do(kind, ticket, it.text)


def _act(it: Situation) -> tuple[str | None, float]:
    # "Ya quedó" is what a resident says too; of an official it is work that is done.
    done = max(it.sure(Act.RESOLVE), it.sure(Act.FIXED))
    scored = {name: it.sure(act) for act, name in ACTS.items()} | {"resolve": done}
    kind = max(scored, key=lambda each: scored[each])
    return (kind, scored[kind]) if scored[kind] >= _SURE else (None, 0.0)


def _ticket_of_last(it: Situation) -> Ticket | None:
    if it.named is not None:
        return it.named
    last = it.last
    if last is None or last.kind not in _CARD or (last.kind is Kind.NOTICE and it.session.now - last.at > _JUST):
        return None
    return it.last_ticket


def _do(kind: str, ticket: Ticket, text: str) -> Do:
    return Do("work", {"ticket": ticket.folio}, {"as": kind, "words": text})


def _which(it: Situation, kind: str) -> Do:
    folio_list = [each.folio for each in it.work[:8]]
    return Do("which_ticket", answers={"runs": "work", "as": kind, "words": it.text, "folios": list(folio_list)})


def _bid(it: Situation, why: str, sure: float, do: Do, ticket: Ticket) -> Bid:
    names = it.ticket_names(ticket)
    label = {each: f"{folios.pretty(ticket.folio)} {name}" for each, name in names.items()}
    return Bid("work", why, min(0.97, sure), do, label)
