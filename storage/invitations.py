"""One-time codes that give a role; keeps only the codes' hashes."""

from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from handlers.ports import Official
from handlers.ticket.ticket import Role
from storage.people import OFFICIAL, official_from
from storage.schema import invitation, staff
from storage.statements import Rows, Statement

_CREATE = Statement(
    insert(invitation)
    .values(
        code_hash=bindparam("code_hash"),
        role=bindparam("role"),
        department=bindparam("department"),
        name=bindparam("name"),
        expires_at=bindparam("expires_at"),
        created_at=bindparam("now"),
        is_demo=bindparam("is_demo"),
    )
    .returning(invitation.c.id)
)
_USE_UP = Statement(
    update(invitation)
    .where(
        invitation.c.code_hash == bindparam("code_hash"),
        invitation.c.accepted_at.is_(None),
        invitation.c.expires_at > bindparam("now"),
    )
    .values(accepted_at=bindparam("now"), accepted_by=bindparam("person_id"))
    .returning(invitation.c.name, invitation.c.role, invitation.c.department, invitation.c.is_demo)
)
_APPOINT = Statement(
    insert(staff).values(
        {name: bindparam(name) for name in ("person_id", "name", "role", "department", "since", "is_demo")}
    )
)
_REVOKE = Statement(
    update(staff)
    .where(staff.c.person_id == bindparam("person_id"), staff.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("now"))
)
_END_DEMO = Statement(
    update(staff).where(staff.c.is_demo, staff.c.revoked_at.is_(None)).values(revoked_at=bindparam("now"))
)
_EXPIRE_DEMO = Statement(
    update(invitation)
    .where(invitation.c.is_demo, invitation.c.accepted_at.is_(None), invitation.c.expires_at > bindparam("now"))
    .values(expires_at=bindparam("now"))
)
_ACCEPTED = Statement(
    select(*OFFICIAL).where(staff.c.person_id == bindparam("person_id"), staff.c.revoked_at.is_(None))
)


class SqlInvitations:
    """Invitations, and the roles that they gave."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def create(
        self,
        *,
        code_hash: str,
        role: Role,
        department: str | None,
        name: str,
        expires_at: datetime,
        now: datetime,
        is_demo: bool = False,
    ) -> int:
        """A new invitation's id. Raises StatementRefused if the hash exists.

        is_demo: the role that it gives ends with the demo.
        """
        invitation_id: int = self._rows.value(
            _CREATE,
            code_hash=code_hash,
            role=role.value,
            department=department,
            name=name,
            expires_at=expires_at,
            now=now,
            is_demo=is_demo,
        )
        return invitation_id

    def accept(self, code_hash: str, person_id: int, now: datetime) -> Official | None:
        """Use up the invitation and give its role; None if unknown, used or expired. Races have one winner.

        A role that the person had before is replaced.
        """
        used = self._rows.first(_USE_UP, code_hash=code_hash, person_id=person_id, now=now)
        if used is None:
            return None
        name, role, department, is_demo = used
        self.revoke(person_id, now)
        self._rows.run(
            _APPOINT, person_id=person_id, name=name, role=role, department=department, since=now, is_demo=is_demo
        )
        return official_from(self._rows.only(_ACCEPTED, person_id=person_id))

    def revoke(self, person_id: int, now: datetime) -> bool:
        """Take the role away; False if there was none. Open tickets stay assigned and are listed as unattended."""
        return self._rows.run(_REVOKE, person_id=person_id, now=now) > 0

    def end_demo(self, now: datetime) -> int:
        """Take away every role that the demo gave, and its open invitations; how many roles."""
        self._rows.run(_EXPIRE_DEMO, now=now)
        return self._rows.run(_END_DEMO, now=now)
