"""The folder of a backup: written whole or not at all, and only for its owner's eyes. Knows not what is in it."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bot.backup.manifest import Manifest, Part, from_json, to_json
from storage.errors import BackupRefused

ATTACHMENTS: Final = "attachments"
CONTENT: Final = "content"
_MANIFEST: Final = "manifest.json"


def attachment(folder: Path, key: str) -> Path:
    """Where an attachment lies in a backup."""
    return folder / ATTACHMENTS / key[:2] / key


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """A folder beside `target`, which takes its place when all is written and on the disk; gone if anything fails.

    Raises BackupRefused where there is something already, and OSError.
    """
    if target.is_symlink() or (target.exists() and not (target.is_dir() and not any(target.iterdir()))):
        raise BackupRefused(f"{target} is there already and not an empty folder. Give each backup a folder of its own.")
    target.parent.mkdir(parents=True, exist_ok=True)
    # Readable by its owner only.
    made = Path(tempfile.mkdtemp(prefix=f"{target.name}.partial-", dir=target.parent))
    try:
        yield made
        for folder, _, _ in os.walk(made):
            _wait_for_disk(Path(folder))
        made.rename(target)
        _wait_for_disk(target.parent)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise


def write(file: Path, content: bytes) -> Part:
    """A new file with its folders, on the disk when this returns; the part that it is, without its path."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    return Part("", len(content), hashlib.sha256(content).hexdigest())


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """The last file: a folder without it is no backup."""
    write(folder / _MANIFEST, to_json(manifest).encode())


def read_manifest(folder: Path) -> Manifest:
    """Raises BackupRefused where there is none, or a broken one."""
    try:
        return from_json((folder / _MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise BackupRefused(f"{folder} is no backup: there is no {_MANIFEST} in it.") from error
    except UnicodeDecodeError as error:
        raise BackupRefused(f"{folder / _MANIFEST} is broken.") from error


def part_of(file: Path, path: str) -> Part:
    """What lies at `file`, under the name of `path`."""
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256")
        return Part(path, opened.tell(), digest.hexdigest())


def wrong_parts(folder: Path, manifest: Manifest) -> Iterator[str]:
    """The files of a backup that are not what they were, each as a part of a sentence. Raises OSError."""
    wanted = [(folder / manifest.database.path, manifest.database)]
    wanted += [(attachment(folder, part.path), part) for part in manifest.attachments]
    wanted += [(folder / CONTENT / part.path, part) for part in manifest.content or ()]
    for file, part in wanted:
        if not file.is_file():
            yield f"{file.relative_to(folder)} is not there"
        elif part_of(file, part.path) != part:
            yield f"{file.relative_to(folder)} is not what was written"


def files_in(folder: Path) -> Iterator[tuple[Path, str]]:
    """Every file below a folder with its path, in order; hidden ones (.git) are left out. Links are followed."""
    for where, folders, names in os.walk(folder, followlinks=True):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(where) / name
            if not name.startswith(".") and file.is_file():
                yield file, file.relative_to(folder).as_posix()


def _wait_for_disk(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
