"""Owns a counter to rehearse on: a database that is thrown away, people who write to it, and what reaches them.

Knows the product's one entrance and its outbox; nothing of what is rehearsed.
"""

import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from handlers.conversation.session import Session
from handlers.desk.desk import Desk
from handlers.desk.invitation import hash_of, new
from handlers.dispatch import Handled, handle
from handlers.lookups import inside
from handlers.messages import Address, Attachment, AttachmentKind, IncomingMessage, NoticeKind, Place
from handlers.ports import Contact
from handlers.ticket.ticket import Role
from handlers.town.reading import Readings
from handlers.town.town import Town
from storage.engine import Store, open_store
from storage.unit_of_work import SqlUnitOfWork

#: A Tuesday at eleven in the morning in Mexico: the counter is open, and the same on each run.
NOW: Final = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
_CHANNEL: Final = "webchat"


@dataclass(frozen=True, slots=True)
class Delivered:
    """A message that reached a chat."""

    address_id: int
    ticket_id: int | None
    #: The vendor's id of it.
    id: str
    text: str
    is_notice: bool


class Theatre:
    """The database, made once; every rehearsal leaves it as it was."""

    def __init__(self, store: Store, town: Town) -> None:
        self._store = store
        # What a text means is read where it is asked for.
        readings = Readings()
        readings.close()
        self.town = town.knowing(readings)

    @contextmanager
    def stage(self, seed: str) -> Iterator["Stage"]:
        """A counter that nobody has written to yet. seed: the same chance on each run."""
        try:
            with self._store.transaction() as transaction:
                yield Stage(transaction.unit, self.town, seed)
                raise _Over
        except _Over:
            return


class _Over(Exception):
    """The rehearsal has ended: nothing of it stays."""


@contextmanager
def theatre(town: Town) -> Iterator[Theatre]:
    """A migrated database of its own, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="ventanilla-rehearsal-") as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'rehearsal.db'}")
        try:
            store.migrate()
            yield Theatre(store, town)
        finally:
            store.close()


class Stage:
    """One counter during one rehearsal, in one transaction."""

    def __init__(self, unit: SqlUnitOfWork, town: Town, seed: str) -> None:
        self.unit, self.town = unit, town
        #: What time it is there.
        self.now = NOW
        self.delivered: list[Delivered] = []
        #: Picks one of a sequence: the same folios on each run.
        self.chance = random.Random(seed).choice  # noqa: S311 - it keeps no secret
        self._messages = 0

    # -- people -----------------------------------------------------------------------------------------------------

    def person(self, name: str, language: str | None = None) -> Contact:
        """Somebody who was welcomed before."""
        spoken = self.town.language_of(language)
        contact = self.unit.people.arrive(Address(_CHANNEL, name), language=spoken, now=self.now)
        self.unit.people.set_notice(contact.person_id, self.town.city.privacy_notice_version, self.now)
        return self.unit.people.contact(contact.address_id)

    def official(self, name: str, role: Role, department: str | None, language: str | None = None) -> Contact:
        """Somebody who took up a role."""
        contact, code = self.person(name, language), new(self.chance)
        self.unit.invitations.create(
            code_hash=hash_of(code),
            role=role,
            department=department,
            name=name,
            expires_at=self.now + timedelta(days=7),
            now=self.now,
        )
        self.desk(contact).accept_invitation(hash_of(code))
        return self.unit.people.contact(contact.address_id)

    def desk(self, contact: Contact) -> Desk:
        """The desk as this person stands before it now."""
        return Desk(self.unit, self.town, contact, self.now, self.chance)

    @contextmanager
    def session(self, contact: Contact) -> Iterator[Session]:
        """What the engine does to this person's chat without a message of theirs; stored at the end."""
        session = Session(self.unit, self.town, self.unit.people.contact(contact.address_id), self.now, self.chance)
        yield session
        session.finish()
        self.deliver()

    # -- messages ---------------------------------------------------------------------------------------------------

    def hears(
        self,
        contact: Contact,
        text: str | None = None,
        *,
        has_photo: bool = False,
        pin: tuple[float, float] | None = None,
        reply_to: str | None = None,
    ) -> Handled:
        """A message, handled to its end; what was said in return has reached the chat."""
        self._messages += 1
        photo = Attachment(AttachmentKind.PHOTO, f"photo-{self._messages}.jpg", "image/jpeg", 200_000)
        message = IncomingMessage(
            address=contact.address,
            external_id=f"message-{self._messages}",
            sent_at=self.now,
            text=text,
            place=Place(latitude=pin[0], longitude=pin[1]) if pin else None,
            attachments=(photo,) if has_photo else (),
            reply_to=reply_to,
            language=contact.language,
        )
        handled = handle(message, uow=self.unit, town=self.town, now=self.now, choice=self.chance, lookups=inside())
        self.deliver()
        return handled

    def deliver(self) -> None:
        """All that waits in the outbox arrives."""
        while rows := self.unit.claims.claim("rehearsal", self.now, {_CHANNEL: 100}):
            for row in rows:
                provider_id = f"ours-{row.id}"
                self.unit.delivery.sent(row.id, provider_id, self.now)
                is_notice = row.kind is NoticeKind.NOTICE
                self.delivered.append(
                    Delivered(row.address_id, row.ticket_id, provider_id, row.message.text, is_notice)
                )
