"""Words right after an article: a yes to what it offers, or a bare question for one of its facts."""

from collections.abc import Iterator
from typing import Final

from faq.speech import Act
from faq.text import fold
from handlers.conversation.flow import FLOWS
from handlers.meaning import nearby
from handlers.meaning.bid import Bid, Do
from handlers.meaning.readers.service import label_of
from handlers.meaning.readers.wish import LABELS
from handlers.meaning.situation import Situation
from handlers.ports import Json

#: "Sí quiero que me lo revisen".
_SI_QUIERO: Final = 0.85
_PLACED: Final = 0.8
_ACTIONS: Final = {"report": "report", "request": "request", "complain": "complaint"}


def read(it: Situation) -> Iterator[Bid]:
    """Only while the article is what was said last."""
    article = it.town.article(it.article, it.language) if it.article else None
    if article is None or not it.text or it.form is not None:
        return
    if it.fact is not None and it.fact.is_bare:
        do = Do("fact", {"about": article.id, "which": it.fact.fact.value})
        yield Bid("followup", "fact", 0.6 + 0.36 * it.fact.sure, do)
    if it.only(Act.NOISE):
        return  # "sale pues" and a thumb are a thank-you for the answer
    for action in article.actions:
        name, _, code = action.partition(":")
        flow = _ACTIONS.get(name)
        if flow is None:
            continue
        wants = it.only(Act.YES, Act.REPORT_IT, Act.ASK_INFO, Act.COMPLAIN)
        says_yes = max(it.sure(Act.YES, Act.REPORT_IT, Act.ASK_INFO), _SI_QUIERO if _says_si(it) else 0.0)
        if flow == "report" and it.place is not None and it.place.sure >= _PLACED and not it.place.is_vague:
            says_yes = max(says_yes, _SI_QUIERO)  # "mande a alguien, es en Zaragoza 18"
        is_report = flow == "report" and code in it.town.library.services
        label = label_of(it, code) if is_report else it.labels(LABELS[flow])
        answers: dict[str, Json] = {"about": "service"} if flow == "complaint" else {}
        if is_report:
            answers = {"group": code, "kind": code}
        if wants:
            said, told = nearby.told_for(it.last, FLOWS[flow])
            yield Bid("followup", "yes", 0.93 * wants, Do(flow, said, {**answers, **told}), label)
        elif says_yes and not it.is_question:
            key = {"report": "story", "request": "what", "complaint": "story"}[flow]
            named = {"words": it.text} if is_report else {}
            yield Bid("followup", "yes_and", 0.92 * says_yes, Do(flow, {key: it.text}, {**answers, **named}), label)
        break


def _says_si(it: Situation) -> bool:
    last = it.last
    return last is not None and not last.is_past and fold(it.text).startswith(("si quiero", "si por favor", "yes "))
