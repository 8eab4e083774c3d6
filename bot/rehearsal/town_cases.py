"""Owns what a content check says of the conversations that a town keeps with its content."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bot.rehearsal.cases import CaseFile, read_cases
from bot.rehearsal.rehearse import Result, rehearse
from bot.rehearsal.telling import one_line
from faq.model import Problem
from handlers.town.town import Town

#: Below the content folder.
FILE: Final = "es/conversations.yaml"


def read_own(folder: Path) -> CaseFile:
    """The town's own cases; none where it keeps none."""
    path = folder / FILE
    return read_cases(path, FILE) if path.exists() else CaseFile()


def fails(file: CaseFile, town: Town) -> Iterator[Problem]:
    """A mistake for each case that comes out otherwise; warnings as long as they are no more than are known to."""
    failed = [result for result in rehearse(town, file.cases) if not result.verdict.is_right]
    is_error = len(failed) > file.failing
    yield from (_problem(result, is_error=is_error) for result in failed)
    if len(failed) < file.failing:
        message = f"failing says {file.failing}, and {len(failed)} fail: write {len(failed)}"
        yield Problem(FILE, file.failing_line, message, is_error=False)


def _problem(result: Result, *, is_error: bool) -> Problem:
    return Problem(FILE, result.case.line, one_line(result), is_error=is_error)
