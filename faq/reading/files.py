"""Files into texts and YAML: what cannot be read is noted with its line. Knows nothing of what the files mean."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import yaml

from faq.reading.notes import Item, Notes

#: The one written in C, where PyYAML has it.
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

#: More than the places of a whole state; whoever copies a film into the folder stops nothing.
_BYTES_AT_MOST: Final = 32 * 1024 * 1024


def files_below(folder: Path, ending: str) -> Iterator[Path]:
    """The files below a folder in order of their names, without the hidden ones that editors leave."""
    for path in sorted(folder.rglob(f"*{ending}")):
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts):
            yield path


def read_text(path: Path, file: str, notes: Notes) -> str | None:
    """The text of a file, a byte order mark dropped; None, with a note, where it cannot be read as UTF-8."""
    try:
        if path.stat().st_size > _BYTES_AT_MOST:
            notes.error(file, 0, f"has more than {_BYTES_AT_MOST // 1024 // 1024} MB: nothing of it is read")
            return None
        content = path.read_bytes()
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        notes.error(file, 0, f"cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        notes.error(file, line, "has a character that is not UTF-8: save the file as UTF-8")
    return None


def parse_yaml(text: str, file: str, notes: Notes, *, offset: int = 0) -> Item | None:
    """The YAML of a text; None, with a note on the line where it breaks, or without one where it is empty."""
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = (mark.line + 1 if mark else 0) + offset
        notes.error(file, line, f'cannot be read as YAML: {_reason(error)}; texts with : # {{ }} need "quotes"')
        return None
    except (yaml.YAMLError, RecursionError) as error:
        notes.error(file, offset + 1, f"cannot be read as YAML: {str(error).splitlines()[0]}")
        return None
    return None if node is None else Item(node, file, notes, Path(file).name, offset)


def read_yaml(path: Path, folder: Path, notes: Notes) -> Item | None:
    """The YAML of a file below the content folder; None, with a note, where it cannot be read."""
    file = path.relative_to(folder).as_posix()
    text = read_text(path, file, notes)
    return None if text is None else parse_yaml(text, file, notes)


def required_yaml(folder: Path, file: str, notes: Notes) -> Item | None:
    """The YAML of a file that every town needs; None, with a note, where it is missing, empty or broken."""
    if not (folder / file).exists():
        notes.error(file, 0, "is missing: every town needs one")
        return None
    before = len(notes.problems)
    root = read_yaml(folder / file, folder, notes)
    if root is None and len(notes.problems) == before:
        notes.error(file, 0, "is empty")
    return root


def _reason(error: yaml.MarkedYAMLError) -> str:
    return ", ".join(part for part in (error.context, error.problem) if part)
