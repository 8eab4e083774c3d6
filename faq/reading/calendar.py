"""Reads calendar.csv: the days that do not count. Knows nothing of terms or working hours."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from faq.model import Holiday
from faq.reading.files import read_text
from faq.reading.notes import Notes, parse_day

FILE: Final = "calendar.csv"
COLUMNS: Final = ("day", "reason", "source", "verified_on")

#: Terms that begin now may run this far.
_LOOK_AHEAD: Final = timedelta(days=90)


def read_calendar(folder: Path, notes: Notes, *, today: date) -> tuple[Holiday, ...]:
    """The days in order; columns `day`, `reason` and, as far as known, `source` and `verified_on`.

    Lines that begin with # are notes. Without the file no day is a holiday, and that is a warning.
    """
    path = folder / FILE
    if not path.exists():
        notes.warn(FILE, 0, "is missing: terms will count holidays as working days")
        return ()
    text = read_text(path, FILE, notes)
    if text is None:
        return ()
    found: dict[date, Holiday] = {}
    unverified = 0
    for line, row in _rows(text, notes):
        day = parse_day(row["day"])
        if day is None:
            notes.error(FILE, line, f"day must be a date such as 2026-01-31, not {row['day']!r}")
        elif day in found:
            notes.error(FILE, line, f"{day} is there twice: {found[day].reason!r} has it already")
        else:
            found[day] = Holiday(day, row["reason"], row["source"])
            unverified += not _is_verified(row["verified_on"], line, notes)
        if not row["reason"]:
            notes.error(FILE, line, "reason is empty: say why the day does not count")
    if unverified:
        notes.warn(
            FILE, 0, f"{unverified} of {len(found)} days have no verified_on: confirm them with the town's decree"
        )
    _note_bare_years(found, today, notes)
    return tuple(found[day] for day in sorted(found))


def _rows(text: str, notes: Notes) -> Iterator[tuple[int, dict[str, str]]]:
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip(" ,;\t")]
    lines = [(number, line) for number, line in lines if not line.lstrip().startswith("#")]
    if not lines:
        notes.error(FILE, 1, f"is empty: begin with the line {','.join(COLUMNS)}")
        return
    # Spreadsheets in Spanish may save with semicolons.
    delimiter = ";" if ";" in lines[0][1] and "," not in lines[0][1] else ","
    header = [name.strip().lower() for name in _cells(lines[0][1], delimiter)]
    if "day" not in header or "reason" not in header:
        notes.error(FILE, lines[0][0], f"the first line must name the columns: {','.join(COLUMNS)}")
        return
    for number, line in lines[1:]:
        cells = _cells(line, delimiter)
        if len(cells) > len(header):
            notes.error(FILE, number, f"has more than {len(header)} columns: put texts with commas in quotes")
            continue
        row = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        yield number, {column: row.get(column, "") for column in COLUMNS}


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter))
    except csv.Error:  # a field of more than 128 KB is no holiday
        return [""]


def _is_verified(written: str, line: int, notes: Notes) -> bool:
    if written and parse_day(written) is None:
        notes.error(FILE, line, f"verified_on must be a date such as 2026-01-31, not {written!r}")
    return bool(written)


def _note_bare_years(found: dict[date, Holiday], today: date, notes: Notes) -> None:
    years = {day.year for day in found}
    for year in sorted({today.year, (today + _LOOK_AHEAD).year} - years):
        notes.warn(FILE, 0, f"has no days of {year}: terms will count its holidays as working days")
