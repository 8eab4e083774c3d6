"""Dear: in the middle of a form, a question to the counter, or plainly another matter."""

from collections.abc import Iterator
from typing import Final

from faq.speech import Act
from faq.text import fold
from faq.understanding import Matter, Meaning
from handlers.meaning.bid import Bid, Do
from handlers.meaning.readers.free import bid_for
from handlers.meaning.readers.service import label_of, report
from handlers.meaning.situation import Situation

#: Longer than this is a story, not a question asked in passing.
_QUESTION_AT_MOST: Final = 160
_ANSWERED: Final = 0.5
#: A question is no answer to what was asked: it needs less.
_QUESTION: Final = 0.42
_ANSWERED_AND: Final = 0.35
_PLAINLY_OTHER: Final = 0.9
#: Of what is said to be meant instead.
_CORRECTS: Final = 0.4
#: A story about the form's own matter may well name others.
_IN_STORY: Final = 0.7
#: ... and after it: what is said at the photos and is like nothing plainly goes on with the story.
_IN_PASSING: Final = 0.75


def read(it: Situation) -> Iterator[Bid]:
    """Only with a form open, and a text."""
    form = it.form
    if form is None or not it.text or form.role is not None:
        return
    yield from _corrected(it)
    is_open = it.session.asked in form.open_questions
    if is_open and not it.sure(Act.OTHER, Act.REPORT_IT, Act.COMPLAIN):
        return
    for meaning in it.meanings[:2]:
        least = _QUESTION if meaning.matter is Matter.ARTICLE else _ANSWERED
        if meaning.chance < (_ANSWERED_AND if it.sure(Act.OTHER) >= _PLAINLY_OTHER else least):
            continue
        if meaning.matter is Matter.ARTICLE and not is_open:
            yield from _question(it, meaning)
        elif meaning.matter is Matter.ARTICLE:
            continue
        elif not _is_of_form(it, meaning) and (bid := bid_for(it, meaning)) is not None:
            is_told = it.session.asked == form.story or (it.session.asked == "photos" and meaning.chance < _IN_PASSING)
            weight = _IN_STORY if is_told and not it.sure(Act.OTHER, Act.REPORT_IT) else 1.0
            sure = min(0.9, 0.5 + 0.45 * meaning.chance) * weight
            yield Bid("form", f"other_{meaning.matter}", sure, bid.do, bid.label, in_passing=bid.in_passing)


def _corrected(it: Situation) -> Iterator[Bid]:
    """The report is of something else: "no, no es fuga, es que no me cae agua"."""
    if it.form is None or it.form.name != "report" or not fold(it.text).startswith("no "):
        return
    _, _, rest = fold(it.text).partition(" es que ")
    code = it.town.plain_service(rest) if rest else None
    found = it.town.find_services(rest) if rest and code is None else ()
    code = code or (found[0][0].code if found and found[0][1] >= _CORRECTS else None)
    if code is not None and code != it.session.journal.words("kind"):
        yield Bid("form", "corrected", 0.8, report(it, code), label_of(it, code))


def _question(it: Situation, meaning: Meaning) -> Iterator[Bid]:
    if not it.is_question or len(it.text) > _QUESTION_AT_MOST:
        return
    article = it.town.article(meaning.id, it.language)
    if article is None:
        return
    if it.fact is not None and it.is_fact_of(article.id, it.fact.fact):
        do = Do("fact", {"about": article.id, "which": it.fact.fact.value})
    else:
        do = Do("article", {"id": article.id})
    yield Bid("form", "question", min(0.92, 0.55 + 0.4 * meaning.chance), do, in_passing=True)


def _is_of_form(it: Situation, meaning: Meaning) -> bool:
    form = it.form
    if form is None:
        return False
    if form.name == "report":
        return meaning.matter is Matter.SERVICE and it.session.journal.words("kind") in {meaning.id, ""}
    return form.name == {Matter.REQUEST: "request", Matter.COMPLAINT: "complaint"}.get(meaning.matter)
