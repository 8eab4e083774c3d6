"""What the counter keeps is read by nobody else on the machine; what the town writes stays as readable as it was."""

import asyncio
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.content.folder import ContentFiles
from tests.harness import ROOT, command_environment, free_port, server_process
from tests.web.person import WebPerson

PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture
def open_hands() -> Iterator[None]:
    """As most machines are set: everybody may read what is made."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def open_to_others(folder: Path) -> list[str]:
    found = [folder, *folder.rglob("*")]
    return [str(path) for path in found if stat.S_IMODE(path.lstat().st_mode) & 0o077]


@pytest.mark.usefixtures("open_hands")
async def test_what_the_server_keeps_is_its_own(content: Path, tmp_path: Path):
    """The database with all that belongs to it, its folder, and the attachments."""
    async with server_process(tmp_path, port=free_port(), CONTENT_DIR=str(content)) as server:
        async with WebPerson(server.url) as ana:
            await ana.sends_document(PDF)
            await ana.reads(1)
        kept = [path.name for path in (tmp_path / "var").rglob("*") if path.is_file()]
        assert "ventanilla.db" in kept
        assert "ventanilla.db-wal" in kept
        assert any(len(name) == 32 for name in kept)
        assert open_to_others(tmp_path / "var") == []


@pytest.mark.usefixtures("open_hands")
async def test_what_the_command_line_makes_is_its_own(tmp_path: Path):
    """It may be the first to make the database."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "migrate", cwd=ROOT, env=command_environment(tmp_path), stdout=subprocess.DEVNULL
    )
    assert await process.wait() == 0
    assert (tmp_path / "var" / "ventanilla.db").is_file()
    assert open_to_others(tmp_path / "var") == []


def test_the_towns_files_stay_as_readable_as_they_were(tmp_path: Path):
    """Editors of the folder are other users than the counter; its history in git is theirs too."""
    folder = tmp_path / "content"
    folder.mkdir()
    folder.chmod(0o775)
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    before = os.umask(0o077)
    try:
        files = ContentFiles(folder)
        (folder / "es").mkdir()
        (folder / "es").chmod(0o755)
        old = folder / "es" / "old.md"
        old.write_text("a")
        old.chmod(0o664)
        files.write("es/old.md", "b")
        files.write("es/new.md", "c")
        files.write("en/articles/new.md", "d")
        assert files.commit("es/old.md", "why") is None
    finally:
        os.umask(before)

    def mode(path: str) -> int:
        return stat.S_IMODE((folder / path).stat().st_mode)

    assert [mode("es/old.md"), mode("es/new.md"), mode("en/articles/new.md")] == [0o664, 0o644, 0o664]
    assert [mode("en"), mode("en/articles")] == [0o775, 0o775]
    blobs = [path for path in (folder / ".git" / "objects").rglob("*") if path.is_file()]
    assert blobs
    assert all(stat.S_IMODE(path.stat().st_mode) & 0o044 for path in blobs)
