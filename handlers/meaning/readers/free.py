"""Dear: what free words mean by themselves: articles, services, requests, complaints, corruption, praise, by chance."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from faq.search.engine import Verdict
from faq.speech import Act
from faq.speech.reference import refers_back
from faq.text import fold
from faq.understanding import Matter, Meaning
from handlers.meaning.bid import Bid, Do
from handlers.meaning.nearby import is_of
from handlers.meaning.readers.service import begun, label_of, told_first
from handlers.meaning.readers.wish import LABELS
from handlers.meaning.situation import Situation
from handlers.ports import Json
from handlers.texts import declare

declare(__name__, "denuncia.label")

#: A form opens by itself from here; below, and down to the other, it is offered beside the articles.
_OPENS: Final = 0.5
_OFFERED: Final = 0.25
#: Words from which on they are a story; of one, a report is offered sooner.
_STORY_FROM: Final = 7
_OFFERED_STORY: Final = 0.13
_PLAIN_MATTER: Final = 0.9
#: A second service is as good as the first from this chance, and this share of the first's.
_CLOSE_FROM, _CLOSE_TO = 0.3, 0.75
#: With a place named, or the wish to report, a story of a fault needs less.
_OPENS_PLACED: Final = 0.35
#: What goes on with the last answer: its article needs less to be meant.
_GOING_ON: Final = {"pero ": 3.0, "but ": 3.0, "y si ": 8.0, "y en caso ": 8.0, "what if ": 8.0, "and if ": 8.0}
_WEIGHT_BRIEF: Final = 3.0
#: A service that may be meant beside the article that tells of it.
_ALSO_MEANT: Final = 0.1
#: Words of a question that names nothing of its own.
_BRIEF: Final = 4
#: The last article is meant from here; a brief question for a fact is about it, unless another is as plain as that.
_AGAIN, _PLAINLY, _AND_PLAINLY, _FOLLOWS = 0.35, 0.8, 0.95, 10
#: A fact of something that is not named is the last one's, whatever the words beside it may mean.
_REFERS: Final = 0.86
#: Where nothing is as likely as this, a form that waits is what may be meant.
_OFFERED_INSTEAD: Final = 0.3


def read(it: Situation) -> Iterator[Bid]:
    """What is likely is done, what may be is offered; what is neither is said to be unknown."""
    if it.form is not None or not it.text:
        return
    yield from _after_article(it)
    yield from _two_faults(it)
    for meaning in _likely(it):
        if (bid := bid_for(it, meaning)) is not None:
            yield bid
            break
    best = max((each.chance for each in it.meanings), default=0.0)
    if it.session.aside and best < _OFFERED_INSTEAD:
        yield Bid("free", "form_that_waits", 0.61, it.session.offer_aside)
    is_story = it.size >= _STORY_FROM or _is_placed(it)
    least = _OFFERED_STORY if is_story else _OFFERED
    services = [each.id for each in it.meanings if each.matter is Matter.SERVICE and each.chance >= least]
    favoured: list[Json] = [[article, more] for article, more in it.favoured]
    do = Do("ask", {"question": it.text}, {"services": list[Json](services[:2]), "favoured": favoured})
    yield Bid("free", "ask", 0.6, do)


def _likely(it: Situation) -> Iterator[Meaning]:
    """What is likely enough to be done: a statement about a fault is a report, a question about it wants the answer."""
    wants_more = bool(it.sure(Act.ASK_INFO, Act.REPORT_IT, Act.COMPLAIN))
    is_told = not it.is_question or bool(it.sure(Act.OTHER, Act.MEND_IT))
    for each in it.meanings:
        meaning = _as_told(it, each) if is_told else each
        if meaning.id == it.article and wants_more:
            continue  # what it says was read already: now it is to be done
        chance, opens = meaning.chance, _OPENS
        if meaning.matter is Matter.SERVICE and is_told:
            chance += sum(other.chance for other in it.meanings if _tells_of(it, other, meaning.id))
            opens = _OPENS_PLACED if _is_placed(it) or it.sure(Act.REPORT_IT, Act.OTHER) else _OPENS
            if it.place is not None and it.place.is_whole and meaning.chance < _PLAIN_MATTER:
                continue  # nothing but a place is no story
            if _goes_on(it) and meaning.chance < _PLAIN_MATTER:
                continue  # "pero es nomás un puestito": of what was just told
            if _is_rather_answered(it, meaning) or _is_close(it, meaning):
                continue  # offered then, beside what the search found
        if chance >= opens:
            yield replace(meaning, chance=min(1.0, chance))


def _two_faults(it: Situation) -> Iterator[Bid]:
    """A story with its place that tells of two faults alike: the one told first is begun, the other comes after."""
    if it.is_question or it.size < _STORY_FROM or not _is_placed(it):
        return
    near = [each for each in it.meanings[:2] if each.matter is Matter.SERVICE and each.chance >= _CLOSE_FROM]
    codes = told_first(it, (near[0].id, near[1].id)) if len(near) == 2 else None
    if codes is not None:
        yield Bid("free", "two_faults", 0.7, begun(it, *codes), label_of(it, codes[0]))


def _as_told(it: Situation, meaning: Meaning) -> Meaning:
    """The service, where a story with its place is most like the article that tells of it."""
    if meaning.matter is not Matter.ARTICLE or not _is_placed(it) or it.size < _STORY_FROM:
        return meaning
    article = it.town.article(meaning.id, it.language)
    services = (each for each in it.meanings if each.matter is Matter.SERVICE and each.chance >= _ALSO_MEANT)
    return next((each for each in services if article is not None and is_of(it.town, article, each.id)), meaning)


def _is_rather_answered(it: Situation, meaning: Meaning) -> bool:
    """Whether an article answers more surely than the service is meant, and tells of something else than it."""
    if _is_placed(it) and it.size >= _STORY_FROM and meaning.chance >= _OPENS:
        # A story with its place; only where an article is meant, and not merely found by its words, it is no report.
        return any(each.matter is Matter.ARTICLE and each.chance >= _OFFERED for each in it.meanings)
    found = it.finding
    if found is None or found.outcome is Verdict.UNKNOWN or not found.matches:
        return False
    first = found.matches[0]
    article = it.town.article(first.article, it.language)
    return first.score > meaning.chance and not (article is not None and is_of(it.town, article, meaning.id))


def _is_placed(it: Situation) -> bool:
    return it.place is not None and not it.place.is_vague


def _is_close(it: Situation, meaning: Meaning) -> bool:
    """Whether another service is as good: of two the person chooses."""
    others = (each.chance for each in it.meanings if each.matter is Matter.SERVICE and each.id != meaning.id)
    return max(others, default=0.0) >= max(_CLOSE_FROM, _CLOSE_TO * meaning.chance)


def _tells_of(it: Situation, meaning: Meaning, code: str) -> bool:
    """Whether it is the article that tells of a service."""
    if meaning.matter is not Matter.ARTICLE:
        return False
    article = it.town.article(meaning.id, it.language)
    return article is not None and f"report:{code}" in article.actions


def _after_article(it: Situation) -> Iterator[Bid]:
    """Words that are most likely about the article that was given last: its fact, or the whole again."""
    chance = next((each.chance for each in it.meanings[:1] if each.id == it.article), 0.0)
    last, said = it.last, fold(it.text)
    is_next = last is not None and not last.is_past
    going_on = _goes_on(it)
    weight = max(going_on, _WEIGHT_BRIEF if is_next and it.is_question and it.size <= _BRIEF else 0.0)
    is_open = not any(
        each.chance >= (_PLAIN_MATTER if each.matter is Matter.SERVICE and going_on else _OPENS) for each in it.meanings
    )
    if weight and is_open:
        chance = max((each.chance for each in it.meanings if each.id == it.article), default=0.0) * weight
    refers = is_next and it.is_question and refers_back(it.text)
    if (refers or (is_next and going_on)) and is_open:
        chance = 1.0  # what is asked of something without its name is asked of what was just told
    plainly = _AND_PLAINLY if said.startswith(("y ", "oiga y ", "and ")) else _PLAINLY
    is_plain = any(each.chance >= plainly for each in it.meanings)
    is_brief = it.fact is not None and it.size <= _FOLLOWS and not is_plain
    if it.article is None or (chance < _AGAIN and not is_brief):
        return
    if it.fact is not None:
        do = Do("fact", {"about": it.article, "which": it.fact.fact.value})
        yield Bid("free", "fact_of_last", _REFERS if refers else 0.74, do, in_passing=True)
    elif it.is_question or going_on:
        yield Bid("free", "last_again", 0.7, Do("article", {"id": it.article}))


def _goes_on(it: Situation) -> float:
    """How much the words go on with the article that was just given; 0 where they do not."""
    said = fold(it.text)
    return next((weight for begins, weight in _GOING_ON.items() if it.article and said.startswith(begins)), 0.0)


def bid_for(it: Situation, meaning: Meaning) -> Bid | None:
    """What is done about a meaning; None where nothing is known to be done."""
    sure = min(0.84, 0.5 + 0.4 * meaning.chance)
    match meaning.matter:
        case Matter.SERVICE if meaning.id in it.town.library.services:
            return Bid("free", "service", sure, begun(it, meaning.id), label_of(it, meaning.id))
        case Matter.REQUEST:
            return Bid("free", "request", sure, Do("request", {"what": it.text}), it.labels(LABELS["request"]))
        case Matter.COMPLAINT:
            do = Do("complaint", {"story": it.text}, {"about": "service"})
            return Bid("free", "complaint", sure, do, it.labels(LABELS["complaint"]))
        case Matter.CORRUPTION:
            return Bid("free", "corruption", sure, Do("denuncia"), it.labels("denuncia.label"), in_passing=True)
        case Matter.PRAISE:
            return Bid("free", "praise", sure, Do("smalltalk", answers={"kind": "praise"}), in_passing=True)
        case Matter.ARTICLE:
            if meaning.id == it.article and it.fact is not None and it.is_fact_of(meaning.id, it.fact.fact):
                do = Do("fact", {"about": meaning.id, "which": it.fact.fact.value})
                return Bid("free", "fact", sure, do, in_passing=True)
            answers: dict[str, Json] = {"article": meaning.id} if meaning.id == it.article else {}
            do = Do("ask", {"question": it.text}, answers)
            article = it.town.article(meaning.id, it.language)
            return Bid("free", "article", sure, do, {it.language: article.title} if article else None)
        case _:
            return None
