"""Secrets that all replicas of one counter share. Makes none itself."""

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.schema import instance_secret
from storage.statements import Rows, Statement

_ADD = Statement(
    upsert(instance_secret).values(name=bindparam("name"), value=bindparam("value")).on_conflict_do_nothing()
)
_GET = Statement(select(instance_secret.c.value).where(instance_secret.c.name == bindparam("name")))


class Secrets:
    """By name."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def get_or_create(self, name: str, new_value: str) -> str:
        """The secret of that name; `new_value` where there was none. All replicas get the same."""
        found: str | None = self._rows.value(_GET, name=name)
        if found is None:
            self._rows.run(_ADD, name=name, value=new_value)
            found = str(self._rows.only(_GET, name=name)[0])
        return found
