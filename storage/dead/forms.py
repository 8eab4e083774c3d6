"""Forms that were set apart since nobody could go on with them: found, brought back, dropped. Knows no flow."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from handlers.dead_letter import DeadLetter, Outcome, Trouble, What
from storage.codec import choices_from_json, journal_from_json
from storage.dead.messages import number
from storage.errors import Unreadable
from storage.schema import address, conversation, conversation_apart
from storage.statements import Row, Rows, Statement
from storage.types import one_of

_apart = conversation_apart
_is_apart = one_of(_apart.c.state, ["apart"])
_shown = select(_apart.c.id, address.c.channel, _apart.c.since, _apart.c.reason).join_from(
    _apart, address, address.c.id == _apart.c.address_id
)
_PAGE = Statement(
    _shown.where(_apart.c.id > bindparam("after"), _is_apart).order_by(_apart.c.id).limit(bindparam("limit"))
)
_is_it = _apart.c.id == bindparam("row_id")
_GET = Statement(_shown.where(_is_it, _is_apart))
_SUMMARY = Statement(select(func.count(), func.max(_apart.c.since)).where(_apart.c.id > 0, _is_apart))
_HELD = Statement(
    select(_apart.c.address_id, _apart.c.flow, _apart.c.journal, _apart.c.asked, _apart.c.offered).where(
        _is_it, _is_apart
    )
)
_MOVE = Statement(
    update(_apart).where(_is_it, _apart.c.state == bindparam("seen")).values(state=bindparam("new_state"))
)
_BLANK = Statement(
    update(_apart)
    .where(_is_it)
    .values(journal=bindparam("nothing"), offered=bindparam("none"), reason=bindparam("why"))
)
_new = upsert(conversation).values(
    {name: bindparam(name) for name in ("address_id", "flow", "journal", "asked", "updated_at")}
    | {"offered": bindparam("offered"), "is_paused": True}
)
_GOING_ON = Statement(select(conversation.c.flow).where(conversation.c.address_id == bindparam("address_id")))
# A form that was begun meanwhile is never overwritten.
_BRING_BACK = Statement(
    _new.on_conflict_do_update(
        index_elements=["address_id"],
        set_={name: _new.excluded[name] for name in ("flow", "journal", "asked", "offered", "updated_at", "is_paused")},
        where=or_(conversation.c.flow.is_(None), conversation.c.flow == bindparam("seen")),
    )
)


class DeadForms:
    """Rows of `conversation_apart`, by their ids."""

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

    def retry(self, name: str, now: datetime, *, flows: Mapping[str, bool]) -> Outcome:
        """A draft of its chat again: its person is asked whether to go on, with the next message."""
        row = self._rows.first(_HELD, row_id=number(name))
        if row is None:
            return Outcome.SETTLED
        address_id, flow, journal, asked, offered = row
        try:
            journal_from_json(journal)
            choices_from_json(offered)
        except Unreadable:
            return Outcome.UNREADABLE
        if flow not in flows:
            return Outcome.UNREADABLE
        going_on = self._rows.value(_GOING_ON, address_id=address_id)
        if going_on is not None and flows.get(going_on, True):
            return Outcome.BUSY
        if not self._move(name, "apart", "back"):
            return Outcome.SETTLED
        draft = {"address_id": address_id, "flow": flow, "journal": journal, "asked": asked, "offered": offered}
        is_back = self._rows.run(_BRING_BACK, **draft, updated_at=now, seen=going_on)
        if not is_back:
            self._move(name, "back", "apart")
            return Outcome.BUSY
        self._blank(name, "brought back")
        return Outcome.DONE

    def drop(self, name: str, by: str) -> bool:
        """Only that it was stays."""
        letter = self.get(name)
        if letter is None or not self._move(name, "apart", "dropped"):
            return False
        self._blank(name, f"dropped by {by}; was: {letter.error}")
        return True

    def _move(self, name: str, seen: str, state: str) -> bool:
        return bool(self._rows.run(_MOVE, row_id=number(name), seen=seen, new_state=state))

    def _blank(self, name: str, why: str) -> None:
        self._rows.run(_BLANK, row_id=number(name), nothing={}, none=[], why=why)


def _letter(row: Row) -> DeadLetter:
    row_id, channel, since, reason = row
    is_damaged = reason.startswith("cannot be read")
    return DeadLetter(
        key=f"f{row_id}",
        what=What.FORM,
        trouble=Trouble.UNREADABLE if is_damaged else Trouble.GONE,
        since=since,
        tries=0,
        error=reason,
        channel=channel,
    )
