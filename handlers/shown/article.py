"""How an article is told: in one message where it fits, short first, then what is known around it, then ways on.

Residents read it without gaps and source; who edits it reads it as it is written. Knows no question.
"""

from collections.abc import Iterator, Sequence

from faq.model import Article
from handlers.context import Kind
from handlers.conversation.chat import Chat
from handlers.messages import Choice
from handlers.shown.buttons import button
from handlers.shown.office import office_line, whom_to_ask
from handlers.texts import declare, under

declare(
    __name__,
    *under("article", "expired", "only_in", "answer", "more", "source", "useful", "not_useful"),
    *under("article", "unverified", "verified", "ask_rest"),
    "ask.desk",
    *under("article", "requirements", "cost", "duration", "office", "hours", "link"),
    *under("article", "do_report", "do_report_what", "do_request", "do_complain", "do_track"),
)

#: An answer up to this long is one message: what a vendor takes in one piece, with a few buttons written below.
_ONE_MESSAGE = 1_200
#: Telephones show about this much without scrolling.
_PAGE = 850
_BUTTONS = 4
#: Words before the colon of an article's action, and the flow that each opens.
_ACTIONS = {"report": "report", "request": "request", "complain": "complaint", "track": "track"}


def give(chat: Chat, article: Article) -> None:
    """The answer as residents get it; one that is past its day, or in another language only, says so first."""
    chat.note_last(Kind.ARTICLE, articles=(article.id,))
    found = chat.town.article(article.id, article.language) or article
    body = "\n\n".join([*_first(chat, found), found.body] if found.body else _first(chat, found))
    controls = [
        button(chat, "useful", found.id, label=chat.words("article.useful")),
        button(chat, "not_useful", found.id, label=chat.words("article.not_useful")),
        button(chat, "menu"),
    ]
    known = "\n".join([*_known(chat, found), *_last(chat, found)])
    _say(chat, found, body, known, ways_on(chat, found), [each for each in controls if each.fits])


def preview(chat: Chat, article: Article) -> None:
    """The article as it is written, gaps and source and all: for administrators only."""
    source = chat.words("article.source", source=article.source or "—")
    _say(chat, article, article.body, "\n".join([*_known(chat, article), *_checked(chat, article), source]))


def front_desk(chat: Chat, article: Article | None = None) -> str:
    """Whom to ask in person: the article's office, or the front desk, with telephone and hours where they are known."""
    desk = whom_to_ask(chat, article.office if article else None)
    return chat.words("ask.desk", office=desk) if desk else ""


def pages(body: str, at_most: int) -> list[str]:
    """The text in pieces that fit a message, cut between paragraphs, or lines, or words."""
    found: list[str] = []
    left = body.strip()
    while len(left) > at_most:
        cut = next(
            (at for mark in ("\n\n", "\n", ". ", " ") if (at := left.rfind(mark, 1, at_most)) > at_most // 3), -1
        )
        cut = cut + 1 if cut > 0 else at_most
        found.append(left[:cut].strip())
        left = left[cut:].strip()
    return [*found, left]


def ways_on(chat: Chat, article: Article) -> list[Choice]:
    """What the article says can be done, then what it is most related to: four at most, no two that say the same."""
    ways: dict[str, Choice] = {}
    for each in (*_actions(chat, article), *_related(chat, article)):
        if each.fits:
            ways.setdefault(each.label, each)
    return list(ways.values())[:_BUTTONS]


def _say(
    chat: Chat, article: Article, body: str, known: str, choices: Sequence[Choice] = (), controls: Sequence[Choice] = ()
) -> None:
    title = article.title
    whole = "\n\n".join(each for each in (body, known) if each)
    if len(title) + len(whole) <= _ONE_MESSAGE:
        named = {"title": title, "body": whole, "article": article.id}
        return chat.tell("article.answer", named, choices=choices, controls=controls)
    first, *rest = [*pages(body, _PAGE - len(title)), known]
    chat.say("article.answer", title=title, body=first, article=article.id)
    for more in filter(None, rest[:-1]):
        chat.say("article.more", body=more)
    return chat.say("article.more", body=rest[-1], choices=choices, controls=controls)


def _first(chat: Chat, article: Article) -> list[str]:
    """What must be known before the answer."""
    said = []
    if article.language != chat.person.language:
        said.append(chat.words("article.only_in", language=chat.town.language_name(article.language)))
    if article.valid_until is not None and article.valid_until < chat.today:
        said.append(chat.town.words("article.expired", article.language, {"valid_until": article.valid_until}))
    return said


def _known(chat: Chat, article: Article) -> Iterator[str]:
    """Requirements, cost, time, place, hours and link, a line each in the article's language, as far as known."""
    office = chat.town.office(article.office)
    values = {
        "requirements": "\n".join(f"• {each}" for each in article.requirements),
        "cost": article.cost,
        "duration": article.duration,
        "office": office_line(chat, office, language=article.language) if office else None,
        "hours": article.hours or (office.hours if office else None),
        "link": next((each.removeprefix("url:") for each in article.actions if each.startswith("url:")), None),
    }
    for name, value in values.items():
        if value:
            yield chat.town.words(f"article.{name}", article.language, {"value": value})


def _checked(chat: Chat, article: Article) -> Iterator[str]:
    """The day on which the office looked it over."""
    if article.verified_on is None:
        yield chat.town.words("article.unverified", article.language)
    else:
        yield chat.town.words("article.verified", article.language, {"verified_on": article.verified_on})


def _last(chat: Chat, article: Article) -> Iterator[str]:
    """How sure it is, and where to ask for what is not told: once, whatever was left out."""
    yield from _checked(chat, article)
    if chat.town.lacks_something(article):
        desk = whom_to_ask(chat, article.office, language=article.language)
        if desk:
            yield chat.town.words("article.ask_rest", article.language, {"office": desk})


def _actions(chat: Chat, article: Article) -> Iterator[Choice]:
    actions = [each.partition(":")[::2] for each in article.actions]
    reports = sum(name == "report" for name, _ in actions)
    for name, code in actions:
        service = chat.town.library.services.get(code)
        if name == "report" and service is not None and reports > 1:
            what = chat.town.label(service.name, chat.person.language)
            yield button(chat, "report", code, label=chat.words("article.do_report_what", what=what))
        elif name in _ACTIONS:
            yield button(chat, _ACTIONS[name], code, label=chat.words(f"article.do_{name}"))


def _related(chat: Chat, article: Article) -> Iterator[Choice]:
    for other in article.related:
        found = chat.town.article(other, chat.person.language)
        if found is not None:
            yield button(chat, "article", other, label=found.title)
