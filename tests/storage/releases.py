"""The releases that a database lives through: those that were, the present one, and made-up next ones."""

import shutil
from pathlib import Path

from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection

from storage.engine import Store
from storage.migrations import VERSIONS, config, upgrade

_NEXT = Path(__file__).resolve().parents[1] / "fixtures" / "revisions"

#: What a made-up revision calls itself.
NEXT = "next"


def revisions() -> list[Script]:
    """All that were written, the first one first."""
    return list(ScriptDirectory.from_config(config()).walk_revisions())[::-1]


#: The newest one.
HEAD: str = revisions()[-1].revision


def next_versions(folder: Path, name: str) -> Path:
    """A folder with all revisions and a made-up one that follows."""
    versions = folder / "versions"
    shutil.copytree(VERSIONS, versions, ignore=shutil.ignore_patterns("__pycache__"))
    add_revision(versions, name)
    return versions


def add_revision(versions: Path, name: str) -> None:
    """Put a made-up revision into a folder, as the one that follows."""
    text = (_NEXT / f"{name}.py").read_text(encoding="utf-8")
    (versions / f"{NEXT}.py").write_text(text.replace('"HEAD"', repr(HEAD)), encoding="utf-8")


def bring_to(store: Store, revision: str, versions: Path = VERSIONS) -> None:
    """Migrate as far as a revision; "base" is before the first."""
    if revision == "base":
        return
    with store._rebuilding() as connection:
        upgrade(connection, store._presence, revision=revision, versions=versions)


def stands_at(connection: Connection) -> str | None:
    """The revision of a database."""
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return None if found is None else str(found)
