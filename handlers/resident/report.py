"""A resident reports a failing public service and leaves with a folio."""

from collections.abc import Callable, Mapping
from typing import Final

from faq.model import Service
from faq.places.said import same_place
from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow
from handlers.conversation.journal import DANGER, MISSING
from handlers.conversation.questions import place_to_json
from handlers.conversation.signals import Restart
from handlers.desk import access
from handlers.messages import Choice, Place
from handlers.ports import Json
from handlers.shown.buttons import button
from handlers.shown.place import shown_place
from handlers.shown.ticket import tell_filed
from handlers.texts import declare, under
from handlers.ticket import folio as folios

declare(
    __name__,
    "form.none",
    *under(
        "report",
        "call_911 place also do_also story photos review kind_label place_label story_label photos_label filed "
        "group other_kind kind join joined",
    ),
)

#: Characters; who writes more is asked for less.
STORY_AT_MOST: Final = 6000
#: How plain a service must be in free words to be taken without asking.
_PLAIN: Final = 0.6
#: The options that are no group or service.
_OTHER: Final = "other"
_FOUND: Final = "found"


@flow(
    "report",
    command=("reportar", "report"),
    place=30,
    offered=20,
    arguments=("group",),
    is_form=True,
    takes_media=True,
    story="story",
)
def report(chat: Chat) -> None:
    """Category, place, story, photos, review, folio. What was said in the first message is not asked again."""
    service = _service(chat)
    if service.is_urgent:
        chat.say("report.call_911", phone=chat.town.city.emergency_phone)
    also = chat.town.library.services.get(chat.journal.words("also"))
    if also is not None:
        chat.say("report.also", what=also.name)
    if same_place(chat.journal.words("words")) and not chat.journal.has("place"):
        chat.once("same_place", lambda: _take_place_before(chat))
    place = chat.place("place", suggestion=_place_said(chat), before=lambda: _place_before(chat), service=service.name)
    if _joins(chat, service, place):
        return
    story = chat.text("story", at_least=10, at_most=STORY_AT_MOST)
    photos = chat.attachments("photos", at_most=5)
    chat.review(
        "review",
        kind=service.name,
        place=shown_place(chat, place),
        story=story,
        photos=len(photos) or chat.words("form.none"),
    )
    is_dangerous = chat.journal.done(DANGER) is not MISSING
    ticket = chat.desk.open_report(service, place, story, photos, is_dangerous=is_dangerous)
    more = [] if also is None else [button(chat, "report", also.code, label=_label(chat, also))]
    tell_filed(chat, "report.filed", ticket, more=more)


def _place_said(chat: Chat) -> str | None:
    """The place that the first words named, unless only their author would find it."""
    said = chat.town.place_in(chat.journal.words("words"))
    return said.words if said and not said.is_vague else None


def _place_before(chat: Chat) -> Place | None:
    """Where the person's last report was."""
    mine = [each for each in chat.desk.mine() if each.place is not None and access.is_author(chat.person, each)]
    newest = max(mine, key=lambda each: each.opened_at, default=None)
    return newest.place if newest else None


def _take_place_before(chat: Chat) -> bool:
    """Not asked again; who goes back is asked."""
    before = _place_before(chat)
    if before is not None:
        chat.journal.put_answer("place", place_to_json(before))
    return before is not None


def _service(chat: Chat) -> Service:
    """Group, then service; free words skip both, or show the few that they may mean."""
    services = chat.town.library.services
    language = chat.person.language
    group = chat.choose(
        "group", chat.town.groups(language), understand=_hears(chat, "group"), hidden=[_FOUND, *services]
    )
    if group in services and chat.journal.answer("kind") is MISSING and not chat.journal.is_asked_again("kind"):
        chat.journal.put_answer("kind", group)
    wanted = services[group].group if group in services else group
    among = chat.town.named(_found(chat), language) if group == _FOUND else chat.town.services_of(wanted, language)
    options = [*among, Choice(_OTHER, chat.words("report.other_kind"))]
    kind = chat.choose("kind", options, understand=_hears(chat, "kind"), hidden=list(services))
    if kind == _OTHER:
        for key in ("kind", "group", "words"):
            chat.journal.drop(key)
        raise Restart
    return services[kind]


def _hears(chat: Chat, key: str) -> Callable[[str], Mapping[str, Json] | None]:
    """Makes answers of free words: one service if it is plain, else the few it may be."""

    def understand(words: str) -> Mapping[str, Json] | None:
        if words.upper() in chat.town.library.services:
            return {"group": words.upper(), "kind": words.upper()}
        found = chat.town.find_services(words)
        if not found:
            return None
        code = found[0][0].code
        is_plain = found[0][1] >= _PLAIN or len(found) == 1
        if is_plain or key == "kind":
            return {"group": code, "kind": code, "words": words}
        return {"group": _FOUND, "words": words}

    return understand


def _found(chat: Chat) -> list[Service]:
    return [service for service, _ in chat.town.find_services(chat.journal.words("words"))]


def _label(chat: Chat, service: Service) -> str:
    return chat.words("report.do_also", what=chat.town.label(service.name, chat.person.language))


def _joins(chat: Chat, service: Service, place: Place) -> bool:
    """Whether somebody reported the same before, and this person joins them."""
    twin = chat.recall("twin", lambda: chat.desk.open_report_near(service, place))
    if twin is None or not chat.confirm("join", folio=folios.pretty(str(twin))):
        return False
    ticket = chat.desk.find(str(twin))
    if ticket is None or access.is_private(chat.town, ticket):
        return False
    chat.desk.follow(ticket)
    chat.say("report.joined", folio=folios.pretty(ticket.folio), due_at=ticket.due_at)
    return True
