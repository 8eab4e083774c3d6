"""The articles that a situation speaks for, and what is added to the logit of each. Knows no message."""

from typing import Final

from faq.search.decide import Favoured
from handlers.conversation.flow import Flow
from handlers.town.town import Town

#: Of the one that was given last, of those related to it, and of those that lead to the form which is open.
_OF_LAST, _OF_RELATED, _OF_FORM = 4.0, 2.0, 1.5
#: A form to the action of an article that leads to it.
_LEADS_TO: Final = {"report": "report", "request": "request", "complaint": "complain"}


def of_article(town: Town, article_id: str) -> Favoured:
    """The one that was given last, and what is related to it."""
    found = town.article(article_id, town.languages[0])
    return ((found.id, _OF_LAST), *((each, _OF_RELATED) for each in found.related)) if found else ()


def of_form(town: Town, form: Flow, service: str) -> Favoured:
    """Those that lead to a form; to a report of that service, where it has one."""
    action = _LEADS_TO.get(form.name, form.name) + (f":{service}" if service else "")
    articles = town.library.articles.get(town.languages[0], {}).values()
    return tuple((each.id, _OF_FORM) for each in articles if action in each.actions)
