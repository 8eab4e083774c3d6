"""The administrators' way into what the counter knows: themes, lists, search; everything else is a button from here."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from faq.model import Article
from faq.text import fold
from handlers.admin.articles.publish import ways_to
from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow
from handlers.messages import Choice
from handlers.shown.buttons import button
from handlers.texts import declare, under
from handlers.ticket.ticket import Role

declare(
    __name__,
    *under(
        "faq",
        "what theme_button stale_button withdrawn_button home none_found more listed words found stale "
        "withdrawn no_theme",
    ),
)

#: Articles a page.
PAGE: Final = 8

#: Words after the command, and the flow they open with what follows as its id.
_OPENS: Final = {
    **dict.fromkeys(("ver", "view"), "faq_view"),
    **dict.fromkeys(("editar", "edit"), "faq_edit"),
    **dict.fromkeys(("retirar", "withdraw"), "faq_withdraw"),
    **dict.fromkeys(("restaurar", "restore"), "faq_restore"),
    **dict.fromkeys(("historia", "history"), "faq_history"),
    **dict.fromkeys(("deshacer", "undo"), "faq_undo"),
}


@flow("faq", command="faq", place=20, role=Role.ADMINISTRATOR, arguments=("what",))
def faq(chat: Chat) -> None:
    """Counts and themes, or what the words after the command ask for; any other words are looked for."""
    words = chat.text("what", at_most=300) if chat.journal.has("what") else ""
    verb, _, rest = words.partition(" ")
    if verb in _OPENS and rest:
        raise chat.go(_OPENS[verb], said={"id": rest.strip()})
    if verb in {"nueva", "new"}:
        raise chat.go("faq_add")
    shows: Mapping[str, Callable[[Chat, str], None]] = {
        **dict.fromkeys(("tema", "theme"), _theme),
        **dict.fromkeys(("buscar", "search"), _search),
        **dict.fromkeys(("retiradas", "withdrawn"), _withdrawn),
        **dict.fromkeys(("vencidas", "stale"), _stale),
    }
    if not words:
        return _home(chat)
    if verb in shows:
        return shows[verb](chat, rest.strip())
    return _search(chat, words)


def all_articles(chat: Chat) -> list[Article]:
    """Every article once, in the administrator's language or in Spanish, by title."""
    ids = dict.fromkeys(name for articles in chat.town.library.articles.values() for name in articles)
    found = (chat.town.article_as_written(name, chat.person.language) for name in ids)
    return sorted((each for each in found if each), key=lambda each: fold(each.title))


def matching(chat: Chat, words: str, most: int) -> list[Article]:
    """The articles that words may mean: by the answer engine, then by letters."""
    found = [match.article for match in chat.town.ask(words, chat.person.language).matches if match.score > 0.02]
    folded = fold(words)
    by_letters = [
        each.id for each in all_articles(chat) if folded in fold(f"{each.id} {each.title} {' '.join(each.questions)}")
    ]
    ids = dict.fromkeys([*by_letters[:most], *found])
    articles = (chat.town.article_as_written(name, chat.person.language) for name in ids)
    return [each for each in articles if each][:most]


def openers(chat: Chat, articles: Sequence[Article]) -> list[Choice]:
    """A button each."""
    ways = [button(chat, "faq", "ver", each.id, label=each.title) for each in articles]
    return [each for each in ways if each.fits]


def _home(chat: Chat) -> None:
    articles = all_articles(chat)
    stale = sum(1 for each in articles if each.valid_until and each.valid_until < chat.today)
    gone = len(chat.store.content_changes.withdrawn())
    ways = [*ways_to(chat, "new", "search", "misses")]
    for name in (*chat.town.city.themes, "-"):
        n = len(_of_theme(chat, articles, name))
        if n:
            label = chat.words("faq.theme_button", theme=_theme_label(chat, name), n=n)
            ways.append(button(chat, "faq", "tema", name, label=label))
    if stale:
        ways.append(button(chat, "faq", "vencidas", label=chat.words("faq.stale_button", n=stale)))
    if gone:
        ways.append(button(chat, "faq", "retiradas", label=chat.words("faq.withdrawn_button", n=gone)))
    chat.say("faq.home", choices=ways, n=len(articles))


def _theme(chat: Chat, said: str) -> None:
    name, _, page = said.partition(" ")
    number = max(1, int(page)) if page.isdecimal() and len(page) < 4 else 1
    articles = _of_theme(chat, all_articles(chat), name)
    if not articles:
        raise chat.stop("faq.none_found", choices=ways_to(chat, "home", "search"), said=name)
    shown = articles[(number - 1) * PAGE : number * PAGE]
    ways = openers(chat, shown)
    if len(articles) > number * PAGE:
        more = chat.words("faq.more", n=len(articles) - number * PAGE)
        ways.append(button(chat, "faq", "tema", name, str(number + 1), label=more))
    chat.say("faq.listed", choices=[*ways, *ways_to(chat, "home")], theme=_theme_label(chat, name), n=len(articles))


def _search(chat: Chat, said: str) -> None:
    words = said or chat.text("words", at_least=2, at_most=300)
    found = matching(chat, words, PAGE)
    ways = ways_to(chat, "search", "new", "home")
    if not found:
        raise chat.stop("faq.none_found", choices=ways, said=words)
    chat.say("faq.found", choices=[*openers(chat, found), *ways], said=words, n=len(found))


def _stale(chat: Chat, _said: str) -> None:
    stale = [each for each in all_articles(chat) if each.valid_until and each.valid_until < chat.today]
    chat.say("faq.stale", choices=[*openers(chat, stale), *ways_to(chat, "home")], n=len(stale))


def _withdrawn(chat: Chat, _said: str) -> None:
    gone = chat.store.content_changes.withdrawn(limit=PAGE)
    labels = {each.id: f"{each.path.rpartition('/')[2]} ({each.path.partition('/')[0]})" for each in gone}
    ways = [button(chat, "faq", "restaurar", str(number), label=label) for number, label in labels.items()]
    chat.say("faq.withdrawn", choices=[*ways, *ways_to(chat, "home")], n=len(gone))


def _of_theme(chat: Chat, articles: Sequence[Article], name: str) -> list[Article]:
    return [each for each in articles if (each.theme if each.theme in chat.town.city.themes else "-") == name]


def _theme_label(chat: Chat, name: str) -> str:
    label = chat.town.city.themes.get(name)
    return chat.town.label(label, chat.person.language) if label else chat.words("faq.no_theme")
