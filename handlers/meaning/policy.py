"""The one policy: what goes before all others, who is asked when, and what is done with what the readers say.

Only danger, an explicit command, a tap and a quoted reply go first. Everything else competes: cheap readers always,
dear ones where the cheap ones leave it open. Then it is done, or asked in one line which is meant, or said that it is
not known.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.context import Kind
from handlers.conversation.session import Session
from handlers.meaning import acts, pieces
from handlers.meaning.bid import ACT, CERTAIN, CLOSE, PLAIN, RESIDENTS, Bid
from handlers.meaning.gates import GATES
from handlers.meaning.registry import CHEAP, DEAR
from handlers.meaning.situation import Situation
from handlers.messages import IncomingMessage

#: What leads to nothing that stands: it is read anew with the next piece.
_LEAVES_OPEN = ("nobody", "manners/", "free/ask")


@dataclass(frozen=True, slots=True)
class Decided:
    """Who read the message, for logs and rehearsals: names and scores, never words."""

    #: The gate or the reader that took it; "nobody" where nobody was sure enough.
    taken_by: str
    #: The readers that bid, the surest first: name and sureness.
    bids: tuple[tuple[str, float], ...] = ()


def decide(session: Session, message: IncomingMessage, media: tuple[int, ...]) -> Decided:
    """Handle one message in its chat."""
    whole = pieces.joined(session, message)
    before = session.nonce
    decided = _decide(Situation(session, whole, media))
    last = session.last
    is_answered = last is not None and last.kind is Kind.ARTICLE and last.at == session.now
    is_open = decided.taken_by.startswith(_LEAVES_OPEN) and not is_answered
    pieces.remember(session, whole, before, is_open=is_open)
    return decided


def _decide(it: Situation) -> Decided:
    for name, gate in GATES.items():
        if gate(it):
            return Decided(name)
    if pieces.belongs_to_form(it):
        return Decided("piece")
    bids = _bids(it)
    shown = tuple((each.name, round(each.sure, 2)) for each in bids[:5])
    first = bids[0] if bids and bids[0].sure >= ACT else None
    if first is None:
        acts.nobody(it)
    elif rivals := _rivals(bids):
        acts.ask_which(it, rivals)
    else:
        acts.do(it, first)
    return Decided(first.name if first else "nobody", shown)


def _bids(it: Situation) -> list[Bid]:
    """The surest first; of equals the one that comes first in the list of readers."""
    bids: list[Bid] = []
    for read in CHEAP:
        bids += read(it)
        if any(each.sure >= CERTAIN for each in bids):
            break  # a number, a control word, a place: nobody knows better
    if max((each.sure for each in bids), default=0.0) < PLAIN:
        bids += [bid for read in DEAR for bid in read(it)]
    if any(each.reader == "work" and each.sure >= ACT and each.why != "right_after" for each in bids):
        # An official's words about work are no resident's report.
        bids = [each for each in bids if each.reader not in RESIDENTS]
    return sorted(bids, key=lambda each: -each.sure)


def _rivals(bids: Sequence[Bid]) -> list[Bid]:
    """Those that are as good as the first, where the person can be asked which was meant."""
    first = bids[0]
    if first.label is None or first.sure >= PLAIN:
        return []
    near = [each for each in bids if each.label is not None and each.sure >= max(ACT, first.sure - CLOSE)]
    # Two readers that would do the same are no rivals.
    differing = list({str(each.label): each for each in reversed(near)}.values())
    return differing[::-1] if len(differing) > 1 else []
