"""Persons, the chats that reach them, and who is an official. Knows no tickets."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Text, bindparam, insert, literal_column, null, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from handlers.messages import Address
from handlers.ports import Contact, Official
from handlers.ticket.ticket import Role
from storage import codec
from storage.errors import Unreadable
from storage.schema import address, person, staff
from storage.statements import Row, Rows, Statement

_CONTACT: Final = (
    address.c.person_id,
    address.c.id,
    address.c.channel,
    address.c.value,
    person.c.language,
    person.c.notice_version,
    staff.c.role,
    staff.c.department,
    address.c.unreachable_at,
    address.c.quiet_since,
)

_contacts = (
    select(*_CONTACT)
    .join_from(address, person)
    .join(staff, (staff.c.person_id == address.c.person_id) & staff.c.revoked_at.is_(None), isouter=True)
)

#: For others who look up contacts by joining with their own tables.
CONTACTS: Final = _contacts


def _of_person(table: str, column: str, condition: str = "") -> Any:
    # Spelt out: on SQLite, RETURNING would render the columns inside without their tables.
    key = "id" if table == "person" else "person_id"
    return literal_column(
        f"(SELECT {table}.{column} FROM {table} WHERE {table}.{key} = address.person_id{condition})",  # noqa: S608
        Text,
    )


_IN_OFFICE: Final = " AND staff.revoked_at IS NULL"

# One statement, since it runs for every message. Where it had to wait for another message of the same chat, it reads
# language and role as they were before that one.
_ARRIVE = Statement(
    update(address)
    .where(address.c.channel == bindparam("channel"), address.c.value == bindparam("value"))
    .values(last_inbound_at=bindparam("now"), unreachable_at=null())
    .returning(
        address.c.person_id,
        address.c.id,
        _of_person("person", "language"),
        _of_person("person", "notice_version"),
        _of_person("staff", "role", _IN_OFFICE),
        _of_person("staff", "department", _IN_OFFICE),
        address.c.quiet_since,
    )
)

_ADD_PERSON = Statement(
    insert(person).values(language=bindparam("language"), created_at=bindparam("now")).returning(person.c.id)
)
_ADD_ADDRESS = Statement(
    upsert(address)
    .values(
        person_id=bindparam("person_id"),
        channel=bindparam("channel"),
        value=bindparam("value"),
        created_at=bindparam("now"),
        last_inbound_at=bindparam("now"),
    )
    .on_conflict_do_nothing()
    .returning(address.c.id)
)

_CONTACT_BY_ID = Statement(_contacts.where(address.c.id == bindparam("address_id")))
_CONTACT_OF = Statement(
    _contacts.where(address.c.person_id == bindparam("person_id"))
    .order_by(address.c.last_inbound_at.desc(), address.c.id.desc())
    .limit(1)
)
_SET_LANGUAGE = Statement(
    update(person).where(person.c.id == bindparam("person_id")).values(language=bindparam("new_language"))
)
_SET_NOTICE = Statement(
    update(person)
    .where(person.c.id == bindparam("person_id"))
    .values(notice_version=bindparam("version"), notice_shown_at=bindparam("now"))
)
_MARK_UNREACHABLE = Statement(
    update(address)
    .where(address.c.id == bindparam("address_id"), address.c.unreachable_at.is_(None))
    .values(unreachable_at=bindparam("now"))
)
_SET_QUIET = Statement(
    update(address).where(address.c.id == bindparam("address_id")).values(quiet_since=bindparam("since"))
)

OFFICIAL: Final = (staff.c.person_id, staff.c.name, staff.c.role, staff.c.department, staff.c.since)
_in_office = select(*OFFICIAL).where(staff.c.revoked_at.is_(None)).order_by(staff.c.name, staff.c.id)
_OFFICIAL = Statement(_in_office.where(staff.c.person_id == bindparam("person_id")))
_OFFICIALS = Statement(_in_office)


def contact_from(row: Row) -> Contact:
    """From the columns of CONTACTS."""
    person_id, address_id, channel, value, language, notice_version, role, department, unreachable_at, quiet = row
    return Contact(
        person_id=person_id,
        address_id=address_id,
        address=Address(channel, value),
        language=language,
        notice_version=notice_version,
        role=_role(role),
        department=department,
        unreachable_at=unreachable_at,
        quiet_since=quiet,
    )


def official_from(row: Row) -> Official:
    """From the columns of OFFICIAL. Raises Unreadable for a role of another release."""
    person_id, name, role, department, since = row
    return Official(person_id, name, codec.role(role), department, since)


def _role(value: str | None) -> Role | None:
    """None too for a role of another release: nobody knows here what it allows."""
    try:
        return None if value is None else codec.role(value)
    except Unreadable:
        return None


class SqlPeople:
    """Persons and the chats that reach them."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def arrive(self, address: Address, *, language: str, now: datetime) -> Contact:
        """The contact behind a chat that just wrote, made on first sight; locked until the transaction ends."""
        key = {"channel": address.channel, "value": address.value, "now": now}
        row = self._rows.first(_ARRIVE, **key)
        if row is not None:
            return _arrived(address, row)
        return self._first_seen(address, language, key) or _arrived(address, self._rows.only(_ARRIVE, **key))

    def _first_seen(self, address: Address, language: str, key: Mapping[str, Any]) -> Contact | None:
        """None if another transaction was first to see the chat; it has ended by now."""
        self._rows.command("SAVEPOINT first_seen")
        person_id = self._rows.value(_ADD_PERSON, language=language, now=key["now"])
        address_id = self._rows.value(_ADD_ADDRESS, person_id=person_id, **key)
        if address_id is None:
            self._rows.command("ROLLBACK TO SAVEPOINT first_seen")
        self._rows.command("RELEASE SAVEPOINT first_seen")
        return None if address_id is None else Contact(person_id, address_id, address, language, None)

    def contact(self, address_id: int) -> Contact:
        """The contact of one chat. Raises LookupError if there is none."""
        return contact_from(self._rows.only(_CONTACT_BY_ID, address_id=address_id))

    def contact_of(self, person_id: int) -> Contact | None:
        """The chat in which the person wrote last."""
        row = self._rows.first(_CONTACT_OF, person_id=person_id)
        return None if row is None else contact_from(row)

    def set_language(self, person_id: int, language: str) -> None:
        """The language to speak with the person from now on."""
        self._rows.run(_SET_LANGUAGE, person_id=person_id, new_language=language)

    def set_notice(self, person_id: int, version: str, now: datetime) -> None:
        """Record that the person was shown this version of the privacy notice."""
        self._rows.run(_SET_NOTICE, person_id=person_id, version=version, now=now)

    def mark_unreachable(self, address_id: int, now: datetime) -> None:
        """Nothing arrives there, since `now` or since an earlier mark; cleared when the chat writes again."""
        self._rows.run(_MARK_UNREACHABLE, address_id=address_id, now=now)

    def set_quiet(self, address_id: int, since: datetime | None) -> None:
        """Whether the chat wants notices: none since a moment, or all of them again."""
        self._rows.run(_SET_QUIET, address_id=address_id, since=since)

    def officials(self, department: str | None = None, role: Role | None = None) -> tuple[Official, ...]:
        """Persons with a role now, by name.

        department: keeps those of it and those of the whole town hall. role: keeps exactly that one.
        """
        everyone, _ = codec.sorted_out(self._rows.all(_OFFICIALS), official_from)
        return tuple(
            official
            for official in everyone
            if (department is None or official.department in {None, department}) and role in {None, official.role}
        )

    def official(self, person_id: int) -> Official | None:
        """The person's role now."""
        row = self._rows.first(_OFFICIAL, person_id=person_id)
        return None if row is None or _role(row[2]) is None else official_from(row)


def _arrived(address: Address, row: Row) -> Contact:
    person_id, address_id, language, notice_version, role, department, quiet = row
    return Contact(person_id, address_id, address, language, notice_version, _role(role), department, quiet_since=quiet)
