"""What the demo gives ends with the demo: at the start without it, and nothing else ends."""

import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, MetaData, insert

from handlers.desk.invitation import hash_of
from handlers.ticket.ticket import Role
from storage.types import Instant
from storage.unit_of_work import SqlUnitOfWork
from tests.databases import DIALECTS, database
from tests.harness import RunningApp, running_app
from tests.storage.releases import bring_to, revisions
from tests.storage.samples import NOW, arrive
from tests.web.person import WebPerson


async def demo_code(app: RunningApp, person: WebPerson) -> str:
    async with person.session.post(f"{app.url}/chat/demo-official") as answer:
        return str((await answer.json())["code"])


async def role_of(app: RunningApp, person_id: int) -> str | None:
    official = await app.database(lambda unit: unit.people.official(person_id))
    return official and official.role


def appoint(unit: SqlUnitOfWork, name: str, valid_for: timedelta, *, is_demo: bool = False) -> int:
    """A person who used an invitation."""
    code = secrets.token_hex(5)
    person = arrive(unit, name, "webchat")
    unit.invitations.create(
        code_hash=hash_of(code), role=Role.SUPERVISOR, department=None, name=name, expires_at=NOW + valid_for, now=NOW,
        is_demo=is_demo,
    )  # fmt: skip
    unit.invitations.accept(hash_of(code), person.person_id, NOW)
    return person.person_id


async def test_roles_of_the_demo_end_with_it(content: Path, tmp_path: Path):
    """Neither its officials nor its open invitations outlive it; real officials do."""
    async with running_app(tmp_path, CONTENT_DIR=str(content), DEMO="on") as app, WebPerson(app.url) as visitor:
        await visitor.starts(f"inv_{await demo_code(app, visitor)}")
        await visitor.reads(1)
        assert await role_of(app, 1) == Role.SUPERVISOR
        real = await app.database(lambda unit: appoint(unit, "real", timedelta(days=7)))
        unused = await demo_code(app, visitor)
    # Another demo takes nothing away.
    async with running_app(tmp_path, CONTENT_DIR=str(content), DEMO="on") as app:
        assert await role_of(app, 1) == Role.SUPERVISOR
    async with running_app(tmp_path, CONTENT_DIR=str(content)) as app:
        assert await role_of(app, 1) is None
        assert await role_of(app, real) == Role.SUPERVISOR
        async with WebPerson(app.url, token=visitor.token) as again:
            await again.starts(f"inv_{unused}")
            await app.settle()
        assert await role_of(app, 1) is None
        assert "the demo is over" in app.logs


async def test_who_was_made_a_real_official_later_stays_one(content: Path, tmp_path: Path):
    """The role counts by how it was got, not who has it."""
    async with running_app(tmp_path, CONTENT_DIR=str(content), DEMO="on") as app:
        both = await app.database(lambda unit: appoint(unit, "ana", timedelta(minutes=10), is_demo=True))
        assert await app.database(lambda unit: appoint(unit, "ana", timedelta(days=7))) == both
    async with running_app(tmp_path, CONTENT_DIR=str(content)) as app:
        assert await role_of(app, both) == Role.SUPERVISOR


@pytest.mark.parametrize("dialect", DIALECTS)
def test_roles_that_a_demo_gave_before_they_were_marked_are_found(dialect: str, tmp_path: Path):
    """By their invitations, which were good for ten minutes: those of officials last a day at least."""
    edge = next(each for each in revisions() if "which roles the demo gave" in str(each.doc))
    with database(dialect, tmp_path, migrated=False) as store:
        bring_to(store, str(edge.down_revision))
        with store._connect() as connection:
            tables = MetaData()
            tables.reflect(connection, only=["person", "staff", "invitation"])
            for number, (name, minutes, is_in_office) in enumerate(_OFFICIALS, start=1):
                _appoint_of_old(connection, tables, number, name, minutes, is_in_office=is_in_office)
            connection.commit()
        store.migrate()
        with store.transaction() as transaction:
            unit = transaction.unit
            assert unit.invitations.end_demo(NOW) == 1
            assert [official.name for official in unit.people.officials()] == ["later a real one", "real"]


#: Name, how many minutes the invitation was good for, and whether the role is still theirs.
_OFFICIALS = (
    ("demo", 10, True),
    ("real", 24 * 60, True),
    ("later a real one", 10, False),
    ("later a real one", 7 * 24 * 60, True),
)


def _appoint_of_old(
    connection: Connection, tables: MetaData, number: int, name: str, minutes: int, *, is_in_office: bool
) -> None:
    """An official as the release before wrote one. The two of one name are one person."""

    def instant(at: datetime) -> Any:
        return Instant().process_bind_param(at, connection.dialect)

    person, since = min(number, 3), NOW + timedelta(minutes=number)
    if person == number:
        connection.execute(insert(tables.tables["person"]).values(id=person, language="es", created_at=instant(NOW)))
    shared = {"name": name, "role": "supervisor"}
    connection.execute(
        insert(tables.tables["invitation"]).values(
            **shared, id=number, code_hash=f"hash {number}", created_at=instant(NOW),
            expires_at=instant(NOW + timedelta(minutes=minutes)), accepted_at=instant(since), accepted_by=person,
        )
    )  # fmt: skip
    connection.execute(
        insert(tables.tables["staff"]).values(
            **shared, id=number, person_id=person, since=instant(since),
            revoked_at=None if is_in_office else instant(since + timedelta(minutes=1)),
        )
    )  # fmt: skip
