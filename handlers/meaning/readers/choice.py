"""A number, a letter or a label of what was offered, in every spelling; a yes to what was not sure."""

from collections.abc import Iterator
from functools import partial

from faq.speech import Act
from faq.speech.choices import chosen, lettered
from faq.text import fold
from handlers.commands import COMMANDS
from handlers.context import Context
from handlers.conversation.flow import FLOWS
from handlers.meaning.bid import Bid
from handlers.meaning.situation import Situation
from handlers.meaning.taps import choose
from handlers.messages import Choice
from handlers.texts import declare, under

declare(__name__, *under("unsure", "sure", "yes"))


def read(it: Situation) -> Iterator[Bid]:
    """What was offered last goes by numbers; what came over an open list by letters."""
    context: Context = it.session.context
    if context.unsure is not None and (it.only(Act.YES) or chosen(it.text, 1) == 0):
        yield Bid("choice", "yes", 0.99, partial(choose, it, context.unsure.id))
    at = lettered(it.text, len(context.lettered)) if context.lettered else None
    if at is not None:
        yield Bid("choice", "letter", 0.97, partial(_take, it, context.lettered[at], is_seen=context.is_covered))
    offered = it.session.offered
    if it.session.flow is not None or not offered or not it.text:
        return
    at = chosen(it.text, len(offered))
    found = offered[at] if at is not None else next((each for each in offered if _is_it(it.text, each)), None)
    if found is not None:
        yield Bid("choice", "number" if at is not None else "label", 0.98, partial(_take, it, found, is_seen=_seen(it)))


def _seen(it: Situation) -> bool:
    return not it.session.context.is_covered


def _is_it(text: str, choice: Choice) -> bool:
    return bool(fold(text)) and fold(text) == fold(choice.label)


def _take(it: Situation, choice: Choice, *, is_seen: bool) -> bool:
    """Nothing is taken by a number whose list is not what the person saw last, without a yes."""
    if is_seen or not _acts_at_once(choice):
        return choose(it, choice.id)
    ask(it, choice)
    return True


def ask(it: Situation, choice: Choice) -> None:
    """Whether this is meant."""
    it.session.remember(unsure=choice)
    yes = Choice(choice.id, it.town.words("unsure.yes", it.language))
    it.session.say("unsure.sure", choices=(yes,), what=choice.label)


def _acts_at_once(choice: Choice) -> bool:
    name = choice.id.removeprefix("/").partition(" ")[0].lower() if choice.id.startswith("/") else ""
    command = COMMANDS.get(name)
    flow = FLOWS.get(command.runs) if command else None
    return flow is not None and flow.acts_at_once
