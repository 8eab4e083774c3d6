"""What a situation speaks for: articles, and a story that was told and waits for a form. Knows no message."""

from typing import Final

from faq.model import Article
from faq.search.decide import Favoured
from faq.text import stems, tokens
from handlers.context import Last
from handlers.conversation.flow import Flow
from handlers.ports import Json
from handlers.town.town import Town

#: Of the one that was given last, of those related to it, and of those that lead to the form which is open.
_OF_LAST, _OF_RELATED, _OF_FORM = 4.0, 2.0, 1.5
#: A form to the action of an article that leads to it.
_LEADS_TO: Final = {"report": "report", "request": "request", "complaint": "complain"}


def of_article(town: Town, article_id: str) -> Favoured:
    """The one that was given last, and what is related to it."""
    found = town.article(article_id, town.languages[0])
    return ((found.id, _OF_LAST), *((each, _OF_RELATED) for each in found.related)) if found else ()


def told_for(last: Last | None, flow: Flow) -> tuple[dict[str, str], dict[str, Json]]:
    """What a form begins with, as its words and its answers, where its story was told just before."""
    if last is None or last.is_past or last.told is None or not flow.is_form or flow.story is None or flow.role:
        return {}, {}
    return {flow.story: last.told}, {"words": last.told} if flow.name == "report" else {}


def of_form(town: Town, form: Flow, service: str) -> Favoured:
    """Those that lead to a form; to a report of that service, where it has one."""
    return tuple((each.id, _OF_FORM) for each in _leading_to(town, form, service))


def main_of_form(town: Town, form: Flow, service: str) -> str | None:
    """Id of the one that tells of what a form is about: named like the service, or what most others point to."""
    others = town.library.articles.get(town.languages[0], {}).values()
    pointed_to = [other for each in others for other in each.related]
    leading = sorted(_leading_to(town, form, service), key=lambda each: -pointed_to.count(each.id))
    own = (each.id for each in leading if service and is_of(town, each, service))
    return next(own, leading[0].id if leading else None)


def is_of(town: Town, article: Article, service: str) -> bool:
    """Whether an article is the service's own; one that only offers its report besides is named otherwise."""
    if f"report:{service}" not in article.actions:
        return False
    named = " ".join(town.library.services[service].name.values())
    return bool(frozenset(stems(tokens(article.title))) & frozenset(stems(tokens(named))))


def _leading_to(town: Town, form: Flow, service: str) -> list[Article]:
    action = _LEADS_TO.get(form.name, form.name) + (f":{service}" if service else "")
    articles = town.library.articles.get(town.languages[0], {}).values()
    return [each for each in articles if action in each.actions]
