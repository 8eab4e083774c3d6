"""Backups as an administrator takes and restores them."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.attachments.store import FileStore
from handlers.messages import Address, Attachment, AttachmentKind, OutgoingMessage
from storage.engine import open_store
from tests.harness import MONDAY, ROOT, command_environment

Said = tuple[int, str]


def run(folder: Path, *command: str, limit: str = "", **environ: str) -> Said:
    """A command as a process; its exit code and all that it said. limit: what the shell sets first."""
    ended = subprocess.run(
        ["sh", "-c", f'{limit} exec "$0" -m bot "$@"', sys.executable, *command],
        cwd=ROOT, env=command_environment(folder, **environ),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60, check=False,
    )  # fmt: skip
    return ended.returncode, ended.stdout


@pytest.fixture
async def town(content: Path, tmp_path: Path) -> Path:
    """A folder in which an instance has an official's invitation, an attachment, and an answer that waits."""
    folder = tmp_path / "town"
    shutil.copytree(content, folder / "content")
    assert run(folder, "staff", "invite", "--role", "agent", "--name", "Rosa")[0] == 0
    stored = await FileStore(f"file://{folder}/var/media").save(b"%PDF-1.7 " + bytes(300_000))
    store = open_store(f"sqlite:///{folder}/var/ventanilla.db")
    with store.transaction() as transaction:
        unit, ana = transaction.unit, Address("webchat", "ana")
        unit.media.receive(ana, [Attachment(AttachmentKind.DOCUMENT, stored.key)], MONDAY)
        address = unit.people.arrive(ana, language="es", now=MONDAY).address_id
        unit.outbox.put(address, OutgoingMessage("Ya quedó"), now=MONDAY)
    store.close()
    return folder


def test_a_town_moves_house(town: Path, tmp_path: Path) -> None:
    code, said = run(town, "backup", str(tmp_path / "backup"), CONTENT_DIR=str(town / "content"))
    assert code == 0, said
    assert re.search(
        r"Backed up to .*: \d+ rows in \d+ tables \(sqlite, revision \d+\), 1 attachments, \d+ files", said
    )
    assert run(town, "backup", str(tmp_path / "backup"))[0] == 1

    new = tmp_path / "new"
    (new / "content").mkdir(parents=True)
    code, said = run(new, "restore", str(tmp_path / "backup"), CONTENT_DIR=str(new / "content"))
    assert code == 0, said
    for words in (
        "it is as the backup's manifest says",
        "The town's content is in CONTENT_DIR.",
        "1 messages waited to be sent. They may have been sent since, so they will not be",
    ):
        assert words in said
    code, said = run(new, "restore", str(tmp_path / "backup"))
    assert (code, "Nothing was restored." in said, "Traceback" in said) == (1, True, False)
    assert "Nobody has a role yet" in run(new, "staff", "list")[1]


def test_what_waited_goes_out_after_a_move(town: Path, tmp_path: Path) -> None:
    assert run(town, "backup", str(tmp_path / "backup"))[0] == 0
    code, said = run(tmp_path / "new", "restore", "--send-waiting", str(tmp_path / "backup"))
    assert (code, "messages waited" in said) == (0, False)
    store = open_store(f"sqlite:///{tmp_path}/new/var/ventanilla.db")
    with store.transaction() as transaction:
        assert transaction.unit.delivery.counts()["pending"] == 1
    store.close()


@pytest.mark.parametrize("blocks", [100, 500])
def test_a_full_disk_is_told_and_leaves_nothing(town: Path, tmp_path: Path, blocks: int) -> None:
    """In the middle of the database, and in the middle of an attachment: no file may grow beyond a limit."""
    (tmp_path / "backups").mkdir()
    code, said = run(town, "backup", str(tmp_path / "backups" / "monday"), limit=f"ulimit -f {blocks};")
    assert code == 1, said
    assert "Nothing was kept of the backup." in said
    assert "Traceback" not in said
    assert os.listdir(tmp_path / "backups") == []  # noqa: PTH208 - a list to compare


def test_nothing_to_back_up_is_told(tmp_path: Path) -> None:
    code, said = run(tmp_path, "backup", str(tmp_path / "backup"))
    assert (code, "There is no database at" in said) == (1, True)
    assert not (tmp_path / "backup").exists()


def test_a_database_that_is_away_is_told(tmp_path: Path) -> None:
    url = "postgresql://nobody:s3cret@127.0.0.1:1/none"
    for command in ("backup", "restore"):
        code, said = run(tmp_path, command, str(tmp_path / "backup"), DATABASE_URL=url)
        assert (code, "Traceback" in said, "s3cret" in said) == (1, False, False)
