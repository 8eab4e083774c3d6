"""An administrator sees what could not be sent, handled or carried out, one at a time, and says what becomes of it."""

from typing import Final, TypedDict, cast

from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow, known_flows
from handlers.conversation.signals import Stop
from handlers.dead_letter import DeadLetter, Outcome, Trouble, What
from handlers.ports import Json
from handlers.shown.buttons import button
from handlers.shown.text import shortened
from handlers.texts import declare, under
from handlers.ticket import folio as folios
from handlers.ticket.ticket import Role

declare(
    __name__,
    *under("dead_letters", "after none end again what left dropped many sure twice all_sure"),
    *under("dead_letters", "line_why line_twice line_channel line_folio line_file line_since line_error"),
    *under("dead_letters.what_options", "retry drop next all"),
    *under("dead_what", *What),
    *under("dead_why", *Trouble),
    *under("dead_outcome", *Outcome),
)

#: Tried again with one press.
ALL_AT_MOST: Final = 200
_ERROR_SHOWN: Final = 160


class Shown(TypedDict):
    """What was shown: the same at every replay, whatever became of it meanwhile."""

    key: str
    lines: str
    may_have_arrived: bool
    count: int


@flow("dead_letters", command=("fallos", "failures"), place=40, role=Role.ADMINISTRATOR, arguments=("after",))
def dead_letters(chat: Chat) -> None:
    """What, where, since when and why; never what it says. Tried again, dropped or left, by one press each."""
    after = chat.text("after", at_most=40) if chat.journal.has("after") else None
    shown = cast("Shown | None", chat.recall("shown", lambda: cast(Json, _first(chat, after))))
    if shown is None:
        raise _end(chat, after)
    names = ["retry", "drop", "next", *(["all"] if shown["count"] > 1 else [])]
    what = chat.choose("what", names, is_soft=True, lines=shown["lines"], n=shown["count"])
    if what == "all":
        return _retry_all(chat)
    is_over = what == "next" or (_retry(chat, shown) if what == "retry" else _drop(chat, shown))
    following = shown["key"] if is_over else after
    raise chat.go("dead_letters", after=following) if following else chat.go("dead_letters")


def _end(chat: Chat, after: str | None) -> Stop:
    if after is None:
        return chat.stop("dead_letters.none")
    again = button(chat, "dead_letters", label=chat.words("dead_letters.again"))
    return chat.stop("dead_letters.end", choices=[again])


def _first(chat: Chat, after: str | None) -> Shown | None:
    store = chat.store.dead_letters
    found = store.page(after, 1)
    if not found:
        return None
    letter = found[0]
    count = max(sum(store.counts().values()), 1)
    return Shown(key=letter.key, lines=_lines(chat, letter), may_have_arrived=letter.may_have_arrived, count=count)


def _lines(chat: Chat, letter: DeadLetter) -> str:
    words = chat.words
    facts = [words(f"dead_what.{letter.what}"), words("dead_letters.line_why", why=words(f"dead_why.{letter.trouble}"))]
    if letter.may_have_arrived:
        facts.append(words("dead_letters.line_twice"))
    if letter.channel is not None:
        facts.append(words("dead_letters.line_channel", channel=letter.channel))
    if letter.folio is not None:
        facts.append(words("dead_letters.line_folio", folio=folios.pretty(letter.folio)))
    if letter.file is not None:
        facts.append(words("dead_letters.line_file", file=letter.file))
    facts.append(words("dead_letters.line_since", since=letter.since, tries=letter.tries))
    if letter.error:
        facts.append(words("dead_letters.line_error", error=shortened(letter.error, _ERROR_SHOWN)))
    return "\n".join(facts)


def _retry(chat: Chat, shown: Shown) -> bool:
    """False where it was left; what may have arrived goes out again only after a word that says so."""
    if shown["may_have_arrived"] and not chat.confirm("twice"):
        return _left(chat)
    outcome = chat.store.dead_letters.retry(
        shown["key"], chat.now, flows=known_flows(), even_if_arrived=shown["may_have_arrived"]
    )
    chat.say(f"dead_outcome.{outcome}")
    return True


def _drop(chat: Chat, shown: Shown) -> bool:
    """False where it was left."""
    if not chat.confirm("sure"):
        return _left(chat)
    is_done = chat.store.dead_letters.drop(shown["key"], f"person {chat.person.person_id}", chat.now)
    chat.say("dead_letters.dropped" if is_done else f"dead_outcome.{Outcome.SETTLED}")
    return True


def _left(chat: Chat) -> bool:
    chat.say("dead_letters.left")
    return False


def _retry_all(chat: Chat) -> None:
    if not chat.confirm("all_sure", most=ALL_AT_MOST):
        return chat.say("dead_letters.left")
    became = chat.store.dead_letters.retry_all(chat.now, flows=known_flows(), at_most=ALL_AT_MOST)
    done = became.get(Outcome.DONE, 0)
    return chat.say("dead_letters.many", done=done, left=sum(became.values()) - done)
