"""Another matter in the middle of a form: offered, and the form kept until the person says which it is to be."""

from typing import Final

from handlers import commands
from handlers.conversation import beginning, controls
from handlers.conversation.flow import FLOWS
from handlers.conversation.session import Session
from handlers.meaning.bid import Bid, Do
from handlers.texts import declare, under

declare(__name__, *under("form", "other", "other_switch", "other_keep"))

#: Where the journal of the form keeps what was offered; no question has such a name.
_KEY: Final = "_other"


def offer(session: Session, bid: Bid, do: Do) -> None:
    """Say that this is another matter; the form's question is not answered."""
    session.journal.put_recalled(_KEY, beginning.to_json(do))
    words, language = session.town.words, session.contact.language
    label = session.town.label(bid.label or {}, language)
    session.say(
        "form.other",
        choices=(
            commands.button(words("form.other_switch", language), controls.SWITCH),
            commands.button(words("form.other_keep", language), controls.RESUME),
        ),
        what=label,
    )


def switch(session: Session) -> bool:
    """Begin what was offered, while the form waits; False where nothing was."""
    do = beginning.from_json(session.journal.recalled(_KEY))
    if do is None or do.flow not in FLOWS:
        return False
    session.journal.drop(_KEY)
    session.start(FLOWS[do.flow], said=do.said, answers=do.answers)
    return True
