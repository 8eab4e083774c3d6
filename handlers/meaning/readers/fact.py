"""A question for a fact of an office: hours, place, telephone, from departments.yaml."""

from collections.abc import Iterator
from typing import Final

from faq.facts import Fact
from handlers.meaning import nearby
from handlers.meaning.bid import Bid, Do
from handlers.meaning.situation import Situation

#: What an office has.
_OF_OFFICES: Final = frozenset({Fact.HOURS, Fact.PLACE, Fact.PHONE})


def read(it: Situation) -> Iterator[Bid]:
    """With the office named in the words; in a form, of what it is about."""
    if not it.text or it.fact is None:
        return
    article = _of_form(it)
    if article is not None and (it.is_question or it.fact.is_bare):
        do = Do("fact", {"about": article, "which": it.fact.fact.value})
        yield Bid("fact", "of_form", 0.5 + 0.36 * it.fact.sure, do, in_passing=True)
    desk = it.town.city.desks.get("front_desk")
    if it.fact.fact is Fact.PHONE and it.fact.is_bare and it.office is None and it.article is None and desk:
        do = Do("fact", {"about": desk, "which": it.fact.fact.value})
        yield Bid("fact", "front_desk", 0.55 + 0.33 * it.fact.sure, do, in_passing=True)
    if it.office is None or it.fact.fact not in _OF_OFFICES:
        return
    do = Do("fact", {"about": it.office, "which": it.fact.fact.value})
    yield Bid("fact", "office", 0.55 + 0.33 * it.fact.sure, do, in_passing=True)


def _of_form(it: Situation) -> str | None:
    """Id of the article that tells of the service which is being reported; of another form, where nothing is named."""
    form, kind = it.form, it.session.journal.words("kind")
    if form is None or (form.name == "report") != bool(kind):
        return None
    is_bare = it.fact is not None and it.fact.is_bare
    return nearby.main_of_form(it.town, form, kind) if kind or is_bare else None
