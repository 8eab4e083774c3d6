"""An administrator looks at one article, takes it away, brings it back, reads what was changed, and undoes it."""

from faq.model import Article
from handlers.admin.articles.draft import Draft, mistakes_in, remarks_on
from handlers.admin.articles.publish import (
    article_way,
    bring_back,
    raise_if_changed,
    ways_to,
    withdraw,
    without_lost_relations,
)
from handlers.content_change import ChangeState, ContentChange
from handlers.conversation.chat import Chat
from handlers.conversation.flow import flow
from handlers.conversation.signals import Stop
from handlers.shown.article import preview
from handlers.shown.buttons import button
from handlers.texts import declare, under
from handlers.ticket.ticket import Role

declare(
    __name__,
    "faq_view.known",
    "faq_withdraw.sure",
    *under("faq", "kept", "saved", "nothing_changed", "cannot_come_back", "which"),
    *under("faq_history", "none", "undo", "list", "line"),
    "faq_undo.away",
    "faq_undo.sure",
    "article.gone",
    "line.gone",
    *under("faq_note", "added", "edited", "withdrawn", "restored", "undone"),
    *under("faq_state", *ChangeState),
)

_SHOWN = 8


@flow("faq_view", role=Role.ADMINISTRATOR)
def view(chat: Chat) -> None:
    """As residents see it, with the ways of asking for it and what can be done."""
    article = _article(chat)
    preview(chat, article)
    questions = "\n".join(f"• {each}" for each in article.questions)
    buttons = ("edit", "withdraw", "history")
    ways = [way for name in buttons for way in article_way(chat, name, article.id)]
    chat.say("faq_view.known", choices=[*ways, *ways_to(chat, "home")], questions=questions, file=article.file)


@flow("faq_withdraw", role=Role.ADMINISTRATOR)
def take_away(chat: Chat) -> None:
    """After a yes, residents are not told it any more; it can be brought back."""
    article = _article(chat)
    if not chat.confirm("sure", title=article.title):
        raise chat.stop("faq.kept", choices=ways_to(chat, "home"))
    withdraw(chat, article.id, "withdrawn")
    chat.say("faq.saved", choices=ways_to(chat, "home"))


@flow("faq_restore", role=Role.ADMINISTRATOR)
def restore(chat: Chat) -> None:
    """An article that was withdrawn comes back as it was."""
    change = _change(chat)
    if change.previous_text is None or change.path in chat.town.library.sources:
        raise _stop(chat, "faq.nothing_changed")
    _back(chat, change.path, change.previous_text, "restored")


@flow("faq_history", role=Role.ADMINISTRATOR)
def history(chat: Chat) -> None:
    """What was changed in the chat, newest first, each with a way to undo it."""
    article = _article(chat)
    changes = chat.store.content_changes.of(article.file, limit=_SHOWN)
    if not changes:
        raise _stop(chat, "faq_history.none")
    lines = "\n".join(_line(chat, change) for change in changes)
    ways = [
        button(chat, "faq", "deshacer", str(change.id), label=chat.words("faq_history.undo", at=change.at))
        for change in changes
        if change.state is ChangeState.LIVE
    ]
    chat.say("faq_history.list", choices=[*ways, *ways_to(chat, "home")], lines=lines, title=article.title)


@flow("faq_undo", role=Role.ADMINISTRATOR)
def undo(chat: Chat) -> None:
    """The text from before a change takes the place of the present one: undoing is a change too."""
    change = _change(chat)
    present = chat.town.library.sources.get(change.path)
    if change.state is not ChangeState.LIVE or present == change.previous_text:
        raise _stop(chat, "faq.nothing_changed")
    if change.previous_text is not None:
        return _back(chat, change.path, change.previous_text, "undone")
    article = Draft(change.path, change.path.partition("/")[0], None, present or "").article
    if article is None or not chat.confirm("sure", prompt="faq_undo.away", title=article.title):
        raise _stop(chat, "faq.kept")
    withdraw(chat, article.id, "undone")
    return chat.say("faq.saved", choices=ways_to(chat, "home"))


def _back(chat: Chat, path: str, text: str, note: str) -> None:
    """Show the earlier text, and take it after a yes."""
    seen = chat.recall("seen", lambda: chat.town.library.sources.get(path))
    draft = Draft(path, path.partition("/")[0], seen if isinstance(seen, str) else None, text)
    article = draft.article
    if article is None:
        raise _stop(chat, "article.gone")
    mended = without_lost_relations(chat, article, text)
    draft = Draft(path, draft.language, draft.previous, mended)
    mistakes = mistakes_in(chat, draft)
    if mistakes:
        raise chat.stop("faq.cannot_come_back", choices=ways_to(chat, "home"), notes=_bullets(mistakes))
    preview(chat, article)
    notes = _bullets(remarks_on(chat, draft))
    if not chat.confirm("sure", prompt="faq_undo.sure", title=article.title, notes=notes):
        raise _stop(chat, "faq.kept")
    raise_if_changed(chat, path, draft.previous)
    bring_back(chat, path, mended, note)
    chat.say("faq.saved", choices=ways_to(chat, "home"))


def _article(chat: Chat) -> Article:
    article = chat.town.article_as_written(chat.text("id", at_most=80, prompt="faq.which"), chat.person.language)
    if article is None or article.file not in chat.town.library.sources:
        raise _stop(chat, "article.gone")
    return article


def _change(chat: Chat) -> ContentChange:
    said = chat.text("id", at_most=20, prompt="faq.which")
    change = chat.store.content_changes.get(int(said)) if said.isdecimal() and len(said) < 15 else None
    if change is None:
        raise _stop(chat, "faq.nothing_changed")
    return change


def _line(chat: Chat, change: ContentChange) -> str:
    official = chat.store.people.official(change.person_id)
    return chat.words(
        "faq_history.line",
        at=change.at,
        note=chat.words(f"faq_note.{change.note}"),
        name=official.name if official else chat.words("line.gone"),
        state=chat.words(f"faq_state.{change.state}"),
    )


def _bullets(lines: list[str]) -> str:
    return "\n".join(f"• {each}" for each in lines)


def _stop(chat: Chat, key: str) -> Stop:
    return chat.stop(key, choices=ways_to(chat, "home"))
