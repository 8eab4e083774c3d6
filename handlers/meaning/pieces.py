"""Texts that come in pieces: what follows within seconds is added to what the first opened, or read as one with it.

No reply waits for a possible next message. One that has not left is taken back, where the next piece says more.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from faq.speech import acts
from handlers.context import PIECES_WITHIN, Piece
from handlers.conversation.questions import Answer, TextQuestion
from handlers.conversation.session import Session
from handlers.meaning.situation import Situation
from handlers.messages import IncomingMessage
from handlers.redaction import redact

#: A text that long was cut by its channel: what follows is its end. Telegram cuts after 4,096 characters.
_CUT_FROM: Final = 3_900
#: ... and comes within this time.
_CUT_WITHIN: Final = timedelta(seconds=20)
#: What is asked of whose question found no answer.
_UNKNOWN: Final = "unknown"
#: What is kept of what was said, to be read together with the next piece.
_KEPT_AT_MOST: Final = 8_000


def joined(session: Session, message: IncomingMessage) -> IncomingMessage:
    """The message, with the piece before it where that led to nothing that stands; its reply is taken back then, and
    that it found no answer.
    """
    piece = _piece(session, message)
    if piece is None or piece.form is not None or not _says_more(message.text or ""):
        return message
    session.uow.outbox.recall(session.contact.address_id, piece.at)
    if session.asked == _UNKNOWN:
        session.uow.misses.take_back(redact(piece.text), piece.at)
    glue = "" if len(piece.text) >= _CUT_FROM else "\n"
    return replace(message, text=f"{piece.text}{glue}{message.text}")


def belongs_to_form(it: Situation) -> bool:
    """More words for the form that the piece before opened: they join its story, and what was asked stands."""
    session, piece = it.session, _piece(it.session, it.message)
    if piece is None or piece.form is None or piece.form != session.nonce or it.form is None:
        return False
    if it.is_question:
        return False  # who asks is answered
    if it.form.story is None or not _says_more(it.text) or it.message.place or it.media or _answers(it):
        return False
    if not session.add_words(it.text):
        session.journal.say_beforehand(it.form.story, f"{piece.text}\n{it.text}")
    if session.uow.outbox.recall(session.contact.address_id, piece.at):
        session.repeat()
    return True


def remember(session: Session, message: IncomingMessage, before: str, *, is_open: bool) -> None:
    """What was said now, for the next piece.

    before: the mark of the form that was open. is_open: what the words led to is read anew with what follows.
    """
    text, piece = message.text or "", _piece(session, message)
    form = session.nonce if session.flow is not None and session.flow.is_form else None
    if not text or message.choice or text.startswith("/"):
        session.remember(piece=None)
    elif form is not None and (form != before or (piece is not None and piece.form == form)):
        session.remember(piece=Piece(text[:_KEPT_AT_MOST], session.now, form))
    else:
        session.remember(piece=Piece(text[:_KEPT_AT_MOST], session.now) if is_open and form is None else None)


def _piece(session: Session, message: IncomingMessage) -> Piece | None:
    piece = session.context.piece
    if piece is None or message.choice or message.reply_to or (message.text or "").startswith("/"):
        return None
    within = _CUT_WITHIN if len(piece.text) >= _CUT_FROM else PIECES_WITHIN
    return piece if session.now - piece.at <= within else None


def _says_more(text: str) -> bool:
    """Whether it is more of a story, and not an act of its own such as thanks or a yes."""
    return len(text) > 2 and not any(each.is_all and each.sure >= 0.6 for each in acts(text))


def _answers(it: Situation) -> bool:
    """Whether the words are an answer to what was asked: a place where a place was asked, one of the options."""
    question = it.question
    if question is None or isinstance(question, TextQuestion):
        return question is not None
    if it.session.asked == "place":
        return it.place is not None and not it.place.is_vague
    return isinstance(question.read(it.heard, None), Answer)
