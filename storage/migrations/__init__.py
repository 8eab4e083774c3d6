"""Brings the tables up to date, through Alembic. Needs no alembic.ini: the revisions lie beside this file."""

import threading
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

#: Alembic keeps the migration under way in module globals.
_one_at_a_time: Final = threading.Lock()

#: Names our advisory lock on PostgreSQL.
_LOCK: Final = 0x5645_4E54_414E_494C


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Run the revisions that are missing, in one transaction that is under way; commits it.

    Other processes wait: SQLite for the transaction's own lock, PostgreSQL for an advisory one.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
    with _one_at_a_time:
        command.upgrade(config(connection), revision)
    connection.commit()


def config(connection: Connection) -> Config:
    """What Alembic wants to know, for one connection."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    settings.attributes["connection"] = connection
    return settings
