"""One message at the counter: who writes, what they mean, which conversation takes it. Every channel shares this."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from faq.places import spoken
from faq.speech.language import is_known, language_of
from handlers import commands
from handlers import flows as _flows  # noqa: F401 - registers every flow
from handlers.cleaning import clean, clean_line
from handlers.conversation.session import Session
from handlers.desk import invitation
from handlers.lookups import Lookups
from handlers.meaning.policy import Decided, decide
from handlers.messages import IncomingMessage, MessageKind, Reply
from handlers.ports import Contact, Conversation, UnitOfWork
from handlers.texts import declare
from handlers.town import render
from handlers.town.town import Town

declare(__name__, "welcome.first", "welcome.notice_changed", "edited")

_QUIET: Final = frozenset({MessageKind.IGNORED, MessageKind.UNBLOCKED})


@dataclass(frozen=True, slots=True)
class Handled:
    """What a message came to, for whoever rehearses conversations. The product itself reads none of it."""

    #: What was said in return, before wording, in order.
    replies: tuple[Reply, ...] = ()
    #: Who read it, and how sure they were.
    decided: Decided | None = None


def handle(
    message: IncomingMessage,
    *,
    uow: UnitOfWork,
    town: Town,
    now: datetime,
    choice: Callable[[Sequence[str]], str],
    lookups: Lookups | None = None,
) -> Handled:
    """Handle one message to its end: tickets, history, and the replies in the outbox.

    Raises only on bugs and storage errors; and what `lookups` and a town that `knows` its readings raise.

    now: aware UTC. choice: picks one of a sequence by chance (folios, button marks).
    """
    message = _cleaned(message)
    contact = uow.people.arrive(message.address, language=town.language_of(message.language), now=now)
    if message.kind is MessageKind.BLOCKED:
        uow.people.mark_unreachable(contact.address_id, now)
        return Handled()
    if message.kind is MessageKind.EDITED:
        # Said beside the conversation: whatever waits for an answer waits on.
        said = Reply("edited", {})
        uow.outbox.put(contact.address_id, render.render(town.library, said, contact.language), now=now)
        return Handled((said,))
    if message.kind in _QUIET:
        return Handled()
    session = Session(uow, town, contact, now, choice, lookups)
    media = uow.media.receive(message.address, message.attachments, now) if message.attachments else ()
    _speak(session, message)
    decided = decide(session, message, media)
    if contact.role is None and not _is_invitation(message):
        _tell_of_the_notice(session, contact)
    session.finish()
    return Handled(session.replies, decided)


def _speak(session: Session, message: IncomingMessage) -> None:
    """The language they write in decides; the app's setting only begins."""
    if message.choice or not message.text or message.text.startswith("/"):
        return
    if not is_known(session.contact.language):
        return  # whoever chose a language whose words we cannot tell keeps it
    language = language_of(message.text, session.town.languages)
    if language is not None and language != session.contact.language:
        session.set_language(language)


def _cleaned(message: IncomingMessage) -> IncomingMessage:
    """The message as it is read from here on: every text in it folded and cut, whatever its channel let through."""
    place = message.place
    text = None if message.text is None else clean(message.text)
    # WhatsApp: the name of a document comes as if it had been said.
    is_file_name = bool(text and message.attachments) and spoken.is_file_name(text or "")
    return replace(
        message,
        text=None if is_file_name else text,
        choice=None if message.choice is None else clean_line(message.choice),
        place=place and replace(place, text=None if place.text is None else clean_line(place.text)),
        reply_to=None if message.reply_to is None else clean_line(message.reply_to),
        language=None if message.language is None else clean_line(message.language),
    )


def put_aside(
    conversation: Conversation,
    *,
    uow: UnitOfWork,
    town: Town,
    now: datetime,
    choice: Callable[[Sequence[str]], str],
) -> None:
    """Put an unfinished conversation aside that nobody touched for a while.

    Who was in the middle of a form is told once that it waits for them; everything else ends without a word.
    """
    Session(uow, town, uow.people.contact(conversation.address_id), now, choice).pause(conversation)


def _is_invitation(message: IncomingMessage) -> bool:
    """Whether it is the code that an official comes in with, whose first words are not a resident's welcome."""
    said = message.text or ""
    return invitation.read(said.partition(" ")[2] if said.startswith("/") else said) is not None


def _tell_of_the_notice(session: Session, contact: Contact) -> None:
    """One line below the first answer, once for each version of the privacy notice; not below a word of danger."""
    version = session.town.city.privacy_notice_version
    if contact.notice_version == version or any(reply.key.startswith("emergency.") for reply in session.replies):
        return
    is_first = contact.notice_version is None
    url = session.town.privacy_notice or commands.line("privacy")
    session.note("welcome.first" if is_first else "welcome.notice_changed", url=url)
    session.uow.people.set_notice(contact.person_id, version, session.now)
