"""Takes a backup while the counter runs. Knows no format of a database, and not where attachments lie."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bot import RELEASE
from bot.attachments.store import FileStore, is_key
from bot.backup import folder as folders
from bot.backup.manifest import Manifest, Part
from bot.backup.side_by_side import side_by_side
from storage.backup.copies import copies_of
from storage.engine import Store


async def take(target: Path, store: Store, files: FileStore, content: Path | None, now: datetime) -> Manifest:
    """Copy database, attachments and the town's content into a new folder, in this order.

    Whatever a row names was in the store when the row was copied; what was deleted since is named as missing.
    content: the town's folder, None for the sample. Raises BackupRefused, StorageUnavailable and OSError.
    """
    with folders.new_folder(target) as folder:
        copies = copies_of(store)
        database = folder / copies.file_name
        copied = await asyncio.to_thread(copies.write, database)
        database.chmod(0o600)
        attachments, missing = await _copy_attachments(folder, files, filter(is_key, copied.files))
        manifest = Manifest(
            release=RELEASE,
            taken_at=now,
            dialect=store.dialect,
            contents=copied.contents,
            database=folders.part_of(database, copies.file_name),
            attachments=attachments,
            missing=missing,
            content=None if content is None else _copy_content(folder, content),
        )
        folders.write_manifest(folder, manifest)
    return manifest


async def _copy_attachments(
    folder: Path, files: FileStore, keys: Iterable[str]
) -> tuple[Sequence[Part], Sequence[str]]:
    """What was copied, and the keys of what is gone; in the order of the keys."""
    parts: list[Part] = []
    missing: list[str] = []

    async def copy(key: str) -> None:
        try:
            content = await files.read(key)
        except FileNotFoundError:
            missing.append(key)
            return
        part = await asyncio.to_thread(folders.write, folders.attachment(folder, key), content)
        parts.append(replace(part, path=key))

    await side_by_side(copy, keys)
    return tuple(sorted(parts, key=lambda part: part.path)), tuple(sorted(missing))


def _copy_content(folder: Path, content: Path) -> Sequence[Part]:
    return tuple(
        replace(folders.write(folder / folders.CONTENT / path, file.read_bytes()), path=path)
        for file, path in folders.files_in(content)
    )
