"""What a backup says of itself. Knows no database and no store of attachments."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any, Final

from storage.backup.contents import Contents
from storage.errors import BackupRefused

#: Of the manifest; a later one may mean something else.
FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a backup."""

    #: Below the part's own folder, with slashes; of an attachment its key.
    path: str
    #: Bytes.
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything that is in a backup."""

    #: Which release of the product made it.
    release: str
    taken_at: datetime
    #: sqlite or postgresql.
    dialect: str
    contents: Contents
    database: Part
    attachments: Sequence[Part]
    #: Named by rows, and not in the store any more when it was read.
    missing: Sequence[str]
    #: The town's own content folder; None where it used the sample.
    content: Sequence[Part] | None

    @property
    def rows(self) -> int:
        """In all tables."""
        return sum(self.contents.rows.values())


def to_json(manifest: Manifest) -> str:
    """As it is written beside the parts."""
    said = {
        "format": FORMAT,
        "release": manifest.release,
        "taken_at": manifest.taken_at.isoformat(),
        "dialect": manifest.dialect,
        "revision": manifest.contents.revision,
        "rows": dict(manifest.contents.rows),
        "database": asdict(manifest.database),
        "attachments": [asdict(part) for part in manifest.attachments],
        "missing": list(manifest.missing),
        "content": None if manifest.content is None else [asdict(part) for part in manifest.content],
    }
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def from_json(text: str) -> Manifest:
    """Raises BackupRefused for anything that is no manifest of ours."""
    try:
        said: Mapping[str, Any] = json.loads(text)
        if said["format"] != FORMAT:
            raise BackupRefused("The backup was made by a later release. Restore it with that one.")
        rows = {str(name): int(count) for name, count in said["rows"].items()}
        return Manifest(
            release=str(said["release"]),
            taken_at=datetime.fromisoformat(said["taken_at"]),
            dialect=str(said["dialect"]),
            contents=Contents(str(said["revision"]), rows),
            database=_part(said["database"]),
            attachments=tuple(map(_part, said["attachments"])),
            missing=tuple(map(str, said["missing"])),
            content=None if said["content"] is None else tuple(_inside(said["content"])),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupRefused("manifest.json is broken, or is not of a backup of ours.") from error


def _inside(said: Sequence[Mapping[str, Any]]) -> Iterator[Part]:
    for part in map(_part, said):
        path = PurePosixPath(part.path)
        if path.is_absolute() or ".." in path.parts:
            raise ValueError(part.path)
        yield part


def _part(said: Mapping[str, Any]) -> Part:
    return Part(str(said["path"]), int(said["size"]), str(said["sha256"]))
