"""Who may still see what was written for a role: asked when it is sent, when it is shown and when a file is opened."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, bindparam, or_, select

from handlers.ticket.role import Role, suffices
from storage.codec import outgoing_from_json
from storage.schema import address, mailbox, outbox, staff
from storage.statements import Rows, Statement
from storage.types import among, one_of

#: The present appointment of whom an outbox row is for, if it began before the row was written: what was written for an
#: earlier one, perhaps in another department, is not shown to the next.
_appointments = (
    select(outbox.c.id, staff.c.role)
    .join_from(outbox, address)
    .join(staff, (staff.c.person_id == address.c.person_id) & staff.c.revoked_at.is_(None))
    .where(staff.c.since <= outbox.c.created_at)
)


def _includes(held: ColumnElement[Any], needed: ColumnElement[Any]) -> ColumnElement[bool]:
    return or_(
        *(
            and_(one_of(held, [role.value]), one_of(needed, [each.value for each in Role if role.includes(each)]))
            for role in Role
        )
    )


#: Whether a row of the mailbox may be shown in its chat now.
MAIL_MAY_BE_SHOWN: Final = or_(
    mailbox.c.role.is_(None),
    _appointments.where(outbox.c.id == mailbox.c.outbox_id, _includes(staff.c.role, mailbox.c.role))
    .correlate(mailbox)
    .exists(),
)

_HELD = Statement(_appointments.where(among(outbox.c.id, "row_ids")))
_MAIL = Statement(select(mailbox.c.message).where(mailbox.c.id == bindparam("mail_id"), MAIL_MAY_BE_SHOWN))
_MESSAGE = Statement(select(outbox.c.message).where(outbox.c.id == bindparam("row_id")))


class Rights:
    """What a role gives, as long as it lasts."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def lost(self, needed: Mapping[int, str]) -> list[int]:
        """Of outbox rows, and the role that each is for, those whose reader does not hold it any more."""
        rows = self._rows.all(_HELD, row_ids=sorted(needed)) if needed else []
        held = {int(row_id): str(role) for row_id, role in rows}
        return [row_id for row_id, role in needed.items() if not _suffices(held.get(row_id), role)]

    def may_open(self, shown_in: str, media_id: int) -> bool:
        """Whether an attachment may be opened from where it was shown: "mail:7", "outbox:9"."""
        kind, _, number = shown_in.partition(":")
        if not number.isascii() or not number.isdecimal() or len(number) > 18:
            return False
        found = self._mail(int(number)) if kind == "mail" else self._row(int(number)) if kind == "outbox" else None
        return found is not None and media_id in outgoing_from_json(found).media

    def _mail(self, mail_id: int) -> Any:
        return self._rows.value(_MAIL, mail_id=mail_id)

    def _row(self, row_id: int) -> Any:
        message = self._rows.value(_MESSAGE, row_id=row_id)
        role = outgoing_from_json(message).role if message is not None else None
        return None if role is not None and self.lost({row_id: role}) else message


def _suffices(held: str | None, needed: str) -> bool:
    # A role that this version does not know is nobody's.
    if needed not in set(Role):
        return False
    return suffices(None if held is None else Role(held), Role(needed))
