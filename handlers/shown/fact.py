"""One fact of an article or an office in one line, or that the town has not confirmed it and where to ask."""

from faq.facts import Fact, of_article, of_office
from faq.model import Article, Department
from handlers.conversation.chat import Chat
from handlers.messages import Param
from handlers.shown.buttons import button
from handlers.shown.office import whom_to_ask
from handlers.texts import declare, under

declare(
    __name__,
    "article.ask_rest",
    *under("fact", "told", "checked", "unconfirmed", "ask_at", "whole"),
    *under("fact.label", *Fact),
    *under("fact.what", *Fact),
)

_OF_OFFICES = frozenset({Fact.HOURS, Fact.PLACE, Fact.PHONE})


def tell_fact(chat: Chat, fact: Fact, *, article: Article | None = None, department: Department | None = None) -> bool:
    """Say one fact, with a way to the whole answer; whether it was known.

    department: the office that is asked of; without it, the article's own. Of the texts' parameters `fact`, `article`
    and `department` are ids, for whoever has to tell which fact was given.
    """
    office = chat.town.office(department.id if department else article.office if article else None)
    value = _value(fact, article, office)
    language = article.language if article else chat.person.language
    title = article.title if article else chat.town.label(office.name, language) if office else chat.town.city.name
    params: dict[str, Param] = {
        "title": title,
        "fact": fact.value,
        "article": article.id if article else None,
        "department": office.id if office else None,
    }
    whole = [button(chat, "article", article.id, label=chat.words("fact.whole"))] if article else []
    ways, menu = [each for each in whole if each.fits], [button(chat, "menu")]
    if value is None:
        desk = whom_to_ask(chat, office.id if office else None, language=language)
        ask = " " + chat.town.words("fact.ask_at", language, {"office": desk}) if desk else ""
        what = chat.town.words(f"fact.what.{fact}", language)
        chat.tell("fact.unconfirmed", {**params, "what": what, "ask": ask}, choices=ways, controls=menu)
        return False
    label = chat.town.words(f"fact.label.{fact}", language)
    day = article.verified_on if article else None
    checked = " " + chat.town.words("fact.checked", language, {"verified_on": day}) if day else ""
    if fact is Fact.REQUIREMENTS and article and chat.town.lacks_requirements(article):
        office_named = whom_to_ask(chat, article.office, language=language)
        value += "\n" + chat.town.words("article.ask_rest", language, {"office": office_named}) if office_named else ""
    told = f"\n{value}" if "\n" in value else value
    chat.tell("fact.told", {**params, "label": label, "value": told, "checked": checked}, choices=ways, controls=menu)
    return True


def _value(fact: Fact, article: Article | None, office: Department | None) -> str | None:
    if article is not None:
        return of_article(article, office, fact)
    return of_office(office, fact) if office is not None and fact in _OF_OFFICES else None
