"""Two readings of one message, or several tickets that it may be for: the person says which; the words are kept."""

from typing import Final

from handlers.conversation import beginning
from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow
from handlers.conversation.signals import Go
from handlers.messages import Choice
from handlers.ports import Json
from handlers.shown.ticket import facts
from handlers.texts import declare, under

declare(__name__, *under("which", "matter", "ticket", "none", "new"))

_NONE: Final = "none"
_NEW: Final = "new"


@flow("which")
def which(chat: Chat) -> None:
    """Which of two or three was meant; anything else is read anew."""
    offered = [each for each in _rows(chat.journal.answer("options")) if isinstance(each.get("do"), dict)]
    options = [Choice(str(number), str(each.get("label", ""))) for number, each in enumerate(offered, 1)]
    options.append(Choice(_NONE, chat.words("which.none")))
    chosen = chat.choose("matter", options, is_soft=True)
    if chosen == _NONE or not chosen.isdecimal() or int(chosen) > len(offered):
        raise chat.go("menu")
    do = beginning.from_json(offered[int(chosen) - 1]["do"])
    if do is None:
        raise chat.go("menu")
    raise Go(do.flow, do.said, do.answers)


@flow("which_ticket")
def which_ticket(chat: Chat) -> None:
    """Which of the person's tickets, or of an official's, the words are for."""
    folios = [str(each) for each in _list(chat.journal.answer("folios"))]
    found = [each for each in (chat.desk.find(folio) for folio in folios) if each is not None]
    options = [Choice(each.folio, "{folio} {what}".format_map(facts(chat, each))) for each in found]
    new = chat.journal.words("new")
    if new:
        options.append(Choice(_NEW, chat.words("which.new")))
    chosen = chat.choose("ticket", options, is_soft=True, prompt="which.ticket")
    runs, words, kind = (chat.journal.words(key) for key in ("runs", "words", "as"))
    if chosen == _NEW:
        raise chat.go(new, said={"group": words, "story": words} if words else {})
    if kind:
        raise chat.go(runs, said={"ticket": chosen}, **{"as": kind, "words": words})
    raise chat.go(runs, said={"ticket": chosen, **({"text": words} if words else {})})


def _rows(held: object) -> list[dict[str, Json]]:
    return [each for each in _list(held) if isinstance(each, dict)]


def _list(held: object) -> list[Json]:
    return held if isinstance(held, list) else []
