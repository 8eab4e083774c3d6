"""A push: something that somebody else caused, on its way into a chat. Knows nothing of what it says."""

from dataclasses import replace
from datetime import datetime

from handlers.messages import Choice, NoticeKind, OutgoingMessage
from handlers.ports import Contact, Conversation, UnitOfWork


class Pushes:
    """Writes pushes into the outbox, each once for each chat."""

    def __init__(self, uow: UnitOfWork, now: datetime) -> None:
        self._uow, self._now = uow, now

    def put(self, contact: Contact, message: OutgoingMessage, *, once: str, ticket_id: int | None = None) -> bool:
        """Say it in this chat, once for each `once`; False if that was said before, or nothing arrives there."""
        if contact.unreachable_at is not None:
            return False
        is_new = self._uow.outbox.put(
            contact.address_id,
            message,
            now=self._now,
            kind=NoticeKind.NOTICE,
            ticket_id=ticket_id,
            dedupe_key=f"{once}:{contact.address_id}",
        )
        if is_new:
            self._offer(contact, message.choices)
        return is_new

    def _offer(self, contact: Contact, choices: tuple[Choice, ...]) -> None:
        """A number typed next means these choices, unless a conversation is going on."""
        conversation = self._uow.conversations.get(contact.address_id)
        if conversation is None:
            conversation = Conversation(contact.address_id, None, {}, None, (), self._now)
        if conversation.flow is None:
            self._uow.conversations.put(replace(conversation, offered=choices))
