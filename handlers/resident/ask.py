"""A question to the counter: the article that answers it, a few that may, or an honest "I don't know" with ways on."""

from faq.model import Article
from faq.search import Finding, Outcome
from handlers.dialogue import COMMANDS, Chat, flow
from handlers.messages import Choice
from handlers.ports import Json

#: Articles offered when the question could mean several.
_OFFERED = 3


@flow("ask", command=("preguntar", "ask"), arguments=("question",))
def ask(chat: Chat) -> None:
    """Answer, offer, or say that there is no answer. Any other words are a new question."""
    question = chat.text("question", at_least=2, at_most=2000)
    found = chat.recall("found", lambda: _to_json(chat.town.ask(question, chat.person.language)))
    outcome, ids = _from_json(found)
    articles = [each for each in (chat.town.article(name, chat.person.language) for name in ids[:_OFFERED]) if each]
    match outcome:
        case Outcome.ANSWER if articles:
            give(chat, articles[0])
        case Outcome.OFFER if articles:
            options = [Choice(each.id[:40], each.title) for each in articles]
            chosen = chat.choose("which", [*options, Choice("none", chat.words("ask.none_of_these"))], is_soft=True)
            article = next((each for each in articles if each.id[:40] == chosen), None)
            give(chat, article) if article else _unknown(chat, question)
        case _:
            _unknown(chat, question)


@flow("article", command=("articulo", "article"), arguments=("id",))
def article(chat: Chat) -> None:
    """One article, by its id: what a button of another answer opens."""
    found = chat.town.article(chat.text("id", at_most=80), chat.person.language)
    if found is None:
        raise chat.stop("article.gone")
    give(chat, found)


def give(chat: Chat, article: Article) -> None:
    """The answer, then what is known around it, then what can be done."""
    known = [
        chat.words(f"article.{name}", value=value)
        for name, value in (
            ("requirements", "\n".join(f"• {each}" for each in article.requirements)),
            ("cost", article.cost),
            ("duration", article.duration),
            ("office", _office(chat, article)),
            ("hours", article.hours),
        )
        if value
    ]
    known.append(_source(chat, article))
    if article.valid_until is not None and article.valid_until < chat.today:
        chat.say("article.expired", valid_until=article.valid_until, title=article.title)
    chat.say(
        "article.answer",
        title=article.title,
        body=article.body,
        known="\n".join(known),
        choices=_ways_on(chat, article),
    )


def _unknown(chat: Chat, question: str) -> None:
    way = chat.choose("unknown", ["request", "again", "report", "menu"], is_soft=True)
    if way == "request":
        raise chat.go("request", said={"what": question} if len(question) >= 10 else {})
    raise chat.go({"again": "ask", "report": "report", "menu": "menu"}[way])


def _office(chat: Chat, article: Article) -> str | None:
    office = chat.town.library.departments.get(article.office or "")
    if office is None:
        return None
    name = chat.town.label(office.name, chat.person.language)
    return ", ".join(each for each in (name, office.address, office.phone) if each)


def _source(chat: Chat, article: Article) -> str:
    if article.verified_on is None:
        return chat.words("article.unverified", source=article.source or "—")
    return chat.words("article.verified", source=article.source or "—", verified_on=article.verified_on)


def _ways_on(chat: Chat, article: Article) -> list[Choice]:
    ways = []
    for action in article.actions:
        name, _, code = action.partition(":")
        command = {"report": "reportar", "request": "solicitar", "complain": "queja", "track": "folio"}.get(name)
        if command in COMMANDS:
            ways.append(Choice(f"/{command} {code}".strip(), chat.words(f"article.do_{name}")))
    for other in article.related[:3]:
        related = chat.town.article(other, chat.person.language)
        if related is not None and len(f"/articulo {other}".encode()) <= 64:
            ways.append(Choice(f"/articulo {other}", related.title))
    return [*ways, Choice("/menu", chat.words("button.menu"))]


def _to_json(finding: Finding) -> Json:
    return {"outcome": finding.outcome.value, "articles": [match.article for match in finding.matches]}


def _from_json(noted: Json) -> tuple[Outcome, list[str]]:
    if not isinstance(noted, dict) or not isinstance(noted["articles"], list):
        return Outcome.UNKNOWN, []
    return Outcome(str(noted["outcome"])), [str(each) for each in noted["articles"]]
