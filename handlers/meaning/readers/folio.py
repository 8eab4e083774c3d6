"""A folio, anywhere in a text: where does it stand, unless the words around it say more."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from faq.text import tokens
from handlers.meaning.bid import Bid, Do
from handlers.meaning.situation import Situation
from handlers.texts import declare
from handlers.theirs import Theirs
from handlers.ticket import folio as folios

declare(__name__, "folio.typo")

#: A mistyped one is only meant where little else is said.
_TYPO_AT_MOST: Final = 24
_FEW_WORDS: Final = 3


def read(it: Situation) -> Iterator[Bid]:
    """One's own or anybody's; who works here gets the card."""
    if not it.text:
        return
    found = folios.read(it.text)
    if found is not None:
        few = len(tokens(it.text)) <= _FEW_WORDS
        do = Do("view" if it.is_official else "track", {"ticket": found})
        yield Bid("folio", "alone" if few else "among_words", 0.97 if few else 0.75, do, in_passing=not it.is_official)
    elif len(it.text) <= _TYPO_AT_MOST and it.form is None and folios.looks_like(it.text):
        yield Bid("folio", "typo", 0.8, partial(it.session.say, "folio.typo", said=Theirs(it.text)))
