"""One fact, asked for by name: what a follow-up to an answer opens ("¿y cuánto cuesta?")."""

from faq.facts import Fact, asked, offices_in
from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow
from handlers.shown.buttons import button
from handlers.shown.fact import tell_fact
from handlers.texts import declare, under

declare(__name__, *under("fact", "about", "which", "no_such"))


@flow("fact", command=("dato", "fact"), arguments=("about", "which"))
def fact(chat: Chat) -> None:
    """Of an article or an office, by its id or an office's name; the fact by its id or in words."""
    about = chat.text("about", at_most=80)
    which = _fact(chat.text("which", at_most=80))
    article = chat.town.article(about, chat.person.language)
    departments = chat.town.library.departments
    department = None if article else departments.get(about) or departments.get(offices_in(about, departments) or "")
    if which is None or (article is None and department is None):
        raise chat.stop("fact.no_such", choices=[button(chat, "menu")])
    tell_fact(chat, which, article=article, department=department)


def _fact(words: str) -> Fact | None:
    named = next((each for each in Fact if each.value == words.lower()), None)
    if named is not None:
        return named
    found = asked(words)
    return found.fact if found else None
