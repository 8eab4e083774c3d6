"""Owns `backup` and `restore`. Knows what to tell, not what a backup is made of."""

import argparse
import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.backup.manifest import Manifest
from bot.backup.restore import Restored, restore
from bot.backup.take import take
from bot.cli.terminal import complain, say
from bot.clock import SystemClock
from bot.opening import open_database, open_files
from bot.settings import settings
from bot.settings.settings import SAMPLE_TOWN, Settings
from storage.engine import Store
from storage.errors import BackupRefused, StorageUnavailable

if TYPE_CHECKING:
    from argparse import _SubParsersAction

_BACKUP: Final = """\
Copy the database, the attachments and the town's content into a new folder, while the counter runs.

The folder is there when all of it is written, and not before. It holds names, telephone numbers and what people wrote:
keep it as you keep the database. PostgreSQL is copied by its own pg_dump, which must not be older than the server.
"""

_RESTORE: Final = """\
Check a backup and bring it back into an empty place: DATABASE_URL without tables, MEDIA_URL without files. The town's
content goes into CONTENT_DIR where that is an empty folder. Everything is counted afterwards.

What waited to be sent when the backup was taken may have been sent since. It is not sent again: it counts as uncertain.
"""
_SEND_WAITING: Final = "send it all the same: the first instance ended before the backup and sends nothing any more"

_CONTENT: Final = {
    "none": "The town used the sample content, which comes with the program.",
    "put": "The town's content is in CONTENT_DIR.",
    "same": "The town's content was in CONTENT_DIR already.",
    "other": "CONTENT_DIR has files of its own, which were left as they are. The backup's are in {folder}.",
    "nowhere": "CONTENT_DIR is not set, so the town's content was put nowhere. It is in {folder}.",
}


def add_commands(commands: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add them to the parser."""
    as_written = argparse.RawDescriptionHelpFormatter
    backing_up = commands.add_parser(
        "backup", help="copy everything into a folder", description=_BACKUP, formatter_class=as_written
    )
    backing_up.add_argument("folder", metavar="DIR", type=Path, help="a new folder, or an empty one")
    backing_up.set_defaults(run=run_backup)
    restoring = commands.add_parser(
        "restore", help="bring a backup back into an empty place", description=_RESTORE, formatter_class=as_written
    )
    restoring.add_argument("folder", metavar="DIR", type=Path, help="a folder that `backup` wrote")
    restoring.add_argument("--send-waiting", action="store_true", help=_SEND_WAITING)
    restoring.set_defaults(run=run_restore)


def run_backup(options: argparse.Namespace) -> int:
    """Take one backup."""
    target = options.folder.absolute()

    def work(wanted: Settings, store: Store) -> None:
        files = open_files(wanted)
        say(*_taken(asyncio.run(take(target, store, files, _content(wanted), SystemClock().now())), target))

    return _telling_failures(work, "Nothing was kept of the backup.")


def run_restore(options: argparse.Namespace) -> int:
    """Restore one backup."""
    source = options.folder.absolute()

    def work(wanted: Settings, store: Store) -> None:
        sends_waiting, now = options.send_waiting, SystemClock().now()
        files = open_files(wanted)
        say(
            *_restored(
                asyncio.run(restore(source, store, files, _content(wanted), now, sends_waiting=sends_waiting)), source
            )
        )

    return _telling_failures(work, "Nothing was restored.")


def _telling_failures(work: Callable[[Settings, Store], None], state: str) -> int:
    wanted = settings.read()
    store = open_database(wanted)
    try:
        work(wanted, store)
    except BackupRefused as refused:
        complain(f"{refused} {state}")
    except StorageUnavailable as error:
        complain(f"The database does not let itself be copied ({error}). {state}")
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        complain(f"{where}{error.strerror or error}. {state}")
    else:
        return 0
    finally:
        store.close()
    return 1


def _content(wanted: Settings) -> Path | None:
    return None if wanted.content_dir == SAMPLE_TOWN else wanted.content_dir


def _taken(manifest: Manifest, folder: Path) -> Iterator[str]:
    yield f"Backed up to {folder}: {_what(manifest)}."
    if manifest.missing:
        yield f"{len(manifest.missing)} attachments that rows name are not in the store; manifest.json lists them."


def _restored(done: Restored, folder: Path) -> Iterator[str]:
    manifest = done.manifest
    yield f"Restored from {folder}, taken {manifest.taken_at:%Y-%m-%d %H:%M} UTC: {_what(manifest)}."
    yield "Every checksum was right, and everything was counted: it is as the backup's manifest says."
    if manifest.missing:
        yield f"{len(manifest.missing)} attachments were gone when the backup was taken; manifest.json lists them."
    yield _CONTENT[done.content].format(folder=folder / "content")
    if done.doubted:
        yield (
            f"{done.doubted} messages waited to be sent. They may have been sent since, so they will not be:"
            " they count as uncertain."
        )


def _what(manifest: Manifest) -> str:
    size = manifest.database.size + sum(part.size for part in manifest.attachments)
    parts = [
        f"{manifest.rows:,} rows in {len(manifest.contents.rows)} tables ({manifest.dialect}, revision"
        f" {manifest.contents.revision})",
        f"{len(manifest.attachments):,} attachments",
        *([f"{len(manifest.content):,} files of content"] if manifest.content is not None else []),
    ]
    return f"{', '.join(parts)}; {size / 1_000_000:.1f} MB"
