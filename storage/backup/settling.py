"""What is done with rows that were brought back, before anybody works with them."""

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, null, update

from storage.backup.contents import Contents, contents_of, differences
from storage.engine import Transaction
from storage.errors import BackupRefused
from storage.schema import IS_ACTIVE, outbox
from storage.statements import Statement

_REASON: Final = "restored from a backup: it may have been sent meanwhile"
_DOUBT_ALL: Final = Statement(
    update(outbox)
    .where(IS_ACTIVE)
    .values(
        state="uncertain",
        uncertain_count=outbox.c.uncertain_count + 1,
        owner=null(),
        claimed_at=null(),
        settled_at=bindparam("now"),
        error=bindparam("reason"),
    )
)


def settle(transaction: Transaction, wanted: Contents, doubted_at: datetime | None) -> int:
    """Count what was restored, and take what waited to be sent for uncertain; how many rows that were.

    Raises BackupRefused where something is missing, and StorageUnavailable.
    """
    if wrong := list(differences(wanted, contents_of(transaction.rows))):
        raise BackupRefused(f"What was restored is not what was copied: {'; '.join(wrong)}.")
    return transaction.rows.run(_DOUBT_ALL, now=doubted_at, reason=_REASON) if doubted_at is not None else 0
