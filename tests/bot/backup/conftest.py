"""A town with something in every table, in its store of attachments and in its content folder; and an empty place."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from bot.attachments.store import FileStore
from bot.backup.manifest import Manifest
from bot.backup.restore import Restored, restore
from bot.backup.take import take
from storage.engine import Store
from tests.databases import database, postgres
from tests.harness import MONDAY
from tests.storage import filler

PDF = b"%PDF-1.7 "


@dataclass
class Place:
    """What one instance has."""

    store: Store
    files: FileStore
    content: Path
    #: Of the attachments that were stored.
    keys: list[str] = field(default_factory=list)

    def rows(self) -> filler.Rows:
        with self.store._connect() as connection:
            return filler.rows(connection)

    async def back_up(self, folder: Path, now: datetime = MONDAY) -> Manifest:
        return await take(folder, self.store, self.files, self.content, now)

    async def restore(self, folder: Path, *, sends_waiting: bool = False) -> Restored:
        return await restore(
            folder, self.store, self.files, self.content, MONDAY, sends_waiting=sends_waiting
        )  # fmt: skip


@pytest.fixture(autouse=True)
def _programs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """pg_dump and pg_restore of the tests' own server."""
    if "postgresql" in request.node.name:
        monkeypatch.setenv("PATH", f"{postgres().programs}:{os.environ['PATH']}")


@pytest.fixture
def town(store: Store, tmp_path: Path) -> Place:
    """Rows in every table, and a content folder."""
    with store._connect() as connection:
        filler.fill(connection)
        connection.commit()
    content = tmp_path / "content"
    (content / "es").mkdir(parents=True)
    (content / ".git").mkdir()
    for name, words in (("city.yaml", "name: Tala"), ("es/a b.md", "¿Cuándo?"), (".git/config", "no")):
        (content / name).write_text(words, encoding="utf-8")
    return Place(store, FileStore(f"file://{tmp_path}/media"), content)


@pytest.fixture
async def kept(town: Place) -> Place:
    """The same with files: stored, not yet copied, not yet named by a message; and one that no row knows."""
    for number, state in enumerate(("stored", "pending"), 1):
        key = (await town.files.save(PDF + state.encode())).key
        town.keys.append(key)
        column = "key" if state == "stored" else "source"
        with town.store.transaction() as transaction:
            transaction.rows.command(f"UPDATE media SET {column} = '{key}', state = '{state}' WHERE id = {number}")
            transaction.rows.command("UPDATE media SET key = NULL WHERE id = 2")
    town.keys.append((await town.files.save(PDF + b"uploaded")).key)
    with town.store.transaction() as transaction:
        transaction.rows.command(f"UPDATE upload SET key = '{town.keys[-1]}' WHERE key LIKE '% 1'")
    # Known to no row: somebody's upload that never became a message.
    await town.files.save(PDF + b"nobody's")
    with town.store.transaction() as transaction:
        transaction.rows.command("UPDATE media SET key = NULL, state = 'failed' WHERE id > 2")
    return town


@pytest.fixture
def elsewhere(dialect: str, tmp_path: Path) -> Iterator[Place]:
    """No table, no file, an empty content folder."""
    folder = tmp_path / "elsewhere"
    (folder / "content").mkdir(parents=True)
    with database(dialect, folder, migrated=False) as store:
        yield Place(store, FileStore(f"file://{folder}/media"), folder / "content")
