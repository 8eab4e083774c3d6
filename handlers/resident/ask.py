"""A question to the counter: the article that answers it, a few that may, or an honest "I don't know" with ways on."""

from faq.search.engine import Finding, Verdict
from faq.speech import Act, acts
from faq.text import is_question
from handlers.context import Kind
from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow
from handlers.messages import Choice
from handlers.ports import Json
from handlers.redaction import redact
from handlers.shown.article import front_desk, give
from handlers.shown.buttons import button
from handlers.texts import declare, under

declare(
    __name__,
    *under("ask", "question", "which", "none_of_these", "unknown", "do_report"),
    "article.id",
    "article.gone",
    "useful.thanks",
    "not_useful.id",
    "not_useful.way",
    *under("not_useful.way_options", "again", "request", "menu"),
    *under("ask.unknown_options", "request", "again", "report", "menu"),
)

#: Articles offered when the question could mean several.
_OFFERED = 3
#: Words from which on they may be a story.
_STORY_FROM = 7


@flow("ask", command=("preguntar", "ask"), place=20, offered=10, arguments=("question",))
def ask(chat: Chat) -> None:
    """Answer, offer, or say that there is no answer. Any other words are a new question."""
    question = chat.text("question", at_least=2, at_most=2000)
    if meant := chat.journal.words("article"):
        return _answer(chat, question, meant)
    favoured = _favoured(chat)
    found = chat.recall("found", lambda: _to_json(chat.town.ask(question, chat.person.language, favoured)))
    outcome, ids = _from_json(found)
    articles = [each for each in (chat.town.article(name, chat.person.language) for name in ids[:_OFFERED]) if each]
    match outcome:
        case Verdict.ANSWER if articles:
            _answer(chat, question, articles[0].id)
        case Verdict.OFFER if articles:
            options = [*_reports(chat), *(Choice(each.id[:40], each.title) for each in articles)][:_OFFERED]
            told = question if _tells(question) else None
            chat.note_last(Kind.OFFER, articles=tuple(each.id for each in articles), told=told)
            chosen = chat.choose("which", [*options, Choice("none", chat.words("ask.none_of_these"))], is_soft=True)
            if chosen in chat.town.library.services:
                raise chat.go("report", said={"story": question}, group=chosen, kind=chosen, words=question)
            article = next((each for each in articles if each.id[:40] == chosen), None)
            if article is not None:
                return _answer(chat, question, article.id)
            _unknown(chat, question, "offer_refused", articles[0].id)
        case _ if reports := _reports(chat):
            chosen = chat.choose("which", [*reports, Choice("none", chat.words("ask.none_of_these"))], is_soft=True)
            if chosen != "none":
                raise chat.go("report", said={"story": question}, group=chosen, kind=chosen, words=question)
            _unknown(chat, question, "offer_refused", None)
        case _:
            _unknown(chat, question, "unknown", None)
    return None


@flow("article", command=("articulo", "article"), arguments=("id",))
def article(chat: Chat) -> None:
    """One article, by its id: what a button of another answer opens."""
    found = chat.town.article(chat.text("id", at_most=80), chat.person.language)
    if found is None:
        raise chat.stop("article.gone")
    give(chat, found)


@flow("useful", command=("util", "useful"), arguments=("id",))
def useful(chat: Chat) -> None:
    """The answer helped."""
    chat.say("useful.thanks", choices=[button(chat, "menu")])


@flow("not_useful", command=("noutil", "notuseful"), arguments=("id",))
def not_useful(chat: Chat) -> None:
    """The answer did not help: it is kept for the administrators, and there are ways on."""
    found = chat.town.article(chat.text("id", at_most=80), chat.person.language)
    if found is None:
        raise chat.stop("article.gone")
    asked = chat.session.question_for(found.id)
    question = str(chat.recall("question", lambda: asked or ""))
    chat.once("kept", lambda: _keep(chat, question or found.title, "not_useful", found.id))
    way = chat.choose("way", ["again", "request", "menu"], is_soft=True, desk=front_desk(chat, found))
    raise _on(chat, way, question)


def _favoured(chat: Chat) -> tuple[tuple[str, float], ...]:
    """What the question may be about by what was said before it, as the reader noted it."""
    noted = chat.journal.answer("favoured")
    pairs = noted if isinstance(noted, list) else []
    return tuple((str(each[0]), float(str(each[1]))) for each in pairs if isinstance(each, list) and len(each) == 2)


def _reports(chat: Chat) -> list[Choice]:
    """Services that the words may be about, to be reported with a tap."""
    codes = chat.journal.answer("services")
    services = chat.town.library.services
    found = [services[str(code)] for code in (codes if isinstance(codes, list) else []) if str(code) in services]
    return [
        Choice(each.code, chat.words("ask.do_report", what=chat.town.label(each.name, chat.person.language)))
        for each in found
    ]


def _answer(chat: Chat, question: str, article_id: str) -> None:
    found = chat.town.article(article_id, chat.person.language)
    if found is None:
        raise chat.stop("article.gone")
    give(chat, found)
    told = question if _tells(question) else None
    chat.note_last(Kind.ARTICLE, articles=(found.id,), question=redact(question), told=told)


def _unknown(chat: Chat, question: str, reason: str, article_id: str | None) -> None:
    chat.once("kept", lambda: _keep(chat, question, reason, article_id))
    way = chat.choose("unknown", ["request", "again", "report", "menu"], is_soft=True, desk=front_desk(chat))
    raise _on(chat, way, question)


def _on(chat: Chat, way: str, question: str) -> Exception:
    if way == "request":
        return chat.go("request", said={"what": question} if len(question) >= 10 else {})
    if way == "report" and _tells(question):
        return chat.go("report", said={"story": question}, words=question)
    return chat.go({"again": "ask", "report": "report", "menu": "menu"}[way])


def _tells(question: str) -> bool:
    """Whether the words are a story that a form can begin with, and no mere question."""
    wants_it_mended = any(each.act is Act.MEND_IT for each in acts(question))
    return len(question.split()) >= _STORY_FROM and (wants_it_mended or not is_question(question))


def _keep(chat: Chat, question: str, reason: str, article_id: str | None) -> None:
    """For the administrators, who learn from it: nothing in it tells who asked."""
    language = chat.person.language
    chat.store.misses.add(redact(question), reason=reason, article=article_id, language=language, now=chat.now)


def _to_json(finding: Finding) -> Json:
    return {"outcome": finding.outcome.value, "articles": [match.article for match in finding.matches]}


def _from_json(noted: Json) -> tuple[Verdict, list[str]]:
    if not isinstance(noted, dict) or not isinstance(noted["articles"], list):
        return Verdict.UNKNOWN, []
    return Verdict(str(noted["outcome"])), [str(each) for each in noted["articles"]]
