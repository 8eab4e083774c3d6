"""Brings a backup back into an empty place. Knows no format of a database, and not where attachments lie."""

import asyncio
import os
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from bot.attachments.store import FileStore
from bot.backup import folder as folders
from bot.backup.manifest import Manifest, Part
from bot.backup.side_by_side import side_by_side
from storage.backup.copies import Copies, copies_of
from storage.engine import Store
from storage.errors import BackupRefused
from storage.migrations import knows

#: Where the town's content is afterwards. none: it used the sample; put: in CONTENT_DIR; same: it was there already;
#: other: CONTENT_DIR had files of its own, which were left; nowhere: CONTENT_DIR is not set.
WhereContent = Literal["none", "put", "same", "other", "nowhere"]

#: Named in a sentence; of the others only how many.
_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done; everything was counted and is as the manifest says."""

    manifest: Manifest
    #: Messages that waited to be sent when the backup was taken, and will not be.
    doubted: int
    content: WhereContent


async def restore(
    source: Path, store: Store, files: FileStore, content: Path | None, now: datetime, *, sends_waiting: bool = False
) -> Restored:
    """Check the backup, see that there is nothing yet, then put attachments, content and, last, the database.

    Where it fails, the place is empty again. content: the folder of CONTENT_DIR, None where it is not set.
    sends_waiting: what waited to be sent goes out; without it, it is uncertain: somebody may have sent it meanwhile.
    Raises BackupRefused, OthersAlive, StorageUnavailable and OSError.
    """
    manifest = folders.read_manifest(source)
    _refuse_misfit(manifest, store)
    if wrong := list(folders.wrong_parts(source, manifest)):
        more = f" and {len(wrong) - _NAMED} more" if len(wrong) > _NAMED else ""
        raise BackupRefused(f"The backup is damaged: {'; '.join(wrong[:_NAMED])}{more}.")
    copies = copies_of(store)
    copies.refuse_unless_empty()
    await _refuse_other_files(files, manifest)
    async with AsyncExitStack() as undo:
        undo.push_async_callback(_take_back_attachments, files, manifest)
        await _put_attachments(source, files, manifest)
        put = _put_content(source, content, manifest, undo)
        # For all the files at once: what the database names is on the disk before it.
        await asyncio.to_thread(os.sync)
        doubted = await asyncio.to_thread(_put_database, copies, source, manifest, None if sends_waiting else now)
        undo.pop_all()
    return Restored(manifest, doubted, put)


def _refuse_misfit(manifest: Manifest, store: Store) -> None:
    if manifest.dialect != store.dialect:
        raise BackupRefused(
            f"The backup is of {manifest.dialect}, and DATABASE_URL names {store.dialect}: a backup goes back into the"
            " kind of database that it came from."
        )
    if not knows(manifest.contents.revision):
        raise BackupRefused(
            f"The backup is of a later release (revision {manifest.contents.revision}, release {manifest.release})."
            " Restore it with that one."
        )


def _put_database(copies: Copies, source: Path, manifest: Manifest, doubted_at: datetime | None) -> int:
    return copies.restore(source / manifest.database.path, manifest.contents, doubted_at)


async def _refuse_other_files(files: FileStore, manifest: Manifest) -> None:
    """What an interrupted restore of the same backup left is in nobody's way."""
    others = await files.keys() - {part.path for part in manifest.attachments}
    if others:
        raise BackupRefused(
            f"The store of attachments (MEDIA_URL) has {len(others)} files of another instance. Give this one an empty"
            " folder."
        )


async def _put_attachments(source: Path, files: FileStore, manifest: Manifest) -> None:
    async def put(part: Part) -> None:
        await files.put(part.path, await asyncio.to_thread(folders.attachment(source, part.path).read_bytes))

    await side_by_side(put, manifest.attachments)
    if missing := {part.path for part in manifest.attachments} - await files.keys():
        raise BackupRefused(f"{len(missing)} attachments are not in the store after they were put there.")


async def _take_back_attachments(files: FileStore, manifest: Manifest) -> None:
    async def delete(part: Part) -> None:
        # What failed may be the store itself: whoever asked hears of that.
        with suppress(OSError):
            await files.delete(part.path)

    await side_by_side(delete, manifest.attachments)


def _put_content(source: Path, content: Path | None, manifest: Manifest, undo: AsyncExitStack) -> WhereContent:
    """A folder with files of its own is the town's, and left alone; what an interrupted restore left is made whole."""
    if manifest.content is None:
        return "none"
    if content is None:
        return "nowhere"
    found = {folders.part_of(file, path) for file, path in folders.files_in(content)}
    lacking = [part for part in manifest.content if part not in found]
    if not found <= set(manifest.content):
        return "other"
    for part in lacking:
        undo.callback((content / part.path).unlink, missing_ok=True)
        folders.write(content / part.path, (source / folders.CONTENT / part.path).read_bytes())
    return "put" if lacking else "same"
