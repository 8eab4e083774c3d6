"""Which processes are alive, by the database's clock: what a process that is gone had claimed may be claimed again.

Knows neither what was claimed nor what becomes of it.
"""

from typing import Final

from sqlalchemy import ColumnElement, Table, and_, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.schema import lease
from storage.statements import Rows, Statement
from storage.types import before_now, database_now

#: A process that told nothing for so long is gone. It tells every two seconds, so four in a row were lost.
LEASE_SECONDS: Final = 9.0

#: Long after the claims of a process that is gone were judged.
_KEPT_SECONDS: Final = 24 * 3600.0

_renewal = upsert(lease).values(owner=bindparam("holder"), renewed_at=database_now())
_RENEW = Statement(
    _renewal.on_conflict_do_update(index_elements=["owner"], set_={"renewed_at": _renewal.excluded.renewed_at})
)
_END = Statement(delete(lease).where(lease.c.owner == bindparam("holder")))
_FORGET = Statement(delete(lease).where(lease.c.renewed_at < before_now(_KEPT_SECONDS)))


def is_over(claimed: Table) -> ColumnElement[bool]:
    """A row's claim is old, and whoever claimed it has told nothing since.

    A process of a release that told nothing is judged by the age of its claim alone.
    """
    is_alive = (
        select(lease.c.owner)
        .where(lease.c.owner == claimed.c.owner, lease.c.renewed_at > before_now(LEASE_SECONDS))
        .correlate(claimed)
        .exists()
    )
    return and_(claimed.c.claimed_at <= before_now(LEASE_SECONDS), ~is_alive)


class Leases:
    """Told by each process of itself."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def renew(self, owner: str) -> None:
        """The process that claims as `owner` is alive."""
        self._rows.run(_RENEW, holder=owner)

    def end(self, owner: str) -> None:
        """It holds nothing any more."""
        self._rows.run(_END, holder=owner)
        self._rows.run(_FORGET)
