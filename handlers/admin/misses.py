"""An administrator sees what people asked in vain, and makes answers of it."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, TypedDict, cast

from faq.search.grouping import Groups
from handlers.admin.articles.browse import matching
from handlers.admin.articles.publish import ways_to
from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow
from handlers.messages import Choice
from handlers.ports import Json, UnitOfWork
from handlers.shown.text import shortened
from handlers.texts import declare, under
from handlers.theirs import Theirs
from handlers.ticket.ticket import Role

declare(
    __name__,
    *under("misses", "none", "group", "new", "add", "search", "dismiss", "what", "dismissed", "which", "group_button"),
    "faq.words",
    "faq.none_found",
)

#: Older questions are not shown: what was really wanted was asked again since.
_LOOKED_BACK: Final = timedelta(days=90)
_GROUPS: Final = 8
_SAMPLES: Final = 3
_ARTICLES: Final = 3
_MARKS: Final = re.compile(r"\s?\[[^\[\]\s]*\]")


class Group(TypedDict):
    """Questions that ask for the same."""

    ids: list[int]
    #: The most typical first.
    samples: list[str]


def groups_of(uow: UnitOfWork, since: datetime, group: Callable[[Sequence[str]], Groups]) -> list[Group]:
    """The questions nobody has settled yet, put together by likeness, the most asked first."""
    missed = uow.misses.recent(since)
    return [
        {
            "ids": [missed[place].id for place in places],
            "samples": list(dict.fromkeys(missed[place].text for place in places))[:_SAMPLES],
        }
        for places in group([each.text for each in missed])
    ]


@flow("misses", command=("preguntas", "questions"), place=30, role=Role.ADMINISTRATOR)
def misses(chat: Chat) -> None:
    """The groups with their counts; one tap makes a new article, adds to one that is there, or dismisses."""
    noted = chat.recall("groups", lambda: cast(Json, _groups(chat)))
    groups = cast(list[Group], noted)
    if not groups:
        raise chat.stop("misses.none", choices=ways_to(chat, "home"))
    options = [Choice(str(place), _label(chat, each)) for place, each in enumerate(groups)]
    lines = "\n".join(line_of(each) for each in groups)
    chosen = groups[
        int(chat.choose("group", options, is_soft=True, lines=lines, n=sum(len(each["ids"]) for each in groups)))
    ]
    wording = _MARKS.sub("", chosen["samples"][0]).strip() or chosen["samples"][0]
    _settle(chat, chosen, wording)


def _groups(chat: Chat) -> list[Group]:
    return groups_of(chat.store, chat.now - _LOOKED_BACK, chat.town.group)[:_GROUPS]


def line_of(each: Group) -> str:
    """A group in a line: how many, and how it was said."""
    return f"• {len(each['ids'])} × " + " / ".join(f"«{Theirs(shortened(sample, 80))}»" for sample in each["samples"])


def _settle(chat: Chat, chosen: Group, wording: str) -> None:
    best = chat.recall("best", lambda: [each.id for each in matching(chat, wording, _ARTICLES)])
    articles = [
        article
        for name in (best if isinstance(best, list) else [])
        if (article := chat.town.article(str(name), chat.person.language))
    ]
    options = [
        Choice("new", chat.words("misses.new")),
        *(
            Choice(f"add{place}", chat.words("misses.add", title=article.title))
            for place, article in enumerate(articles)
        ),
        Choice("search", chat.words("misses.search")),
        Choice("dismiss", chat.words("misses.dismiss")),
    ]
    what = chat.choose("what", options, wording=Theirs(wording), n=len(chosen["ids"]))
    ids: Json = list(chosen["ids"])
    if what == "dismiss":
        chat.store.misses.settle(chosen["ids"], chat.now)
        return chat.say("misses.dismissed", choices=ways_to(chat, "misses", "home"))
    if what == "new":
        raise chat.go("faq_add", said={"wordings": wording}, misses=ids)
    article_id = articles[int(what[3:])].id if what.startswith("add") else _another(chat)
    raise chat.go("faq_edit", said={"id": article_id, "wording": wording}, misses=ids)


def _another(chat: Chat) -> str:
    words = chat.text("words", at_least=2, at_most=300, prompt="faq.words")
    found = matching(chat, words, _GROUPS)
    if not found:
        raise chat.stop("faq.none_found", choices=ways_to(chat, "misses", "home"), said=words)
    options = [Choice(each.id[:40], each.title) for each in found]
    chosen = chat.choose("which", options)
    return next(each.id for each in found if each.id[:40] == chosen)


def _label(chat: Chat, each: Group) -> str:
    return chat.words("misses.group_button", n=len(each["ids"]), wording=Theirs(shortened(each["samples"][0], 40)))
