"""A change of the content on its way: kept with the conversation, written into the files by the edge soon after."""

from collections.abc import Sequence

from faq.model import Article
from faq.writing import with_value
from handlers.admin.articles.draft import Draft
from handlers.content_change import ChangeState
from handlers.conversation.chat import Chat
from handlers.conversation.signals import Stop
from handlers.messages import Choice
from handlers.shown.buttons import button


def publish(chat: Chat, draft: Draft, note: str) -> None:
    """Keep a draft as a change, unless the file is another one by now; questions it answers are settled."""
    if not draft.is_changed:
        raise chat.stop("faq.nothing_changed", choices=ways_to(chat, "home"))
    raise_if_changed(chat, draft.path, draft.previous)
    _keep(chat, draft.path, draft.previous, draft.text, note)
    missed = chat.journal.answer("misses")
    ids = [each for each in missed if isinstance(each, int)] if isinstance(missed, list) else []
    if ids:
        chat.store.misses.settle(ids, chat.now)
    chat.say("faq.saved", choices=ways_to(chat, "home", "misses"))


def withdraw(chat: Chat, article_id: str, note: str) -> None:
    """Take an article away in every language, and out of the articles that name it as related."""
    library = chat.town.library
    for article in [each for articles in library.articles.values() for each in articles.values()]:
        source = library.sources.get(article.file)
        if source is None:
            continue
        if article.id == article_id:
            raise_if_changed(chat, article.file, source)
            _keep(chat, article.file, source, None, note)
        elif article_id in article.related:
            left = [each for each in article.related if each != article_id]
            _keep(chat, article.file, source, with_value(source, "related", left), "edited")


def bring_back(chat: Chat, path: str, text: str, note: str) -> None:
    """Put an earlier text of a file in the place of the present one."""
    _keep(chat, path, chat.town.library.sources.get(path), text, note)


def without_lost_relations(chat: Chat, article: Article, text: str) -> str:
    """The text without the related articles that are gone by now."""
    library = chat.town.library
    known = {*library.articles.get(article.language, {}), *library.articles.get(chat.town.languages[0], {})}
    left = [each for each in article.related if each in known]
    return text if len(left) == len(article.related) else with_value(text, "related", left)


def raise_if_changed(chat: Chat, path: str, previous: str | None) -> None:
    """Stop where somebody else changed the file meanwhile, or a change of it is still on its way."""
    latest = next(iter(chat.store.content_changes.of(path, limit=1)), None)
    if latest is not None and latest.state is ChangeState.PENDING:
        raise _stop(chat, "faq.on_its_way")
    if chat.town.library.sources.get(path) != previous:
        raise _stop(chat, "faq.changed_meanwhile")


def ways_to(chat: Chat, *names: str) -> list[Choice]:
    """Buttons of the administrators' own commands."""
    commands = {"home": ("faq",), "misses": ("misses",), "new": ("faq", "nueva"), "search": ("faq", "buscar")}
    return [button(chat, *commands[name], label=chat.words(f"faq_button.{name}")) for name in names]


def article_way(chat: Chat, name: str, article_id: str) -> Sequence[Choice]:
    """A button that does something with an article; none where its id does not fit into one."""
    verbs = {"view": "ver", "edit": "editar", "withdraw": "retirar", "history": "historia"}
    way = button(chat, "faq", verbs[name], article_id, label=chat.words(f"faq_button.{name}"))
    return [way] if way.fits else []


def _stop(chat: Chat, key: str) -> Stop:
    return chat.stop(key, choices=ways_to(chat, "home"))


def _keep(chat: Chat, path: str, previous: str | None, text: str | None, note: str) -> None:
    chat.store.content_changes.add(path, previous, text, person_id=chat.person.person_id, note=note, now=chat.now)
