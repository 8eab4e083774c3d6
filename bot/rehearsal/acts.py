"""Owns what was done in answer to a message, made of what was seen: a list of acts, in order."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from bot.rehearsal.outcomes import (
    ACTIONS,
    FORMS,
    OF_ANSWER,
    OF_AUTHOR,
    OF_FLOW,
    OF_OFFICIAL,
    PERSON_ARTICLE,
    SAID,
    found,
)
from bot.rehearsal.seen import Form, Seen, offered_by, shown, texts_in
from faq.model import Library
from faq.text import fold
from handlers.messages import Reply
from handlers.ticket import folio as folios
from handlers.ticket.ticket import TicketEvent

#: In the table: the question which of a few services a report is about.
_KINDS: Final = "kinds"


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that was done. Those of one rank are the same thing under several names."""

    outcome: str
    rank: int = 0
    article: str | None = None
    department: str | None = None
    fact: str | None = None
    service: str | None = None
    #: A folio.
    ticket: str | None = None
    kind: str | None = None
    key: str | None = None
    action: str | None = None
    #: What can be chosen: ids of articles, codes of services, folios.
    offered: frozenset[str] = frozenset()
    #: What was taken down, folded: of a form all of it, of an answer to a question that one.
    words: str = ""
    place: str = ""
    story: str = ""
    #: Whether a form was opened, or became one about something else.
    is_new_form: bool = False


def acts_of(seen: Seen, library: Library, speaker: int) -> tuple[Act, ...]:
    """What is seen, in this order: danger, what was done to tickets, what was said, where a form stands.

    speaker: whose words they were, by the person's id.
    """
    said = [act for reply in seen.replies for act in _said(reply, seen, library)]
    groups = [
        [act for act in said if act.outcome == "emergency"],
        list(_done(seen, speaker)),
        [act for act in said if act.outcome != "emergency"],
        [*_form(seen, library), *_work(seen)],
    ]
    acts: list[Act] = []
    for group in groups:
        rank = max((act.rank for act in acts), default=-1) + 1
        acts += [replace(act, rank=rank + act.rank) for act in group]
    return tuple(acts)


# -- what was done to tickets -----------------------------------------------------------------------------------------


def _done(seen: Seen, speaker: int) -> Iterator[Act]:
    rank = 0
    for folio, (ticket, events) in seen.after.tickets.items():
        known = seen.before.tickets.get(folio)
        for event in events[len(known[1]) if known else 0 :]:
            if event.actor_person_id != speaker:
                continue
            if ticket.author_person_id == speaker:
                outcome = OF_AUTHOR.get(event.kind)
                was_open = known is None or known[0].is_open
                if outcome == "added" and not was_open and ticket.is_open:
                    outcome = "reopened"
                if outcome is not None:
                    yield Act(outcome, rank, ticket=folio, service=ticket.service, words=fold(event.text or ""))
            else:
                yield Act("staff", rank, ticket=folio, action=_action(event), words=fold(event.text or ""))
            rank += 1


def _action(event: TicketEvent) -> str | None:
    moved = event.to_state is not None and event.to_state is not event.from_state
    by_state = OF_OFFICIAL.get(f"to:{event.to_state}") if moved else None
    return by_state or OF_OFFICIAL.get(event.kind)


# -- what was said ----------------------------------------------------------------------------------------------------


def _said(reply: Reply, seen: Seen, library: Library) -> Iterator[Act]:
    rank = seen.replies.index(reply)
    outcome = found(SAID, reply.key)
    if outcome is None or outcome == _KINDS:
        # What a report may be about is told with the form that asks it.
        return
    act = Act(outcome, rank, ticket=_ticket_of(reply, seen), offered=offered_by(reply))
    match outcome:
        case "emergency":
            yield replace(act, kind=reply.key.rpartition(".")[2])
        case "answer":
            article = _article_of(reply, library)
            yield replace(act, article=article)
            if article == PERSON_ARTICLE:
                yield replace(act, outcome="person")
        case "fact":
            yield replace(
                act,
                article=_param(reply, "article"),
                department=_param(reply, "department"),
                fact=_param(reply, "fact"),
            )
        case "offer":
            yield replace(act, offered=_with_services(act.offered, library))
        case "list" if len(_folios(reply)) > 1:
            yield replace(act, outcome="status", ticket=None)
            yield replace(act, outcome="which", offered=act.offered | _folios(reply))
        case "list":
            yield replace(act, outcome="status", ticket=next(iter(_folios(reply)), None))
        case "which":
            yield replace(act, offered=act.offered | _behind(seen, library))
        case "staff":
            yield replace(act, action=_param(reply, "action") or found(ACTIONS, reply.key))
        case _:
            yield act


def _param(reply: Reply, name: str) -> str | None:
    value = reply.params.get(name)
    return value if isinstance(value, str) else None


def _ticket_of(reply: Reply, seen: Seen) -> str | None:
    """The folio that a reply names, or that the flow which said it is about."""
    named = folios.read(str(reply.params.get("folio") or ""))
    if named is not None:
        return named
    in_choices = [folio for choice in reply.choices if (folio := folios.read(choice.id))]
    if in_choices and len(set(in_choices)) == 1:
        return in_choices[0]
    row = seen.after.conversation.journal.get("ticket") if seen.after.conversation else None
    return folios.read(shown(row.get("answer"))) if isinstance(row, dict) else None


def _folios(reply: Reply) -> frozenset[str]:
    return frozenset(folio for choice in reply.choices if (folio := folios.read(choice.id)))


def _behind(seen: Seen, library: Library) -> frozenset[str]:
    """What the choices of a question stand for, where the row keeps that apart from them: ids, codes and folios."""
    row = seen.after.conversation
    texts = list(texts_in(row.journal)) if row else []
    known = {*library.services, *library.departments, *(name for each in library.articles.values() for name in each)}
    return frozenset(
        {text for text in texts if text in known} | {each for text in texts if (each := folios.read(text))}
    )


def _article_of(reply: Reply, library: Library) -> str | None:
    named = _param(reply, "article")
    if named is not None:
        return named
    title = reply.params.get("title")
    titled = (each for articles in library.articles.values() for each in articles.values() if each.title == title)
    return next((each.id for each in titled), None)


def _with_services(offered: frozenset[str], library: Library) -> frozenset[str]:
    """An article whose own button reports a service stands for that service; long ids are cut in buttons."""
    all_of = {name: article for articles in library.articles.values() for name, article in articles.items()}
    articles = [article for name, article in all_of.items() if name in offered or name[:40] in offered]
    codes = [action.partition(":")[2] for article in articles for action in article.actions]
    return offered | {article.id for article in articles} | {code for code in codes if code in library.services}


# -- where a form stands ----------------------------------------------------------------------------------------------


def _form(seen: Seen, library: Library) -> Iterator[Act]:
    before, after = seen.before.form, seen.after.form
    if after is None:
        return
    is_same = before is not None and before.flow == after.flow and before.nonce == after.nonce
    whole = _whole(after, seen, library)
    if before is None or not is_same:
        yield from _opened(replace(whole, is_new_form=True), seen)
        return
    old, new = before.values(), after.values()
    changed = [key for key, value in new.items() if value != old.get(key) and value not in (None, "")]
    if "service" in changed and old.get("service"):
        yield replace(whole, is_new_form=True)
        return
    for key in changed:
        yield Act("form", key=key, words=fold(shown(new[key])))
    if seen.after.media() - seen.before.media() and "photos" not in changed:
        yield Act("form", key="photos")
    if changed:
        yield whole


def _work(seen: Seen) -> Iterator[Act]:
    """An official's work on a ticket that waits for its next answer."""
    row = seen.after.conversation
    if row is None or row.is_paused or row.flow is None or row.flow not in OF_FLOW:
        return
    values = Form(row.flow, row.journal, row.asked).values()
    made = next((OF_ANSWER[shown(values[key])] for key in ("to", "how") if shown(values.get(key)) in OF_ANSWER), None)
    folio = folios.read(shown(values.get("ticket")))
    yield Act(
        "staff", ticket=folio, action=made or OF_FLOW[row.flow], words=fold(" ".join(map(shown, values.values())))
    )


def _whole(form: Form, seen: Seen, library: Library) -> Act:
    """The form with all that stands in it, and the place that it offers to take with a tap."""
    values, suggested = form.values(), _suggested(seen)
    place, story = values.get("place"), values.get("story")
    return Act(
        form.flow,
        service=form.service if form.service in library.services else None,
        words=" | ".join([form.words(), *map(fold, suggested)]),
        place=fold(" ".join([shown(place), *([] if place else suggested)])),
        story=fold(" ".join(shown(each) for each in (story, values.get("words")) if each)),
    )


def _opened(act: Act, seen: Seen) -> Iterator[Act]:
    """A report that asks which of a few services it is also offers them."""
    yield act
    kinds = [reply for reply in seen.replies if found(SAID, reply.key) == _KINDS]
    if act.outcome in FORMS and act.service is None and kinds:
        offered = offered_by(kinds[-1])
        yield replace(act, outcome="offer", offered=offered)
        yield replace(act, outcome="which", offered=offered)


def _suggested(seen: Seen) -> list[str]:
    choices = [choice for reply in seen.replies for choice in reply.choices]
    return [choice.label for choice in choices if choice.id.endswith(":place:suggested")]
