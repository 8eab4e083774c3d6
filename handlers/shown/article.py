"""How an article is told: short first, then what is known around it, then what can be done. Knows no question."""

from collections.abc import Sequence

from faq.model import Article, Department
from handlers.conversation.chat import Chat
from handlers.messages import Choice
from handlers.shown.buttons import button

#: Telephones show about this much without scrolling.
_MESSAGE_AT_MOST = 850
_RELATED = 3
#: Words before the colon of an article's action, and the flow that each opens.
_ACTIONS = {"report": "report", "request": "request", "complain": "complaint", "track": "track"}


def give(chat: Chat, article: Article) -> None:
    """The answer as residents get it; one that is past its day says so first."""
    tell(chat, article, ways_on(chat, article))


def tell(chat: Chat, article: Article, choices: Sequence[Choice] = ()) -> None:
    """The same with other choices below."""
    if is_expired(chat, article):
        chat.say("article.expired", valid_until=article.valid_until)
    first, *rest = pages(article.body, _MESSAGE_AT_MOST - len(article.title))
    chat.say("article.answer", title=article.title, body=first)
    for more in rest:
        chat.say("article.more", body=more)
    chat.say("article.known", known=known_of(chat, article), choices=choices)


def is_expired(chat: Chat, article: Article) -> bool:
    """Whether the day has passed until which the office stands by it."""
    return article.valid_until is not None and article.valid_until < chat.today


def known_of(chat: Chat, article: Article) -> str:
    """Requirements, cost, time, place, hours, link and source, a line each, as far as they are known."""
    values = {
        "requirements": "\n".join(f"• {each}" for each in article.requirements),
        "cost": article.cost,
        "duration": article.duration,
        "office": office_of(chat, chat.town.library.departments.get(article.office or "")),
        "hours": article.hours,
        "link": next((each.removeprefix("url:") for each in article.actions if each.startswith("url:")), None),
    }
    known = [chat.words(f"article.{name}", value=value) for name, value in values.items() if value]
    return "\n".join([*known, _source(chat, article)])


def office_of(chat: Chat, office: Department | None) -> str | None:
    """An office with its address and telephone."""
    if office is None:
        return None
    name = chat.town.label(office.name, chat.person.language)
    return ", ".join(each for each in (name, office.address, office.phone) if each)


def front_desk(chat: Chat, article: Article | None = None) -> str:
    """Whom to ask in person: the article's office, or the front desk, with telephone and hours where they are known."""
    desk = article.office if article and article.office else chat.town.city.desks.get("front_desk", "")
    office = chat.town.library.departments.get(desk or "")
    if office is None:
        return ""
    # What the town has still to fill in helps nobody.
    phone, hours = (value if value and "{" not in value else None for value in (office.phone, office.hours))
    name = chat.town.label(office.name, chat.person.language)
    return chat.words("ask.desk", office=", ".join(each for each in (name, phone, hours) if each))


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
    """What the article says can be done, what it is related to, and whether it helped."""
    ways = []
    for action in article.actions:
        name, _, code = action.partition(":")
        if name in _ACTIONS:
            ways.append(button(chat, _ACTIONS[name], code, label=chat.words(f"article.do_{name}")))
    for other in article.related[:_RELATED]:
        related = chat.town.article(other, chat.person.language)
        if related is not None:
            ways.append(button(chat, "article", other, label=related.title))
    ways += [
        button(chat, "useful", article.id, label=chat.words("article.useful")),
        button(chat, "not_useful", article.id, label=chat.words("article.not_useful")),
        button(chat, "menu"),
    ]
    return [each for each in ways if each.fits]


def _source(chat: Chat, article: Article) -> str:
    if article.verified_on is None:
        return chat.words("article.unverified", source=article.source or "—")
    return chat.words("article.verified", source=article.source or "—", verified_on=article.verified_on)
