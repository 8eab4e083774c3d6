"""PostgreSQL's programs: which are fit, and what others on the machine can see of their calls."""

import sys
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from storage.backup.client import PostgresClient
from storage.errors import BackupRefused, StorageUnavailable

URL = "postgresql+psycopg://ana:s3cret@db.example:5433/town?sslmode=require"
#: Its arguments, and what is in the file that they name.
_TELLS_ALL = """
import sys
from urllib.parse import parse_qs, urlsplit
address = next(each for each in sys.argv if each.startswith("--dbname=")).partition("=")[2]
with open(parse_qs(urlsplit(address).query)["passfile"][0]) as file:
    print(*sys.argv[1:], "-", file.read(), end="")
"""


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the only one with programs."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def install(folder: Path, script: str, name: str = "pg_dump") -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def test_the_password_is_in_no_list_of_processes(programs: Path) -> None:
    (programs / "pg_dump").write_text(f"#!{sys.executable}\n{_TELLS_ALL}")
    (programs / "pg_dump").chmod(0o755)
    url = URL.replace("s3cret", "s3c%3Aret")
    for each in (url, url.replace(":s3c%3Aret", "") + "&password=s3c%3Aret"):
        said = PostgresClient(make_url(each)).on_database("pg_dump", ["--x"])
        arguments, _, line = said.rpartition(" - ")
        # In the form of libpq's password files.
        assert line == "*:*:*:*:s3c\\:ret\n"
        assert "s3c" not in arguments
        assert "--dbname=postgresql://ana@db.example:5433/town?passfile=%2F" in arguments
        assert "sslmode=require" in arguments


@pytest.mark.parametrize("version", ["17.5", "17.0 (Debian 17.0-1)", "18beta1", "19devel"])
def test_a_client_that_is_not_older_is_fit(programs: Path, version: str) -> None:
    install(programs, f"echo 'pg_dump (PostgreSQL) {version}'")
    PostgresClient(make_url(URL)).refuse_older_than(17, "pg_dump")


@pytest.mark.parametrize("version", ["16.9", "9.6.24", "nonsense"])
def test_an_older_client_is_refused_with_what_to_do(programs: Path, version: str) -> None:
    install(programs, f"echo 'pg_dump (PostgreSQL) {version}'")
    with pytest.raises(BackupRefused, match="postgresql-client-17"):
        PostgresClient(make_url(URL)).refuse_older_than(17, "pg_dump")


def test_without_a_client_it_says_what_is_missing(programs: Path) -> None:
    with pytest.raises(BackupRefused, match="pg_dump is not installed"):
        PostgresClient(make_url(URL)).refuse_older_than(17, "pg_dump")


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("echo 'pg_dump: error: no room' >&2; echo 'pg_dump: detail: x' >&2; exit 1", "error: no room"),
        ("exit 3", "exit code 3"),
        ("kill -9 $$", "signal 9"),
    ],
)
def test_its_complaint_is_handed_on(programs: Path, script: str, says: str) -> None:
    install(programs, script)
    with pytest.raises(BackupRefused, match=says):
        PostgresClient(make_url(URL)).on_database("pg_dump", [])


def test_a_server_that_is_away_is_no_fault_of_the_backup(programs: Path) -> None:
    install(programs, "echo 'pg_dump: error: connection to server at \"h\", port 1 failed: refused' >&2; exit 1")
    with pytest.raises(StorageUnavailable, match="connection to server"):
        PostgresClient(make_url(URL)).on_database("pg_dump", [])
