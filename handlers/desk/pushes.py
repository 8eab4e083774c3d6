"""A push: something that somebody else caused, on its way into a chat. Knows nothing of what it says."""

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from handlers import context as contexts
from handlers.context import Kind, Last
from handlers.messages import NoticeKind, OutgoingMessage
from handlers.ports import Contact, Conversation, UnitOfWork

#: Why a push that nobody can get is kept and not sent; staff read it.
_UNREACHABLE: Final = "nothing arrives in this chat: it was blocked or forgotten"
_QUIET: Final = "this person asked for no more notices in this chat"
#: How long a list that was sent counts as the one that somebody looks at.
_LIST_OPEN_FOR: Final = timedelta(hours=12)


class Pushed(StrEnum):
    """What became of a push."""

    #: On its way.
    QUEUED = "queued"
    #: Nothing arrives in that chat.
    UNREACHABLE = "unreachable"
    #: It was said before.
    REPEATED = "repeated"


class Pushes:
    """Writes pushes into the outbox, each once for each chat."""

    def __init__(self, uow: UnitOfWork, now: datetime) -> None:
        self._uow, self._now = uow, now

    def put(
        self,
        contact: Contact,
        message: OutgoingMessage,
        *,
        once: str,
        ticket_id: int | None = None,
        folio: str | None = None,
    ) -> Pushed:
        """Say it in this chat, once for each `once`.

        About a ticket, what cannot go leaves a row that says so; anything else may be said once the chat is back.
        """
        why_not = _UNREACHABLE if contact.unreachable_at else _QUIET if _wants_silence(contact) else None
        is_reached = why_not is None
        conversation = self._uow.conversations.get(contact.address_id) or Conversation(
            contact.address_id, None, {}, None, (), self._now
        )
        # Numbers belong to the list or the question that is open: what comes over it goes by letters.
        is_lettered = bool(message.choices) and self._is_list_open(conversation)
        message = replace(message, lettered=is_lettered)
        if not is_reached and ticket_id is None:
            return Pushed.UNREACHABLE
        is_new = self._uow.outbox.put(
            contact.address_id,
            message,
            now=self._now,
            kind=NoticeKind.NOTICE,
            ticket_id=ticket_id,
            dedupe_key=f"{once}:{contact.address_id}",
            undeliverable=why_not,
        )
        if not is_new:
            return Pushed.REPEATED
        if not is_reached:
            return Pushed.UNREACHABLE
        self._remember(conversation, message, folio)
        return Pushed.QUEUED

    def _remember(self, conversation: Conversation, message: OutgoingMessage, folio: str | None) -> None:
        """What is typed next may be about this notice, or choose among what it offers."""
        if conversation.unreadable is not None:
            return
        held = contexts.from_json(conversation.context)
        last = Last(Kind.NOTICE, self._now, ticket=folio) if folio else held.last
        lettered = message.choices if message.lettered else held.lettered
        is_covered = held.is_covered or message.lettered
        held = replace(held, last=last, lettered=lettered, is_covered=is_covered, unsure=None, piece=None)
        changed = replace(conversation, context=contexts.to_json(held))
        if message.choices and not message.lettered and conversation.flow is None:
            changed = replace(changed, offered=message.choices, updated_at=self._now)
        self._uow.conversations.put(changed)

    def _is_list_open(self, conversation: Conversation) -> bool:
        if conversation.flow is not None and not conversation.is_paused:
            return True
        return bool(conversation.offered) and self._now - conversation.updated_at < _LIST_OPEN_FOR


def _wants_silence(contact: Contact) -> bool:
    """Officials hear of their work whatever they asked for as residents."""
    return contact.quiet_since is not None and contact.role is None
