"""The proof that rows can be written. Knows nothing of what is kept."""

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.schema import heartbeat
from storage.statements import Rows, Statement

#: All replicas write the same row.
_NAME: Final = "ready"

_new = upsert(heartbeat).values(name=bindparam("name"), at=bindparam("now"))
_BEAT = Statement(_new.on_conflict_do_update(index_elements=["name"], set_={"at": _new.excluded.at}))


class Heartbeat:
    """One row, written again and again."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def beat(self, now: datetime) -> None:
        """Write it; whether that holds is known once it is committed."""
        self._rows.run(_BEAT, name=_NAME, now=now)
