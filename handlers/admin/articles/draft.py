"""An article that is being written in the chat: its text, its fields, what is wrong with it. Knows no conversation."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from faq.model import Article
from faq.reading.articles import ArticleFile, parse_article
from faq.reading.notes import Notes
from faq.reading.references import Known, check_articles
from faq.search.engine import Verdict
from faq.text import fold
from faq.writing import Value, with_body, with_value
from handlers.conversation.chat import Chat
from handlers.texts import declare, under

declare(
    __name__,
    "faq_mistake.title",
    "faq_mistake.other",
    *under("faq_remark", "placeholder", "expired", "shared", "competes"),
)

#: What can be changed in the chat, in the order in which it is offered.
FIELDS: Final = (
    "title", "questions", "body", "requirements", "cost", "duration", "office", "hours", "theme", "source",
    "verified_on", "valid_until",
)  # fmt: skip

_TITLE_TAKEN: Final = "title is the same"
_COMPETES_FROM: Final = 0.5


@dataclass(frozen=True, slots=True)
class Draft:
    """A file as it was when somebody began to write, and as it would be."""

    path: str
    language: str
    #: None for a new one.
    previous: str | None
    text: str

    @property
    def is_changed(self) -> bool:
        """Whether there is anything to publish."""
        return self.text != self.previous

    @property
    def article(self) -> Article | None:
        """The article as it would be; None where it cannot be read."""
        file = self.read(Notes())
        return file.article if file else None

    def read(self, notes: Notes) -> ArticleFile | None:
        """The same, with what is wrong."""
        return parse_article(self.text, notes, language=self.language, file=self.path)

    def having(self, field: str, value: Value) -> "Draft":
        """The draft with another value in a field."""
        text = with_body(self.text, str(value)) if field == "body" else with_value(self.text, field, value)
        return replace(self, text=text)


def draft_of(chat: Chat, article: Article) -> Draft | None:
    """The file of an article as the counter reads it now; None where it is gone."""
    source = chat.town.library.sources.get(article.file)
    return None if source is None else Draft(article.file, article.language, source, source)


def mistakes_in(chat: Chat, draft: Draft) -> list[str]:
    """What keeps a draft from going live, in plain words."""
    notes = Notes()
    file = draft.read(notes)
    if file is not None:
        library = chat.town.library
        known = Known(library.city, library.departments, library.services)
        check_articles([*_others(chat, draft), file], known, notes, today=chat.today)
    own = [problem for problem in notes.problems if problem.is_error and problem.file == draft.path]
    return [
        chat.words("faq_mistake.title")
        if problem.message.startswith(_TITLE_TAKEN)
        else chat.words("faq_mistake.other", line=problem.line, message=problem.message)
        for problem in own
    ]


def remarks_on(chat: Chat, draft: Draft) -> list[str]:
    """What should be looked at, and does not keep it from going live."""
    article = draft.article
    if article is None:
        return []
    chat.town.will_ask(article.questions, article.language)
    found = [remark for question in article.questions if (remark := _rival(chat, article, question))]
    if "{" in draft.text:
        found.append(chat.words("faq_remark.placeholder"))
    if article.valid_until is not None and article.valid_until < chat.today:
        found.append(chat.words("faq_remark.expired", valid_until=article.valid_until))
    return found


def read_list(words: str, present: Sequence[str]) -> list[str]:
    """A list typed one a line; lines that begin with + are added to what is there."""
    lines = [line.strip(" •\t") for line in words.splitlines()]
    added = [line.removeprefix("+").strip() for line in lines if line.startswith("+")]
    whole = [line.removeprefix("- ").strip() for line in lines if line and not line.startswith("+")]
    return list(
        dict.fromkeys(each for each in ([*present, *added] if added and not whole else [*whole, *added]) if each)
    )


def read_day(words: str) -> date | None:
    """A day typed as 2026-12-31 or 31/12/2026."""
    parts = [int(part) for part in fold(words).split() if part.isdecimal() and len(part) <= 4]
    if len(parts) != 3:
        return None
    year, month, day = parts if parts[0] > 31 else parts[::-1]
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _others(chat: Chat, draft: Draft) -> list[ArticleFile]:
    articles = (each for own in chat.town.library.articles.values() for each in own.values())
    return [ArticleFile(each, {}) for each in articles if each.file != draft.path]


def _rival(chat: Chat, article: Article, question: str) -> str | None:
    """Another article that is the answer to this question now."""
    for other in chat.town.library.articles.get(article.language, {}).values():
        if other.id != article.id and fold(question) in map(fold, other.questions):
            return chat.words("faq_remark.shared", question=question, title=other.title)
    finding = chat.town.ask(question, article.language)
    first = finding.matches[0] if finding.matches else None
    if finding.outcome is not Verdict.ANSWER or first is None or first.article == article.id:
        return None
    rival = chat.town.article(first.article, article.language)
    if rival is None or first.score < _COMPETES_FROM:
        return None
    return chat.words("faq_remark.competes", question=question, title=rival.title, score=round(100 * first.score))
