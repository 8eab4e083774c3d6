"""Owns the files of the content folder while the counter writes them: safe paths, whole writes, commits to git."""

import json
import os
import stat
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Final

#: Remembers, beside the files themselves, how far the changes of the chat were carried out in this folder.
MARK: Final = ".ventanilla-changes"
_GIT_SECONDS: Final = 20


class UnsafePath(ValueError):
    """A path that is no article below the content folder."""


class ContentFiles:
    """One content folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, path: str) -> str | None:
        """The text of an article's file as the counter reads it; None where there is none. Raises OSError."""
        try:
            return self._place(path).read_bytes().decode("utf-8-sig", "replace").replace("\r\n", "\n")
        except FileNotFoundError:
            return None

    def write(self, path: str, text: str | None) -> None:
        """Put a text in the place of the file, whole or not at all; None takes it away. Raises OSError.

        The town's files are nobody's secret: whoever reads the folder reads what is written here too.
        """
        place = self._place(path)
        if text is None:
            place.unlink(missing_ok=True)
            return
        self._make(place.parent)
        _replace(place, text)

    def applied(self, journal: str) -> int:
        """Id of the last change of a database that this folder has seen; 0 if none."""
        try:
            mark = json.loads((self.folder / MARK).read_text(encoding="utf-8"))
            return int(mark["applied"]) if mark["journal"] == journal else 0
        except (OSError, ValueError, KeyError, TypeError):
            return 0

    def note_applied(self, journal: str, change_id: int) -> None:
        """Remember it; a folder that cannot be written to forgets."""
        with suppress(OSError):
            _replace(self.folder / MARK, json.dumps({"journal": journal, "applied": change_id}))

    def commit(self, path: str, message: str) -> str | None:
        """Commit one file, where the folder is the root of a git repository; why that failed, or None."""
        if not (self.folder / ".git").exists():
            return None
        try:
            self._git("add", "--all", "--", path)
            if self._git("diff", "--cached", "--name-only", "--", path).strip():
                self._git("commit", "--quiet", "--author=Ventanilla <noreply>", f"--message={message}", "--", path)
        except (OSError, subprocess.SubprocessError) as error:
            return _reason(error)
        return None

    def _git(self, *arguments: str) -> str:
        command = ["git", "-c", "user.name=Ventanilla", "-c", "user.email=noreply", "-c", "commit.gpgsign=false"]
        done = subprocess.run(  # noqa: S603 - no shell; the path was made by us
            [*command, *arguments],
            cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True, timeout=_GIT_SECONDS,
            umask=0o777 & ~_mode(self.folder),
        )  # fmt: skip
        return done.stdout

    def _make(self, folder: Path) -> None:
        if folder.exists():
            return
        self._make(folder.parent)
        folder.mkdir(exist_ok=True)
        folder.chmod(_mode(folder.parent))

    def _place(self, path: str) -> Path:
        """Where the file lies. Raises UnsafePath for anything but an article below the folder."""
        parts = path.split("/")
        if not path.endswith(".md") or any(part in {"", "..", "."} or part.startswith(".") for part in parts):
            raise UnsafePath(path)
        place = self.folder / path
        if "\\" in path or "\0" in path or not place.resolve().is_relative_to(self.folder.resolve()):
            raise UnsafePath(path)
        return place


def _replace(place: Path, text: str) -> None:
    """Write beside it, make sure of it, and put it in its place in one step."""
    beside = place.with_name(f".{place.name}.{os.getpid()}.new")
    try:
        with beside.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fchmod(file.fileno(), _mode(place if place.exists() else place.parent) & 0o666)
            os.fsync(file.fileno())
        beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _mode(place: Path) -> int:
    """Who may read and write it."""
    return stat.S_IMODE(place.stat().st_mode)


def _reason(error: Exception) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        lines = (error.stderr or error.stdout or "").strip().splitlines()
        return lines[-1][:200] if lines else f"git ended with {error.returncode}"
    return str(error)[:200]
