"""The note of what is being sent outlives the process, and is believed only where it can be."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.outbound import begun as notes
from bot.outbound.begun import PLACES, BegunSends, Predecessor


def opened(path: Path, owner: str = "0123456789abcdef") -> tuple[BegunSends, Predecessor | None]:
    note = BegunSends(owner)
    return note, note.open(path)


def test_what_had_begun_and_was_not_settled_is_found_again(tmp_path: Path):
    first, before = opened(tmp_path / "sending", "a" * 16)
    assert before is None
    for row_id in (7, 8, 2**40):
        first.begin(row_id)
    first.end([8, 4711])
    first.close()
    second, left = opened(tmp_path / "sending", "b" * 16)
    assert left == Predecessor("a" * 16, frozenset({7, 2**40}))
    second.close()
    _, left = opened(tmp_path / "sending")
    assert left == Predecessor("b" * 16, frozenset())


def test_a_process_that_is_killed_leaves_its_note(tmp_path: Path):
    """Nothing is written to the disk for it, and SIGKILL asks nobody."""
    program = (
        "import os, pathlib, signal, sys; from bot.outbound.begun import BegunSends;"
        "note = BegunSends('c' * 16); note.open(pathlib.Path(sys.argv[1]));"
        "[note.begin(number) for number in range(1, 6)]; note.end([2]); os.kill(os.getpid(), signal.SIGKILL)"
    )
    ended = subprocess.run([sys.executable, "-c", program, str(tmp_path / "sending")], check=False, timeout=60)
    assert ended.returncode == -signal.SIGKILL
    _, left = opened(tmp_path / "sending")
    assert left == Predecessor("c" * 16, frozenset({1, 3, 4, 5}))


def test_a_process_that_is_alive_keeps_its_note_to_itself(tmp_path: Path):
    """Two of them with one folder: the second sends without a note, and what it claims counts as begun."""
    first, _ = opened(tmp_path / "sending", "a" * 16)
    first.begin(1)
    second, left = opened(tmp_path / "sending", "b" * 16)
    assert left is None
    second.begin(2)
    second.end([2])
    second.close()
    first.close()
    _, left = opened(tmp_path / "sending")
    assert left == Predecessor("a" * 16, frozenset({1}))


def test_a_note_from_before_the_machine_went_down_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    first, _ = opened(tmp_path / "sending")
    first.begin(1)
    first.close()
    other = tmp_path / "boot_id"
    other.write_text("another start of the machine")
    monkeypatch.setattr(notes, "_BOOT_ID", other)
    assert opened(tmp_path / "sending")[1] is None


@pytest.mark.parametrize("content", [b"", b"short", os.urandom(9000)])
def test_a_damaged_note_is_not_believed(tmp_path: Path, content: bytes):
    (tmp_path / "sending").write_bytes(content)
    note, left = opened(tmp_path / "sending")
    assert left is None
    note.begin(1)
    note.close()
    assert opened(tmp_path / "sending")[1] == Predecessor("0123456789abcdef", frozenset({1}))


def test_more_than_can_be_noted_makes_the_note_worth_nothing(tmp_path: Path):
    """Rather all in doubt than one that is sent twice without anybody knowing."""
    note, _ = opened(tmp_path / "sending")
    for row_id in range(1, PLACES + 2):
        note.begin(row_id)
    note.close()
    assert opened(tmp_path / "sending")[1] is None


def test_where_there_is_no_writing_all_goes_on_without(tmp_path: Path):
    note, left = opened(tmp_path / "no such folder" / "sending")
    assert left is None
    note.begin(1)
    note.end([1])
    note.close()
