"""A plain story of a fault, by its words alone; of two faults in one message one is begun and the other offered."""

from collections.abc import Iterator, Mapping
from typing import Final

from faq.speech import Act
from faq.text import stems, tokens
from handlers.conversation.questions import AttachmentsQuestion, TextQuestion
from handlers.meaning.bid import Bid, Do
from handlers.meaning.situation import Situation
from handlers.ports import Json

_PLAIN: Final = 0.88
_QUESTION: Final = 0.58
#: A question, "and by the way" a fault.
_AND_A_QUESTION: Final = 0.8
_SEVERAL: Final = 0.82
#: A story about one thing names others on the way: beside the sureness of a story.
_IN_STORY: Final = {"report": 0.55, "complaint": 0.66, "add": 0.5, "request": _PLAIN}
#: Words with which the wish to report is no story yet: "quiero reportar un bache".
_BARE_WISH: Final = 5


def read(it: Situation) -> Iterator[Bid]:
    """Dear readers see the rest."""
    code = it.plain_service
    several = it.town.matters_in(it.text) if it.text and code is None and it.form is None else ()
    if len(several) > 1 or (several and it.sure(Act.OTHER)):
        yield Bid("service", "several", _SEVERAL, begun(it, several[0]), label_of(it, several[0]))
    if not it.text or code is None:
        return
    form = it.form
    if form is not None and form.name == "report" and it.session.journal.words("kind") in {code, ""}:
        return
    sure = _PLAIN if not it.is_question else _AND_A_QUESTION if it.sure(Act.OTHER) else _QUESTION
    if form is not None and not it.sure(Act.OTHER, Act.REPORT_IT):
        is_story = isinstance(it.question, TextQuestion | AttachmentsQuestion)
        sure = min(sure, _IN_STORY.get(form.name, 0.0) if is_story else sure)
    yield Bid("service", "plain", sure, begun(it, code), label_of(it, code))


def begun(it: Situation, code: str, also: str | None = None) -> Do:
    """The report; or, with an open ticket about the same, whether the words are for that one."""
    same = [each for each in it.open_tickets if each.service == code]
    names_another = it.place is not None and not it.place.is_vague and not any(it.is_there(each) for each in same)
    if not same or names_another or it.sure(Act.OTHER) or it.form is not None:
        return report(it, code, also)
    waiting = [each for each in same if each.id in it.waiting]
    if waiting:
        return Do("added", {"ticket": waiting[0].folio, "text": it.text})
    return Do(
        "which_ticket",
        answers={"runs": "added", "words": it.text, "folios": [each.folio for each in same[:4]], "new": "report"},
    )


def told_first(it: Situation, codes: tuple[str, str]) -> tuple[str, str] | None:
    """Of two services in one story the one whose own words come first, then the other; None where it tells of one."""
    named = [_stems_of(it, code) for code in codes]
    said = stems(tokens(it.text))
    places = []
    for own, other in (named, named[::-1]):
        places.append(next((at for at, each in enumerate(said) if each in own - other), None))
    if places[0] is None or places[1] is None:
        return None
    return codes if places[0] < places[1] else (codes[1], codes[0])


def _stems_of(it: Situation, code: str) -> frozenset[str]:
    service = it.town.library.services[code]
    return frozenset(stems(word for said in (*service.name.values(), *service.people_say) for word in tokens(said)))


def report(it: Situation, code: str, also: str | None = None) -> Do:
    """The form for a service, with what was said in it. also: another that the words tell of."""
    others = [each for each in (also, *it.town.matters_in(it.text)) if each not in {None, code}]
    answers: dict[str, Json] = {"group": code, "kind": code, "words": it.text}
    if others:
        answers["also"] = others[0]
    is_bare = bool(it.sure(Act.REPORT_IT)) and it.size <= _BARE_WISH and it.place is None
    return Do("report", {} if is_bare else {"story": it.text}, answers)


def label_of(it: Situation, code: str) -> Mapping[str, str]:
    """How the report is called where the person is asked."""
    return it.town.library.services[code].name
