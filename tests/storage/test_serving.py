"""One process answers from a SQLite file; whoever works beside it is not kept out."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from storage.engine import open_store
from storage.errors import AlreadyServed, StorageUnavailable
from tests.databases import database_url
from tests.harness import ROOT

_HOLDS = """
import sys, time
from storage.engine import open_store
store = open_store(sys.argv[1])
store.serve_alone()
print("held", flush=True)
time.sleep(60)
"""


def test_the_second_one_is_told_who_the_first_is(tmp_path: Path) -> None:
    first, second = (open_store(f"sqlite:///{tmp_path}/new/town.db") for _ in range(2))
    first.serve_alone()
    first.serve_alone()
    with pytest.raises(AlreadyServed) as refused:
        second.serve_alone()
    assert f"Process {os.getpid()} on {socket.gethostname()} answers from {tmp_path}/new/town.db" in str(refused.value)
    second.close()
    with pytest.raises(AlreadyServed):
        second.serve_alone()
    first.close()
    second.serve_alone()
    second.close()


def test_who_works_beside_it_is_not_kept_out(tmp_path: Path) -> None:
    """Staff, backups and migrations are present on the same file."""
    with database_url("sqlite", tmp_path) as url:
        serving, beside = open_store(url), open_store(url)
        serving.serve_alone()
        serving.migrate()
        beside.migrate()
        with beside.transaction() as transaction:
            assert transaction.unit.people.officials() == ()
        beside.close()
        serving.close()


def test_a_killed_process_lets_go(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/town.db"
    holder = subprocess.Popen([sys.executable, "-c", _HOLDS, url], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    with holder, closing(open_store(url)) as store:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(AlreadyServed, match=f"Process {holder.pid} on"):
            store.serve_alone()
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        store.serve_alone()


def test_replicas_on_a_server_need_not_be_alone(tmp_path: Path) -> None:
    with (
        database_url("postgresql", tmp_path) as url,
        closing(open_store(url)) as first,
        closing(open_store(url)) as other,
    ):
        first.serve_alone()
        other.serve_alone()


def test_a_lock_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """It is tried again, as with a disk that is away."""
    (tmp_path / "town.db-serving").mkdir()
    with (
        closing(open_store(f"sqlite:///{tmp_path}/town.db")) as store,
        pytest.raises(StorageUnavailable, match="serving"),
    ):
        store.serve_alone()
