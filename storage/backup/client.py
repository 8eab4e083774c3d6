"""Runs PostgreSQL's own programs on the database of a URL. Knows no table, and not what is in a dump."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from sqlalchemy.engine import URL

from storage.errors import BackupRefused, StorageUnavailable

_MAJOR: Final = re.compile(r"\(PostgreSQL\) (\d{1,4})")
#: What the programs say of a server that is away, or goes.
_AWAY: Final = ("could not connect", "connection to server", "server closed the connection")


class PostgresClient:
    """pg_dump and pg_restore, where they are installed."""

    def __init__(self, url: URL) -> None:
        password = url.query.get("password", url.password)
        self._password: Final = None if password is None else str(password)
        self._address: Final = URL.create(
            "postgresql", url.username, None, url.host, url.port, url.database, url.query
        ).difference_update_query(["password"])

    def refuse_older_than(self, server_major: int, program: str) -> None:
        """Raises BackupRefused where the program is missing, or older than the server."""
        found = _MAJOR.search(self._run(program, ["--version"]))
        if found is None or int(found[1]) < server_major:
            version = found[1] if found else "unknown"
            raise BackupRefused(
                f"{program} here is of PostgreSQL {version}, and the server of {server_major}: a client must not be"
                f" older. Install postgresql-client-{server_major}, or run this in the image, which has it."
            )

    def on_database(self, program: str, arguments: Sequence[str]) -> str:
        """What the program writes. Raises BackupRefused with its complaint, and StorageUnavailable."""
        with self._password_file() as file:
            # The password is no argument: every user of the machine can read those.
            address = self._address if file is None else self._address.update_query_dict({"passfile": file})
            where = address.render_as_string(hide_password=False)
            return self._run(program, ["--no-password", f"--dbname={where}", *arguments])

    def on_file(self, program: str, arguments: Sequence[str]) -> str:
        """The same without a database."""
        return self._run(program, arguments)

    @contextmanager
    def _password_file(self) -> Iterator[str | None]:
        """A file that only its owner can read, in the form of libpq; None where there is no password."""
        if self._password is None:
            yield None
            return
        with tempfile.NamedTemporaryFile("w", prefix="ventanilla-", encoding="utf-8") as file:
            escaped = self._password.replace("\\", "\\\\").replace(":", "\\:")
            file.write(f"*:*:*:*:{escaped}\n")
            file.flush()
            yield file.name

    def _run(self, program: str, arguments: Sequence[str]) -> str:
        path = shutil.which(program)
        if path is None:
            raise BackupRefused(
                f"{program} is not installed. It is part of PostgreSQL's client (Debian: postgresql-client); the image"
                " has it."
            )
        # The arguments are ours: paths and an address from the settings, without a shell in between.
        ended = subprocess.run(  # noqa: S603
            [path, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        if ended.returncode == 0:
            return ended.stdout
        words = ended.stderr.strip()
        if any(each in words for each in _AWAY):
            raise StorageUnavailable(f"{program}: {_complaint(words)}")
        raise BackupRefused(f"{program} failed: {_complaint(words) or _ending(ended.returncode)}")


def _complaint(words: str) -> str:
    """The first complaint says why; what follows says where."""
    lines = [line for line in words.splitlines() if "error:" in line.lower()] or words.splitlines()
    return lines[0].strip() if lines else ""


def _ending(code: int) -> str:
    return f"ended by signal {-code}" if code < 0 else f"exit code {code}"
