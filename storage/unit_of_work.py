"""All that one message, push or sweep may read and write, in one transaction. Owns no SQL of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from storage.claims import Claims
from storage.content_changes import SqlContentChanges
from storage.conversations import SqlConversations
from storage.dead.letters import SqlDeadLetters
from storage.delivery import OutboxDelivery
from storage.errors import StorageUnavailable
from storage.forgetting import Forgetting
from storage.heartbeat import Heartbeat
from storage.inbox import Inbox
from storage.instance_secrets import Secrets
from storage.invitations import SqlInvitations
from storage.leases import Leases
from storage.mailbox import Mailbox
from storage.media import SqlMedia
from storage.misses import SqlMisses
from storage.outbox import SqlOutbox
from storage.people import SqlPeople
from storage.rights import Rights
from storage.statements import Rows
from storage.tickets import SqlTickets
from storage.uploads import SqlUploads

if TYPE_CHECKING:
    from handlers.ports import UnitOfWork


class SqlUnitOfWork:
    """The repositories over one transaction. Of one thread, and of no use after the transaction's end."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.people = SqlPeople(rows)
        self.invitations = SqlInvitations(rows)
        self.conversations = SqlConversations(rows)
        self.tickets = SqlTickets(rows)
        self.outbox = SqlOutbox(rows)
        self.media = SqlMedia(rows)
        self.misses = SqlMisses(rows)
        self.content_changes = SqlContentChanges(rows)
        self.dead_letters = SqlDeadLetters(rows)
        self.inbox = Inbox(rows)
        self.claims = Claims(rows)
        self.delivery = OutboxDelivery(rows)
        self.leases = Leases(rows)
        self.mailbox = Mailbox(rows)
        self.secrets = Secrets(rows)
        self.rights = Rights(rows)
        self.uploads = SqlUploads(rows)
        self.forgetting = Forgetting(rows)
        self.heartbeat = Heartbeat(rows)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """An exception undoes only what is done inside, and goes on. May be nested."""
        self._rows.command("SAVEPOINT piece")
        try:
            yield
        except StorageUnavailable:
            # The whole transaction is lost.
            raise
        except BaseException:
            self._rows.command("ROLLBACK TO SAVEPOINT piece")
            self._rows.command("RELEASE SAVEPOINT piece")
            raise
        self._rows.command("RELEASE SAVEPOINT piece")


if TYPE_CHECKING:

    def _fits(unit: SqlUnitOfWork) -> UnitOfWork:
        return unit
