"""Brings the tables up to date, through Alembic. Needs no alembic.ini: the revisions lie beside this file.

Each revision says how it may be run: `change = "rolling"` while processes of the release before are at work, `"stop"`
only while nobody is. docs/database.md says how to write one.
"""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from alembic.script.revision import RevisionError
from sqlalchemy import Connection

from storage.errors import BrokenReferences, OthersAlive, SchemaMisfit
from storage.presence import Presence

_FOLDER: Final = Path(__file__).parent
VERSIONS: Final = _FOLDER / "versions"

#: Alembic keeps the migration under way in module globals.
_one_at_a_time: Final = threading.Lock()

#: Names our advisory lock on PostgreSQL.
_LOCK: Final = 0x5645_4E54_414E_494C


def upgrade(connection: Connection, presence: Presence, *, revision: str = "head", versions: Path = VERSIONS) -> None:
    """Run the revisions that are missing, in one transaction that is under way; commits it.

    presence: who else is alive. From before the commit on, so are we: nobody can change the tables in between.
    Other processes wait: SQLite for the transaction's own lock, PostgreSQL for an advisory one.
    Raises SchemaMisfit; the transaction is then to be rolled back.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
    with _one_at_a_time:
        settings = config(connection, versions)
        current = MigrationContext.configure(connection).get_current_revision()
        missing = _missing(ScriptDirectory.from_config(settings), current, revision)
        # Nobody can work with a database that has no tables yet.
        if current is not None:
            _refuse_under_others(missing, presence)
        if missing:
            command.upgrade(settings, revision)
            _check_references(connection)
    presence.enter()
    connection.commit()


def knows(revision: str, versions: Path = VERSIONS) -> bool:
    """Whether a database of this revision can be brought up to date by this release."""
    scripts = ScriptDirectory.from_config(config(versions=versions))
    return any(script.revision == revision for script in scripts.walk_revisions())


def config(connection: Connection | None = None, versions: Path = VERSIONS) -> Config:
    """What Alembic wants to know, for one connection; without one, to read the revisions."""
    settings = Config()
    settings.set_main_option("path_separator", "newline")
    settings.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    settings.set_main_option("version_locations", str(versions).replace("%", "%%"))
    settings.attributes["connection"] = connection
    return settings


def _missing(scripts: ScriptDirectory, current: str | None, wanted: str) -> Sequence[Script]:
    """The revisions that lie between, the last one first."""
    try:
        return list(scripts.iterate_revisions(wanted, current or "base"))
    except RevisionError as error:
        raise SchemaMisfit(
            f"The database was migrated by a later release (its revision {current} is unknown here)."
            " Start that release, or a backup of the database from before it."
        ) from error


def _refuse_under_others(missing: Sequence[Script], presence: Presence) -> None:
    stops = [script.revision for script in missing if script.module.change == "stop"]
    if stops and not presence.alone():
        raise OthersAlive(
            f"This release changes the tables in a way that other processes do not survive (revision {stops[-1]}), and"
            " at least one is alive. Stop every other process that uses this database, then start this one again."
            " Nothing was changed."
        )


def _check_references(connection: Connection) -> None:
    """SQLite does not look at foreign keys while tables are copied; PostgreSQL always does."""
    if connection.dialect.name == "sqlite":
        broken = {(row[0], row[2]) for row in connection.exec_driver_sql("PRAGMA foreign_key_check")}
        if broken:
            tables = ", ".join(f"{table} to {referred}" for table, referred in sorted(broken))
            raise BrokenReferences(f"The migration would leave rows that point to nothing: {tables}. It was undone.")
