"""Changes of the answers that were not carried out, by no fault of their own: found, tried again, dropped."""

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, null, select, text, update

from handlers.dead_letter import DeadLetter, Outcome, Trouble, What
from storage.dead.messages import number
from storage.schema import content_change
from storage.statements import Row, Rows, Statement
from storage.types import one_of

#: Refused for another reason, its author begins anew: somebody else had changed the file.
_TROUBLES: Final = {"unwritable": Trouble.UNWRITTEN, "unsound": Trouble.UNSOUND}

_IS_REFUSED = text("content_change.state = 'refused'")
_is_dead = one_of(content_change.c.reason, _TROUBLES)
_is_it = content_change.c.id == bindparam("row_id")
_shown = select(
    content_change.c.id,
    content_change.c.path,
    content_change.c.reason,
    content_change.c.settled_at,
    content_change.c.at,
).where(_IS_REFUSED, _is_dead)
_PAGE = Statement(
    _shown.where(content_change.c.id > bindparam("after")).order_by(content_change.c.id).limit(bindparam("limit"))
)
_GET = Statement(_shown.where(_is_it))
_SUMMARY = Statement(
    select(func.count(), func.max(content_change.c.settled_at)).where(_IS_REFUSED, content_change.c.id > 0, _is_dead)
)
_RETRY = Statement(
    update(content_change)
    .where(_is_it, _IS_REFUSED, _is_dead)
    .values(state="pending", reason=null(), settled_at=null())
)
_DROP = Statement(
    update(content_change)
    .where(_is_it, _IS_REFUSED, _is_dead)
    .values(reason=bindparam("why"), settled_at=bindparam("now"))
)


class DeadChanges:
    """Rows of `content_change`, by their ids."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def summary(self) -> tuple[int, datetime | None]:
        """How many there are, and since when the last of them."""
        count, newest = self._rows.only(_SUMMARY)
        return count, newest

    def page(self, after: str, limit: int) -> tuple[DeadLetter, ...]:
        """Those with a greater id."""
        return tuple(map(_letter, self._rows.all(_PAGE, after=number(after), limit=limit)))

    def get(self, name: str) -> DeadLetter | None:
        """The one with that id."""
        row = self._rows.first(_GET, row_id=number(name))
        return None if row is None else _letter(row)

    def retry(self, name: str) -> Outcome:
        """Pending again: carried out only where the file is still as its author saw it."""
        return Outcome.DONE if self._rows.run(_RETRY, row_id=number(name)) else Outcome.SETTLED

    def drop(self, name: str, by: str, now: datetime) -> bool:
        """Left refused for good. Its text is no resident's, and stays in the history of its file."""
        return bool(self._rows.run(_DROP, row_id=number(name), why=f"dropped by {by}", now=now))


def _letter(row: Row) -> DeadLetter:
    row_id, path, reason, settled_at, at = row
    return DeadLetter(
        key=f"c{row_id}",
        what=What.CHANGE,
        trouble=_TROUBLES[reason],
        since=settled_at or at,
        tries=1,
        error=reason,
        file=path,
    )
