"""An administrator writes an article step by step, sees it as residents will, and sends it live."""

from collections.abc import Sequence
from string import ascii_lowercase
from typing import Final

from faq.writing import Value, article_text, slug
from handlers.admin.articles.draft import FIELDS, Draft, draft_of, mistakes_in, read_day, read_list, remarks_on
from handlers.admin.articles.publish import publish, ways_to
from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow
from handlers.conversation.signals import Restart
from handlers.messages import Choice, Reply
from handlers.shown.article import preview
from handlers.texts import declare, under
from handlers.ticket.ticket import Role

declare(
    __name__,
    *under("faq_add", "title", "wordings", "body"),
    *under(
        "faq_edit",
        "id wording preview mended_first ready what bad_day bad_list day list needed value nothing_yet theme "
        "office none",
    ),
    "article.gone",
    *under("faq_field", "publish", *FIELDS),
    *under("words", "faq_clear", "today"),
)

#: Changes in one go; the button marks of questions hold letters only.
_TURNS: Final = ascii_lowercase[:20]
_LISTS: Final = frozenset({"questions", "requirements"})
_DAYS: Final = frozenset({"verified_on", "valid_until"})
_CANNOT_BE_EMPTY: Final = frozenset({"title", "questions", "body"})
_LENGTHS: Final = {"title": (3, 100), "body": (10, 3500), "questions": (3, 3000), "requirements": (1, 2000)}
_NONE: Final = "none"
_OPEN: Final = ("title", "wordings", "body", "wording", *(f"value_{turn}" for turn in _TURNS))


@flow("faq_add", role=Role.ADMINISTRATOR, is_form=True, open_questions=_OPEN)
def add(chat: Chat) -> None:
    """Title, ways of asking, answer, theme and office; the rest can follow before it goes live."""
    title = chat.text("title", at_least=3, at_most=100)
    questions = read_list(chat.text("wordings", at_least=3, at_most=3000), ())
    body = chat.text("body", at_least=10, at_most=3500)
    theme = _theme(chat, "theme")
    office = _office(chat, "office")
    language = chat.town.languages[0]
    library = chat.town.library
    taken = [each for articles in library.articles.values() for each in articles]
    taken += [path.rpartition("/")[2].removesuffix(".md") for path in library.sources]
    name = str(chat.recall("name", lambda: slug(title, taken)))
    front: dict[str, Value] = {"id": name, "title": title, "questions": questions, "theme": theme, "office": office}
    draft = Draft(f"{language}/articles/{name}.md", language, None, article_text(front, body))
    publish(chat, _shape(chat, draft), "added")


@flow("faq_edit", role=Role.ADMINISTRATOR, is_form=True, open_questions=_OPEN)
def edit(chat: Chat) -> None:
    """One thing after the other, each with a look at the whole, until it is sent live."""
    article = chat.town.article_as_written(chat.text("id", at_most=80), chat.person.language)
    now = draft_of(chat, article) if article else None
    if now is None:
        raise chat.stop("article.gone", choices=ways_to(chat, "home"))
    seen = str(chat.recall("seen", lambda: now.text))
    draft = Draft(now.path, now.language, seen, seen)
    if chat.journal.has("wording") and draft.article:
        wording = chat.text("wording", at_most=300)
        draft = draft.having("questions", list(dict.fromkeys([*draft.article.questions, wording])))
    publish(chat, _shape(chat, draft), "edited")


def _shape(chat: Chat, draft: Draft) -> Draft:
    """Change after change, until the draft is to be published."""
    for turn in _TURNS:
        what = _what_next(chat, turn, draft)
        if what == "publish":
            return draft
        draft = draft.having(what, _value(chat, what, f"value_{turn}", draft))
    return draft


def _what_next(chat: Chat, turn: str, draft: Draft) -> str:
    key = f"what_{turn}"
    is_asked_now = chat.journal.answer(key) not in {"publish", *FIELDS}
    # Only the question that waits needs the check: earlier ones are answered.
    mistakes = mistakes_in(chat, draft) if is_asked_now else []
    remarks = remarks_on(chat, draft) if is_asked_now else []
    article = draft.article
    if article is not None and is_asked_now:
        chat.say("faq_edit.preview")
        preview(chat, article)
    options = ["publish"] if draft.is_changed and not mistakes else []
    choices = [Choice(name, chat.words(f"faq_field.{name}")) for name in (*options, *FIELDS)]
    prompt = "faq_edit.mended_first" if mistakes else "faq_edit.ready" if options else "faq_edit.what"
    notes = "\n".join(f"• {each}" for each in (*mistakes, *remarks))
    return chat.choose(key, choices, hidden=("publish",), prompt=prompt, notes=notes)


def _value(chat: Chat, field: str, key: str, draft: Draft) -> Value:
    if field in {"office", "theme"}:
        return _theme(chat, key) if field == "theme" else _office(chat, key)
    at_least, at_most = _LENGTHS.get(field, (1, 300))
    label = chat.words(f"faq_field.{field}")
    words = chat.text(
        key, at_least=at_least if field in _CANNOT_BE_EMPTY else 1, at_most=at_most, prompt=_prompt(field),
        field=label, present=_present(chat, field, draft),
    )  # fmt: skip
    if field not in _CANNOT_BE_EMPTY and chat.town.means(words, "faq_clear"):
        return None
    if field in _DAYS:
        day = chat.today if chat.town.means(words, "today") else read_day(words)
        return day if day is not None else _again(chat, key, "faq_edit.bad_day")
    if field in _LISTS:
        article = draft.article
        items = read_list(words, getattr(article, field) if article else ())
        return items or _again(chat, key, "faq_edit.bad_list")
    return words


def _prompt(field: str) -> str:
    if field in _DAYS:
        return "faq_edit.day"
    if field in _LISTS:
        return "faq_edit.list"
    return "faq_edit.needed" if field in _CANNOT_BE_EMPTY else "faq_edit.value"


def _present(chat: Chat, field: str, draft: Draft) -> str:
    value = getattr(draft.article, field) if draft.article else None
    lines = "\n".join(value) if isinstance(value, tuple) else str(value) if value else ""
    return lines or chat.words("faq_edit.nothing_yet")


def _again(chat: Chat, key: str, why: str) -> Value:
    """Say why, and ask once more."""
    chat.journal.drop(key)
    chat.replies.append(Reply(why, {}))
    raise Restart


def _theme(chat: Chat, key: str) -> str | None:
    themes = {name: chat.town.label(label, chat.person.language) for name, label in chat.town.city.themes.items()}
    return _one_of(chat, key, themes, "faq_edit.theme")


def _office(chat: Chat, key: str) -> str | None:
    departments = chat.town.library.departments.values()
    return _one_of(
        chat,
        key,
        {each.id: chat.town.label(each.name, chat.person.language) for each in departments},
        "faq_edit.office",
    )


def _one_of(chat: Chat, key: str, labels: dict[str, str], prompt: str) -> str | None:
    choices: Sequence[Choice] = [Choice(name, label) for name, label in labels.items()]
    chosen = chat.choose(key, [*choices, Choice(_NONE, chat.words("faq_edit.none"))], prompt=prompt)
    return None if chosen == _NONE else chosen
