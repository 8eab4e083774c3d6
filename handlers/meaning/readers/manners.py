"""Thanks, greetings, goodbye, laughter, insults: a short human word, never filed, never a missed question."""

from collections.abc import Iterator
from typing import Final

from faq.speech import Act
from handlers.meaning.bid import Bid, Do
from handlers.meaning.situation import Situation

#: The answer to each, below `smalltalk.`.
WORDS: Final = {
    Act.THANKS: "thanks",
    Act.GREETING: "greeting",
    Act.GOODBYE: "goodbye",
    Act.ROBOT: "robot",
    Act.INSULT: "insult",
    Act.NOISE: "noise",
    Act.HELP: "help",
    Act.APOLOGY: "help",
    Act.LATER: "later",
    Act.PRAISE_IT: "praise",
}
#: These may be an answer to what was asked: then they are.
_BEGINNINGS: Final = frozenset({Act.GREETING, Act.HELP})
_MAY_ANSWER: Final = frozenset({Act.NOISE, Act.LATER})


def read(it: Situation) -> Iterator[Bid]:
    """Where the words do nothing else."""
    for act, name in WORDS.items():
        sure = it.only(act)
        if not sure:
            continue
        if it.session.aside and act in _BEGINNINGS and it.session.flow is None:
            yield Bid("manners", "form_that_waits", 0.94, it.session.offer_aside)
        weight = 0.8 if act in _MAY_ANSWER else 0.93
        yield _bid(name, weight * min(1.0, sure + 0.1))
    if it.sure(Act.ROBOT) >= 0.8 and it.form is None:
        yield _bid("robot", 0.8)
    if it.sure(Act.INSULT) >= 0.8 and not it.tickets and it.plain_service is None and it.form is None:
        yield _bid("insult", 0.62)


def _bid(kind: str, sure: float) -> Bid:
    return Bid("manners", kind, sure, Do("smalltalk", answers={"kind": kind}), in_passing=True)
