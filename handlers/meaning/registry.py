"""All readers, the cheap and the dear: a new one is a file in `readers` and its name here."""

from collections.abc import Callable, Iterable
from typing import Final

from handlers.meaning.bid import Bid
from handlers.meaning.readers import (
    answer,
    choice,
    control,
    fact,
    folio,
    followup,
    form,
    free,
    manners,
    media,
    service,
    ticket,
    wish,
    word,
    work,
)
from handlers.meaning.situation import Situation

Read = Callable[[Situation], Iterable[Bid]]

#: By situation, words and patterns. Of equally sure ones the first wins.
CHEAP: Final[tuple[Read, ...]] = (
    choice.read,
    control.read,
    answer.read,
    word.read,
    folio.read,
    media.read,
    work.read,
    ticket.read,
    manners.read,
    wish.read,
    fact.read,
    followup.read,
    service.read,
)
#: By meaning; asked only where the cheap ones leave it open.
DEAR: Final[tuple[Read, ...]] = (form.read, free.read)
